from __future__ import annotations

from typing import Any

import pytest

from awsit.actions.http_call.body import encode_body
from awsit.actions.http_call.encoding import encode_query
from awsit.actions.http_call.params import HttpCallParams
from awsit.actions.http_call.utf8 import in_utf8
from awsit.errors import ActionError, ErrorKind

HALF = "x\ud83dy"


class NoFiles:
    """A `FileSource` that is not to be asked."""

    def read(self, name: str) -> bytes:
        raise AssertionError(name)


NO_FILES = NoFiles()


def test_text_goes_out_as_utf_8() -> None:
    assert in_utf8("ä", "body") == "ä".encode()


def test_what_utf_8_cannot_hold_is_refused_with_its_place() -> None:
    with pytest.raises(ActionError) as error:
        in_utf8(HALF, "query.q")
    assert error.value.kind is ErrorKind.VALIDATION
    assert error.value.message == (
        "`query.q` holds `\\ud83d`, half of a surrogate pair, at character 2, which UTF-8 cannot hold"
    )
    assert error.value.hint == "send it as JSON, which can, or take it out"


@pytest.mark.parametrize("body", [{"body": HALF}, {"form": {"f": HALF}}, {"form": {HALF: "f"}}])
def test_a_body_of_text_cannot_carry_it(body: dict[str, Any]) -> None:
    with pytest.raises(ActionError, match="which UTF-8 cannot hold"):
        encode_body(HttpCallParams(url="http://orders.test/", method="POST", **body), NO_FILES)


def test_a_query_cannot_carry_it() -> None:
    with pytest.raises(ActionError, match=r"`query\.q`"):
        encode_query({"q": ["fine", HALF]})


def test_json_carries_it_as_its_escape() -> None:
    params = HttpCallParams(url="http://orders.test/", method="POST", body={HALF: [HALF]})
    encoded = encode_body(params, NO_FILES)
    assert (encoded.content, encoded.content_type) == (b'{"x\\ud83dy":["x\\ud83dy"]}', "application/json")

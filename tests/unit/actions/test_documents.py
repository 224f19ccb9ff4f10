from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from awsit.actions.documents import from_bytes, from_text, message_attributes, to_bytes, to_text
from awsit.errors import ActionError, ErrorKind


@pytest.mark.parametrize(
    ("value", "text"),
    [("text", "text"), ({"n": Decimal("1.50")}, '{"n":1.50}'), ([1], "[1]"), (7, "7"), (True, "true"), ("", "")],
)
def test_text_is_sent_as_it_is_and_all_else_as_json(value: Any, text: str) -> None:
    assert to_text(value, "body") == text


@pytest.mark.parametrize(
    ("value", "said"), [({"n": Decimal("NaN")}, "`body` cannot be written as JSON"), ("\ud83d", "which UTF-8 cannot")]
)
def test_what_no_body_can_hold_is_refused(value: Any, said: str) -> None:
    with pytest.raises(ActionError, match=said) as caught:
        to_text(value, "body")

    assert caught.value.kind is ErrorKind.VALIDATION


@pytest.mark.parametrize("text", ["007", "true", "null", "", "{not json", '"quoted"', "1e999"])
def test_text_that_is_no_list_or_mapping_stays_text(text: str) -> None:
    assert from_text(text) == text


def test_documents_keep_every_digit() -> None:
    assert from_text('{"total": 1.50}') == {"total": Decimal("1.50")}
    assert str(from_text("[1.50]")[0]) == "1.50"


def test_bytes_that_are_no_text_are_base64() -> None:
    assert from_bytes(b'[1, "a"]') == [1, "a"]
    assert from_bytes(b"\xff\x00") == {"$base64": "/wA="}


@pytest.mark.parametrize("content", [b"\xff\x00", b""])
def test_bytes_come_back_as_they_were_shown(content: bytes) -> None:
    shown = from_bytes(content) if content else {"$base64": ""}

    assert to_bytes(shown, "body") == content
    assert message_attributes({"a": shown, "b": 1, "c": None}) == {
        "a": {"DataType": "Binary", "BinaryValue": content},
        "b": {"DataType": "Number", "StringValue": "1"},
    }


def test_what_only_looks_like_bytes_is_json() -> None:
    assert to_bytes({"$base64": "/wA=", "n": 1}, "body") == b'{"$base64":"/wA=","n":1}'
    assert to_bytes({"$base64": 7}, "body") == b'{"$base64":7}'


def test_what_is_no_base64_is_refused() -> None:
    with pytest.raises(ActionError, match=r"`records\[0\].data` is not base64"):
        to_bytes({"$base64": "/wA"}, "records[0].data")

"""Forms in parts; Python's own parser of MIME is the judge of what is sent."""

from email.parser import BytesParser
from email.policy import HTTP
from typing import Any

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.errors import ActionError
from awsit.model.action.abilities import ReadsFiles
from awsit.model.files import digest_of
from awsit.model.http import HttpRequest

URL = "https://api.example.com/photos"
PNG = b"\x89PNG\r\n\x1a\n--\r\n\x00"


class Files:
    """A `FileSource` with one file."""

    def read(self, name: str) -> bytes:
        return {"data/photo.png": PNG}[name]


def parts_of(request: HttpRequest) -> list[Any]:
    content_type = request.headers["Content-Type"].encode()
    assert request.body is not None
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type + b"\r\n\r\n" + request.body)
    return list(message.iter_parts())


def sent(bench: Any, *parts: Any, **params: Any) -> HttpRequest:
    bench.run("http_call", {"url": URL, "method": "POST", "multipart": list(parts), **params}, files=Files())
    return bench.http.requests[0]


def test_values_files_and_bytes_are_parts_in_their_order(bench: Any) -> None:
    request = sent(
        bench,
        {"name": "title", "value": "ä"},
        {"name": "photo", "file": "data/photo.png", "headers": {"X-Part": 1}},
        {"name": "title", "value": 2},
        {"name": "meta", "value": {"a": [1]}},
        {"name": "raw", "base64": "AAE=", "content_type": "application/x-raw", "filename": "r"},
    )

    parts = parts_of(request)
    assert [part.get_param("name", header="content-disposition") for part in parts] == [
        "title",
        "photo",
        "title",
        "meta",
        "raw",
    ]
    assert [part.get_payload(decode=True) for part in parts] == ["ä".encode(), PNG, b"2", b'{"a":[1]}', b"\x00\x01"]
    assert [part["content-type"] for part in parts] == [
        None,
        "image/png",
        None,
        "application/json",
        "application/x-raw",
    ]
    assert [part.get_filename() for part in parts] == [None, "photo.png", None, None, "r"]
    assert parts[1]["x-part"] == "1"


@pytest.mark.parametrize(
    ("name", "written"),
    [('a"b', b'name="a%22b"'), ("ä", 'name="ä"'.encode()), ("a\r\nb", b'name="a%0D%0Ab"'), ("a\\b", b'name="a\\b"')],
)
def test_names_are_written_as_browsers_write_them(bench: Any, name: str, written: bytes) -> None:
    """WHATWG HTML, "multipart/form-data encoding algorithm"."""
    request = sent(bench, {"name": name, "value": "x"}, {"name": "f", "file": "data/photo.png", "filename": name})

    assert request.body is not None
    assert b"form-data; " + written in request.body
    assert b"file" + written in request.body


def test_a_report_shows_the_parts_and_of_a_file_no_content(bench: Any) -> None:
    done = bench.run(
        "http_call",
        {"url": URL, "multipart": [{"name": "p", "file": "data/photo.png"}, {"name": "t", "value": "x"}]},
        files=Files(),
    )

    assert done.request["headers"]["Content-Type"] == "multipart/form-data"
    photo, title = done.request["body"]["multipart"]
    assert title == {"name": "t", "value": "x"}
    assert photo == {
        "name": "p",
        "file": "data/photo.png",
        "bytes": len(PNG),
        "digest": digest_of(PNG),
        "filename": "photo.png",
        "content_type": "image/png",
    }


@pytest.mark.parametrize(
    ("part", "message"),
    [
        ({"name": "p"}, "exactly one of"),
        ({"name": "p", "value": "a", "file": "b"}, "exactly one of"),
        (
            {"name": "p", "base64": "?"},
            "`base64` is not base64: Only base64 data is allowed (at `multipart[0].base64`)",
        ),
        ({"name": "p", "value": "a", "content_type": "a\r\nB: c"}, "line break"),
        ({"name": "p", "value": "a", "headers": {"A": "x\ny"}}, "line break"),
        ({"name": "p", "value": "a", "headers": {"Content-Type": "x"}}, "has the header Content-Type"),
    ],
)
def test_what_cannot_be_a_part_is_refused(bench: Any, part: Any, message: str) -> None:
    error: ActionError = bench.refused("http_call", {"url": URL, "multipart": [part]}, files=Files())

    assert message in error.message


def test_the_boundary_is_not_the_scenarios(bench: Any) -> None:
    params = {"url": URL, "headers": {"content-type": "multipart/mixed"}, "multipart": [{"name": "a", "value": "b"}]}

    assert "boundary" in bench.refused("http_call", params).message


def test_the_action_says_which_params_name_files() -> None:
    action = BY_TYPE["http_call"]
    assert isinstance(action, ReadsFiles)

    named = action.named_files({"multipart": [{"name": "a", "value": 1}, {"file": "x"}, 3, {"file": 7}]})

    assert list(named) == [("multipart[1].file", "x"), ("multipart[3].file", 7)]
    assert list(action.named_files({"multipart": "{{ vars.parts }}"})) == []


@pytest.mark.parametrize(
    "part",
    [
        {"name": "a\ud83d", "value": "x"},
        {"name": "a", "value": "x\ud83d"},
        {"name": "a", "value": "x", "filename": "\udc80.txt"},
    ],
)
def test_text_that_utf_8_cannot_hold_is_refused(bench: Any, part: dict[str, str]) -> None:
    with pytest.raises(ActionError, match="which UTF-8 cannot hold"):
        sent(bench, part)

"""The form of a curl line as `multipart`. That it is sent as curl sends it, `tests/authorities` shows."""

from pathlib import Path

import pytest

from awsit.cli.drafts.curl.scenario import draft_of_curl
from awsit.cli.drafts.destination import Destination


@pytest.fixture(autouse=True)
def files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("content")
    (tmp_path / "a.bin").write_bytes(b"\x00\xff")
    (tmp_path / "scenarios").mkdir()


def draft(options: str, *, root: Path | None):
    return draft_of_curl(f"curl https://api.test/ {options}", "", Destination(Path("scenarios"), root))


@pytest.mark.parametrize(
    ("options", "part"),
    [
        ("-F 'f=@a.txt'", {"file": "../a.txt"}),
        ("-F 'f=@a.txt;type=text/plain'", {"file": "../a.txt"}),
        ("-F 'f=@a.bin'", {"file": "../a.bin", "content_type": "application/octet-stream"}),
        (
            "-F 'f=@a.txt;filename=b.csv'",
            {"file": "../a.txt", "filename": "b.csv", "content_type": "text/plain"},
        ),
        ("-F 'f=<a.txt'", {"value": "content"}),
        ("-F 'f=v;type=a/b;headers=\"X-A: 1\"'", {"value": "v", "headers": {"X-A": "1"}, "content_type": "a/b"}),
        ("--form-string 'f=@v;type=a/b'", {"value": "@v;type=a/b"}),
    ],
)
def test_a_part_of_the_form(options: str, part: dict) -> None:
    made = draft(options, root=Path())
    assert made.document["actions"][0]["params"]["multipart"] == [{"name": "f", **part}]
    assert made.notes == ()


def test_what_is_outside_of_the_project_is_copied() -> None:
    made = draft("-F f=@a.txt -F g=@a.bin", root=None)
    text, octets = made.document["actions"][0]["params"]["multipart"]
    assert (text["value"], text["filename"], text["content_type"]) == ("content", "a.txt", "text/plain")
    assert (octets["base64"], octets["filename"]) == ("AP8=", "a.bin")
    assert made.notes == tuple(
        f"copied into the scenario, since it is outside of its project: the file {name}" for name in ("a.txt", "a.bin")
    )


@pytest.mark.parametrize(
    "options",
    [
        "-F =v",
        "-F 'f=@a.txt;filename='",
        "-F 'f=<a.bin'",
        "-F 'f=v;filename=name'",
        "-F f=v -H 'content-type: multipart/form-data; boundary=B'",
    ],
)
def test_a_form_that_the_action_would_write_otherwise_stays_text(options: str) -> None:
    assert "multipart" not in draft(options, root=Path()).document["actions"][0]["params"]

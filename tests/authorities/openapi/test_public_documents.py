"""Each request that is drafted from a public API's document is one of that document, says openapi-core.

GitHub's document is too large for every run: one operation in ten is looked at, and all of them by `make nightly`.
"""

import os
import re
from pathlib import Path

import pytest
from tests.authorities.openapi.documents import findings, unpacked

EVERY_OPERATION = bool(os.environ.get("EVERY_OPERATION"))

DOCUMENTS = {
    "blockfrost.yaml": (129, 0),
    "box.json": (260, 1),
    "circular-3.0.yaml": (3, 0),
    "digitalocean.json": (290, 10),
    "figma.yaml": (54, 0),
    "galaxy.yaml": (9, 0),
    "petstore-3.0.yaml": (20, 0),
    "petstore-3.1.yaml": (20, 0),
    "polymorphism-3.0.yaml": (13, 0),
    "readme.json": (54, 0),
    "stapi.json": (120, 0),
    "styles-3.0.yaml": (25, 5),
    "styles-3.1.yaml": (25, 4),
}
"""Each document with the number of its operations, and of those whose requests openapi-core cannot read."""

CANNOT_READ = (
    (r"Tried to write read-only property", "`readOnly` counts in bodies, not in the schema of a parameter"),
    (r"TypeError: a bytes-like object is required|b'text' is not of type", "a part of a multipart body with a style"),
    (r"\('deepObject', 'primitive'\)", "a single value as deepObject, which the specification leaves undefined"),
    (r"reference 'models/\S+' could not be resolved", "the document maps a discriminator to a file that is not there"),
    (r"512189 is not valid under any of the given schemas", "a path parameter that is a number or a text, by `anyOf`"),
    (r"'grant_type' is a required property", "a form's field that is required and not among the properties"),
)
"""What openapi-core says of requests that are right, and why it does."""


def refused(path: Path, every: int = 1) -> tuple[int, list[str]]:
    """How many requests there are, and what is said of those that are refused."""
    found = list(findings(path, every))
    return len(found), [f"{each.title}: {each.problems[0]}" for each in found if each.problems]


def unexplained(problems: list[str]) -> list[str]:
    return [each for each in problems if not any(re.search(pattern, each) for pattern, _ in CANNOT_READ)]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_drafted_request_is_one_of_the_document(name: str, tmp_path: Path) -> None:
    count, problems = refused(unpacked(name, tmp_path))
    assert unexplained(problems) == []
    assert (count, len(problems)) == DOCUMENTS[name]


def test_every_drafted_request_is_one_of_githubs_document(tmp_path: Path) -> None:
    count, problems = refused(unpacked("github.json", tmp_path), every=1 if EVERY_OPERATION else 10)
    assert unexplained(problems) == []
    assert count == (1223 if EVERY_OPERATION else 123)
    assert len(problems) <= 11


def test_openapi_core_does_refuse_what_is_wrong(tmp_path: Path) -> None:
    path = unpacked("petstore-3.0.yaml", tmp_path)
    path.write_text(path.read_text(encoding="utf-8").replace("maximum: 10", "maximum: 10\n            enum: [99]"))
    _, problems = refused(path)
    assert problems

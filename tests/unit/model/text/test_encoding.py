from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsit.model import json
from awsit.model.text.encoding import encoded, escaped, unencodable, whole

ANY_TEXT = st.text(st.characters(exclude_categories=()))


def test_a_half_is_shown_as_its_escape() -> None:
    assert escaped("x\ud83dy, ä") == "x\\ud83dy, ä"
    assert encoded("\udc80") == b"\\udc80"


def test_the_place_of_a_half_is_named() -> None:
    assert unencodable("x\ud83dy") == "`\\ud83d`, half of a surrogate pair, at character 2"
    assert unencodable("😀 ä") == ""


def test_two_halves_that_come_together_are_one_character() -> None:
    assert whole("a\ud83d\ude00\ud83d") == "a😀\ud83d"


@given(ANY_TEXT)
def test_any_text_reads_back_from_json_as_utf_8(text: str) -> None:
    written = json.dumps({text: [text]}).encode()
    assert json.loads(written) == {whole(text): [whole(text)]}


@given(ANY_TEXT)
def test_what_is_shown_is_utf_8(text: str) -> None:
    assert escaped(text).encode() == encoded(text)
    assert bool(unencodable(text)) == (escaped(text) != text)


@pytest.mark.parametrize("value", ["\udc80", ["\udc80"], {"\udc80": "\udc80"}])
def test_documents_for_other_readers_hold_the_escape(value: object) -> None:
    assert "\\\\udc80" in json.dumps(json.plain(value))

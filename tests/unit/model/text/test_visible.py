"""Text from outside neither steers a terminal nor a CI server, and what is only text stays as it is."""

from __future__ import annotations

import json
import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsit.model.json import dumps_visible
from awsit.model.text.visible import on_one_line, visible, visible_json

STEERING = st.sampled_from(
    [
        "\x1b",
        "\x9b",
        "\r",
        "\n",
        " ",
        "\t",
        "\u202e",
        "\u2028",
        "\u3000",
        "::",
        "error",
        "add-mask",
        "##",
        "vso",
        "[",
        "x",
    ]
)
TEXTS = st.lists(STEERING | st.characters(codec="utf-8"), max_size=12).map("".join)
COMMAND = re.compile(r"^\s*::[\w-]+( .*)?::|##\w*\[|section_(start|end):\d", re.MULTILINE)

SEEN = re.compile("[ \u3000\u1680\u200c\u200d\u0600-\u0605\u06dd-\u08e2\U000110bd-\U0001d17a]")
"""Of the categories Cf and Zs: the space, those that have a look of their own, and the joiners."""


def is_raw(character: str) -> bool:
    is_bidi = unicodedata.bidirectional(character) in {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    if unicodedata.category(character) in {"Cf", "Zs"}:
        return is_bidi or not SEEN.fullmatch(character)
    return is_bidi or (unicodedata.category(character) in {"Cc", "Zl", "Zp", "Cs"} and character not in "\t\n")


@given(TEXTS)
def test_no_text_steers(text: str) -> None:
    for seen in (visible(text), on_one_line(text), visible_json(json.dumps(text, ensure_ascii=False))):
        assert not any(map(is_raw, seen))
        assert not COMMAND.search(seen)
    assert "\n" not in on_one_line(text)


@given(TEXTS)
def test_what_was_made_visible_stays_as_it_is(text: str) -> None:
    assert visible(visible(text)) == visible(text)


@given(st.dictionaries(TEXTS, TEXTS))
def test_json_reads_back_equal(document: dict[str, str]) -> None:
    assert json.loads(dumps_visible(document, indent=2)) == document


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\x1b[31mred\u202e", r"\x1b[31mred\u202e"),
        ("a\r\nb\tc", "a\nb\tc"),
        ("one\n  ::error::x", "one\n  \\x3a:error::x"),
        ("12\xa0345,6\u202f€", r"12\xa0345,6\u202f€"),
        ("\ufeffid\u200b\u200f\u00ad", r"\ufeffid\u200b\u200f\xad"),
        ("\U000e0041", r"\U000e0041"),
        ("##[group]", r"\x23#[group]"),
        ("x ##vso[a]", r"x \x23#vso[a]"),
        ("section_start:1:a", r"\x73ection_start:1:a"),
    ],
)
def test_the_code_of_what_steers_is_shown(text: str, seen: str) -> None:
    assert visible(text) == seen


@pytest.mark.parametrize(
    "text",
    [
        "std::string::npos",
        "AWS::Lambda::Function",
        "::1",
        "::",
        "## [a]",
        "# a",
        "grün ✓ é",
        "👩\u200d💻",
        "\u0645\u06cc\u200c\u062e",
        "東京\u3000駅",
        "—…",
    ],
)
def test_what_is_only_text_stays(text: str) -> None:
    assert visible(text) == text
    assert visible_json(text) == text

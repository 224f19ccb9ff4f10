"""Texts for regular expressions."""

import re

import pytest

from awsit.cli.drafts.openapi.document import UndraftableError
from awsit.cli.drafts.openapi.schema.texts import text_of

UNDERSTOOD = [
    "^[a-z]{3}$",
    r"^\d{4}-\d{2}$",
    r"^(foo|bar)\.baz$",
    "^[^a-zA-Z]+$",
    "^[]x]+$",
    "^a{2,}b?c*$",
    r"^\+?[1-9]\d{1,14}$",
    "^(?:a|b){2}$",
    r"^(?P<year>\d{4})$",
    "^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$",
    r"^arn:aws:[a-z0-9-]+:\d{12}:.+$",
    r"^(?!admin)[a-z]+$",
    r"^\x41\u0042$",
    r"^[\w.%+-]+@[\w.-]+\.[A-Za-z]{2,}$",
    r"^(\w)\1$",
    "^$|^x{5}$",
    "^.{10,20}$",
    r"^#[0-9A-F]{6}$",
    r"^[\-\]\\]$",
    "^a+?b$",
    r"^\/v1\/[a-z]+$",
    "^é$",
]


@pytest.mark.parametrize("pattern", UNDERSTOOD)
def test_the_text_is_one_that_the_pattern_matches(pattern):
    assert re.search(pattern, text_of({"pattern": pattern}))


def test_unicode_classes_are_understood():
    assert text_of({"pattern": r"^\p{Lu}\p{N}$"}) == "A5"


@pytest.mark.parametrize(
    "pattern",
    ["(", "a(?<=b)c", "(a", "[", "(?(1)a|b)", "^a{99999999}$", "^(((((a{99}){99}){99}){99}){99})$", r"^(\w)\2$"],
)
def test_a_pattern_that_is_not_understood_says_so(pattern):
    with pytest.raises(UndraftableError, match="pattern"):
        text_of({"pattern": pattern})

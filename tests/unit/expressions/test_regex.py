import pytest

from awsit.errors import ExpressionError
from awsit.expressions import regex


@pytest.mark.parametrize(
    "pattern",
    [
        "((x{1000}){1000}){1000}",
        "a{999999999999}",
        "(?:(?:[ab]{500}){500})",
        "x{100001,}",
        "(a{400}b){300}",
        "(" * 5000,
        "(a{1000}(?#[)){20000}(?#])",
        "(?x)(a{1000}#[\n){20000}#]",
        "(?V1)(a{1000}[[(]]){20000}",
    ],
)
def test_a_pattern_that_would_fill_the_memory_is_refused(pattern: str) -> None:
    with pytest.raises(ExpressionError, match="too complex") as error:
        regex.compiled(pattern)

    assert error.value.code == "bad_regex"


@pytest.mark.parametrize(
    ("pattern", "text"),
    [
        ("^[0-9a-f]{64}-[0-9a-f]{64}-[0-9a-f]{64}-[0-9a-f]{64}$", "-".join(["a0" * 32] * 4)),
        ("^(a{100}){100}$", "a" * 10_000),
        ("^a{0,100000}$", "aaa"),
        (r"^\{100001}$", "{100001}"),
        ("^[{9}]+$", "{9}"),
        ("^[]a{100001}]+$", "]a"),
        ("^a{10}(?# ten, not a{100001})$", "a" * 10),
    ],
)
def test_others_are_not(pattern: str, text: str) -> None:
    assert regex.found_in(pattern, text)


def test_a_large_pattern_is_not_kept_since_a_response_can_hold_a_thousand_of_them() -> None:
    assert regex.compiled("(a{40}b){400}") is not regex.compiled("(a{40}b){400}")
    assert regex.compiled("(a{4}b){4}") is regex.compiled("(a{4}b){4}")


BEFORE = "x" * 100_000


@pytest.mark.parametrize(
    ("pattern", "found"), [("ERROR", True), ("x$", False), ("ERROR$", True), ("(E)(R)", True), ("y", False)]
)
def test_a_text_is_searched_to_its_end(pattern: str, found: bool) -> None:
    assert regex.found_in(pattern, f"{BEFORE}ERROR") is found
    assert regex.matches_whole(f"x*{pattern}", f"{BEFORE}ERROR") is (found and pattern.startswith("ERROR"))


@pytest.mark.parametrize(
    ("pattern", "most"), [("x+", 1_048_576), ("(x)+", 524_288), ("(?:x)+", 1_048_576), ("(x)" * 40, 65_536)]
)
def test_a_text_that_is_too_long_is_no_text_without_a_match(pattern: str, most: int) -> None:
    assert regex.found_in(pattern, "x" * most)
    for matches in (regex.found_in, regex.matches_whole):
        with pytest.raises(ExpressionError, match=f"a text of {most + 1} characters is too long") as error:
            matches(pattern, "x" * (most + 1))
        assert error.value.code == "too_large"
        assert f"it may have {most}," in error.value.hint


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        ("id=([0-9]+)", "id=1&id=22", "1"),
        ("[0-9]{2}", "id=1&id=22", "22"),
        ("a(b)?", "ac", None),
        ("a(b*)", "ac", ""),
        ("x", "ac", None),
    ],
)
def test_a_part_of_a_text_is_its_first_match(pattern: str, text: str, found: str | None) -> None:
    assert regex.part(pattern, text) == found

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

from decimal import Decimal
from typing import Any

import pytest

from awsit.engine.secrets.redaction import Redactor
from awsit.engine.secrets.results import shown_check
from awsit.expressions.assertions import assertion
from awsit.model.result import AssertionResult

DOCUMENT: dict[str, Any] = {
    "otp": "47111",
    "pins": [{"passcode": 9305, "id": 9}],
    "nested": {"api_key": "k9z"},
    "empty": {"password": ""},
    "plain": "47112",
    "message": '{"password": "ab1"}',
}


def shown(path: str, **spec: Any) -> AssertionResult:
    checked = assertion.check({"path": path, **spec}, DOCUMENT)
    return shown_check(checked, Redactor(documents=[DOCUMENT]))


@pytest.mark.parametrize(
    ("path", "spec", "secret"),
    [
        ("$.otp", {"equals": "0"}, "47111"),
        ("$['otp']", {"exists": False}, "47111"),
        ("$", {"exists": False}, "47111"),
        ("$.nested", {"equals": {"id": 1}}, "k9z"),
        ("$.pins", {"equals": [{"id": 1}]}, "9305"),
        ("$.pins[0].passcode", {"less_than": 3}, "9305"),
        ("$.pins[*].passcode", {"equals": [1]}, "9305"),
        ("$.message", {"json_path": "$.password", "equals": "x"}, "ab1"),
        ("$.message", {"json_path": "$", "equals": {"x": 1}}, "ab1"),
    ],
)
def test_a_short_secret_is_hidden_at_its_own_place(path: str, spec: dict[str, Any], secret: str) -> None:
    check = shown(path, **spec)

    assert not check.passed
    assert "***" in f"{check.actual} {check.message}"
    assert secret not in f"{check.expected} {check.actual} {check.message} {check.diff}"


@pytest.mark.parametrize(
    ("path", "spec", "actual"),
    [
        ("$.plain", {"equals": "0"}, "47112"),
        ("$.pins[0].id", {"equals": 1}, 9),
        ("$.empty.password", {"equals": "x"}, ""),
        ("$.password", {"equals": "x"}, None),
    ],
)
def test_what_is_no_secret_is_shown(path: str, spec: dict[str, Any], actual: Any) -> None:
    assert shown(path, **spec).actual == actual


def test_a_large_secret_document_is_hidden_whole() -> None:
    check = AssertionResult(False, "equals", "$.password", actual=[Decimal(number) for number in range(200_000)])

    assert "19999" not in str(shown_check(check, Redactor()).actual)

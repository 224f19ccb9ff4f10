from typing import Any

import pytest

from awsit.expressions.assertions import advice, assertion

DOCUMENT: dict[str, Any] = {
    "tags": ["a", "b"],
    "lines": [{"sku": "pen", "price": 2}, {"sku": "ink"}],
    "order": {"tags": ["b", "a"], "id": 1},
    "many": [[number] for number in range(6000)],
}


@pytest.mark.parametrize(
    ("path", "spec", "said"),
    [
        ("$.tags", {"equals": ["b", "a"]}, "the items are the same: `any_order: true` leaves the order open"),
        ("$.order", {"equals": {"id": 1, "tags": ["a", "b"]}}, "`any_order: true` leaves the order open"),
        (
            "$.lines[?@.sku == 'ink']",
            {"equals": {"sku": "ink"}},
            "a path with a filter, `*` or `..` selects a list, of which `contains` looks for an item",
        ),
        ("$.lines[*].sku", {"equals": "pad"}, "; a path with a filter, `*` or `..` selects a list"),
        (
            "$.lines",
            {"contains": {"sku": "pen"}},
            "`contains` compares whole items: `any: {matches: ...}` looks for one with these keys and others",
        ),
    ],
)
def test_what_was_perhaps_meant_is_told(path: str, spec: dict[str, Any], said: str) -> None:
    checked = assertion.check({"path": path, **spec}, DOCUMENT)

    assert not checked.passed
    assert checked.message.endswith(said)
    assert any(each in checked.message for each in advice.ALL)


@pytest.mark.parametrize(
    ("path", "spec"),
    [
        ("$.tags", {"equals": ["a"]}),
        ("$.tags", {"equals": "a"}),
        ("$.tags", {"equals": ["b", "c"], "any_order": True}),
        ("$.tags", {"contains": "c"}),
        ("$.lines", {"contains": {"sku": "pad"}}),
        ("$.lines[*].sku", {"equals": ["pad"]}),
        ("$.many", {"equals": [[number] for number in reversed(range(6000))]}),
    ],
)
def test_of_any_other_difference_nothing_is_told(path: str, spec: dict[str, Any]) -> None:
    checked = assertion.check({"path": path, **spec}, DOCUMENT)

    assert not checked.passed
    assert not any(each in checked.message for each in advice.ALL)

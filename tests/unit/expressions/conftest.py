"""A scope as an engine makes it, with fixed values."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest


@pytest.fixture
def scope() -> dict[str, Any]:
    stacks = {"orders": {"ApiUrl": "https://api.example", "Table": "orders"}}
    return {
        "vars": {
            "quantity": 2,
            "price": Decimal("1.10"),
            "items": [3, 1, 2],
            "nothing": None,
            "yes": True,
            "__typename": "Order",
        },
        "context": {"order_id": "o-1", "total": 5, "injected": "{{ vars.quantity }}", "nested": {"a": {"b": 1}}},
        "actions": {"Find": {"status": "passed", "result": {"items": [{"sku": "a"}], "count": 1}}},
        "run": {"id": "run-1", "scenario": "orders", "started_at": "2026-01-01T00:00:00.000Z"},
        "env": {"STAGE": "dev"},
        "stack": stacks.__getitem__,
        "secret": {"token": "hunter2", "pair": {"user": "u"}}.__getitem__,
        "parameter": {"/limit": "12"}.__getitem__,
        "now": lambda: datetime(2026, 1, 31, 12, 0, 0, 250_000, UTC),
        "uuid": lambda: "00000000-0000-4000-8000-000000000000",
        "random_string": lambda length: "x" * length,
    }

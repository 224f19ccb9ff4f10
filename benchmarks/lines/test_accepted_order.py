"""examples/orders/scenarios/accepted_order.yaml in Python."""

import uuid

from conftest import poll


def test_accepted_order(create_order, table, reference):
    response = create_order("book", 2)
    order = response.json()
    order_id = order["order_id"]
    uuid.UUID(order_id)
    assert order["status"] == "created"
    assert order["quantity"] == 2
    assert isinstance(order["total"], int | float)
    assert order.get("reason") is None or isinstance(order["reason"], str)
    assert response.headers["location"] == f"/orders/{order_id}"

    stored = poll(
        lambda: table.get_item(Key={"order_id": order_id}).get("Item", {}),
        done=lambda item: item.get("status") == "processed",
        failed=lambda item: item.get("status") == "rejected",
    )
    assert stored["total"] == 25
    assert stored["reference"] == reference
    assert stored["order_id"] == order_id

"""examples/orders/scenarios/asynchronous_processing.yaml in Python."""

from conftest import poll


def test_asynchronous_processing(create_order, table):
    order = create_order("pen", 10).json()
    assert order["status"] == "created"

    stored = poll(
        lambda: table.get_item(Key={"order_id": order["order_id"]}).get("Item", {}),
        done=lambda item: item.get("status") == "processed" and "finished_at" in item,
        failed=lambda item: item.get("status") == "rejected",
    )
    assert "reason" not in stored
    assert stored["created_at"] == order["created_at"]
    assert stored["total"] == 12

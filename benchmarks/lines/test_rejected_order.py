"""examples/orders/scenarios/rejected_order.yaml in Python."""

import re

from conftest import poll


def test_rejected_order(create_order, http, orders):
    order_id = create_order("fireworks", 1).json()["order_id"]
    url = f"{orders['ApiUrl']}/orders/{order_id}"

    rejected = poll(
        lambda: http.get(url, timeout=30).json(),
        done=lambda order: order.get("status") == "rejected",
        failed=lambda order: order.get("status") == "processed",
    )
    assert "hazardous" in rejected["reason"]

    response = http.get(f"{url}/receipt", timeout=30)
    assert response.status_code == 409, response.text
    receipt = response.json()
    assert receipt["message"] == "the order was rejected"
    assert re.fullmatch(".*hazardous goods", receipt["reason"])

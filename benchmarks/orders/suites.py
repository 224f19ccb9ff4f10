"""The same suite for each program: scenarios that create an order, read it a number of times, and delete it.

Each checks the status code of every answer, and of each read the order's state and quantity.
"""

import json
from pathlib import Path
from typing import Any

ROBOT_HEAD = """\
*** Settings ***
Library    RequestsLibrary
Suite Setup    Create Session    api    {base}
*** Test Cases ***
"""
ROBOT_CREATE = """\
    ${{body}}=    Create Dictionary    quantity=${{2}}
    ${{r}}=    POST On Session    api    /orders    json=${{body}}    expected_status=201
    Should Be Equal    ${{r.json()}}[status]    created
    ${{id}}=    Set Variable    ${{r.json()}}[orderId]
"""
ROBOT_READ = """\
    ${{r}}=    GET On Session    api    /orders/${{id}}    expected_status=200
    Should Be Equal    ${{r.json()}}[status]    created
    Should Be Equal As Integers    ${{r.json()}}[quantity]    2
"""
ROBOT_DELETE = "    DELETE On Session    api    /orders/${{id}}    expected_status=204\n"

TAVERN_CREATE = """\
  - name: create
    request: {{url: "{base}/orders", method: POST, json: {{quantity: 2}}}}
    response: {{status_code: 201, json: {{status: created}}, strict: false, save: {{json: {{id: orderId}}}}}}
"""
TAVERN_READ = """\
  - name: read
    request: {{url: "{base}/orders/{{id}}", method: GET}}
    response: {{status_code: 200, strict: false, json: {{status: created, quantity: 2}}}}
"""
TAVERN_DELETE = """\
  - name: delete
    request: {{url: "{base}/orders/{{id}}", method: DELETE}}
    response: {{status_code: 204}}
"""


def awsit(folder: Path, base: str, scenarios: int, reads: int) -> None:
    """A file a scenario."""
    folder.mkdir(parents=True)
    for number in range(scenarios):
        actions = [_create(base), *(_read(base, read) for read in range(reads)), _delete(base)]
        document = {"name": f"order_{number:05}", "description": "create, read, delete", "actions": actions}
        (folder / f"order_{number:05}.json").write_text(json.dumps(document))


def _create(base: str) -> dict[str, Any]:
    return {
        "name": "Create",
        "type": "http_call",
        "params": {"url": f"{base}/orders", "method": "POST", "body": {"quantity": 2}, "expected_status": 201},
        "pass_to_context": {"order_id": "$.body.orderId"},
        "assert": [{"path": "$.body.status", "equals": "created"}],
    }


def _read(base: str, number: int) -> dict[str, Any]:
    return {
        "name": f"Read{number}",
        "type": "http_call",
        "params": {"url": base + "/orders/{{ context.order_id }}", "method": "GET", "expected_status": 200},
        "assert": [{"path": "$.body.status", "equals": "created"}, {"path": "$.body.quantity", "equals": 2}],
    }


def _delete(base: str) -> dict[str, Any]:
    params = {"url": base + "/orders/{{ context.order_id }}", "method": "DELETE", "expected_status": 204}
    return {"name": "Delete", "type": "http_call", "params": params}


def robot(folder: Path, base: str, scenarios: int, reads: int) -> None:
    """One file with a test case a scenario, for Robot Framework with RequestsLibrary."""
    folder.mkdir(parents=True)
    steps = (ROBOT_CREATE + ROBOT_READ * reads + ROBOT_DELETE).format()
    cases = [f"Order {number}\n{steps}" for number in range(scenarios)]
    (folder / "orders.robot").write_text(ROBOT_HEAD.format(base=base) + "".join(cases))


def tavern(folder: Path, base: str, scenarios: int, reads: int) -> None:
    """A file a scenario, for pytest with Tavern."""
    folder.mkdir(parents=True)
    stages = (TAVERN_CREATE + TAVERN_READ * reads + TAVERN_DELETE).format(base=base)
    for number in range(scenarios):
        (folder / f"test_order_{number:05}.tavern.yaml").write_text(f"test_name: order {number}\nstages:\n{stages}")

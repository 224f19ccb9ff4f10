from __future__ import annotations

from decimal import Decimal
from typing import Any

from awsit.actions.state_machine.history import visited_states


def entered(number: int, name: str, after: int) -> dict[str, Any]:
    return {
        "id": number,
        "previousEventId": after,
        "type": "TaskStateEntered",
        "stateEnteredEventDetails": {"name": name, "input": "{}"},
    }


def left(number: int, name: str, output: str, after: int) -> dict[str, Any]:
    details = {"name": name, "output": output}
    return {"id": number, "previousEventId": after, "type": "TaskStateExited", "stateExitedEventDetails": details}


def event(number: int, kind: str, after: int) -> dict[str, Any]:
    return {"id": number, "previousEventId": after, "type": kind}


def test_states_have_their_visits_outputs_and_retries() -> None:
    history = [
        event(1, "ExecutionStarted", 0),
        entered(2, "Charge", 1),
        event(3, "TaskScheduled", 2),
        event(4, "TaskFailed", 3),
        event(5, "TaskScheduled", 4),
        event(6, "TaskSucceeded", 5),
        left(7, "Charge", '{"total": 1.50}', 6),
        entered(8, "Ship", 7),
        event(9, "LambdaFunctionScheduled", 8),
        left(10, "Ship", '"sent"', 9),
        entered(11, "Charge", 10),
        event(12, "TaskScheduled", 11),
        event(13, "ExecutionFailed", 12),
    ]

    assert visited_states(history) == {
        "visited": ["Charge", "Ship", "Charge"],
        "states": {
            "Charge": {"entered": 2, "output": {"total": Decimal("1.50")}, "retries": 1},
            "Ship": {"entered": 1, "output": "sent", "retries": 0},
        },
    }


def test_events_of_branches_belong_to_the_state_that_they_follow() -> None:
    history = [
        entered(1, "Left", 0),
        entered(2, "Right", 0),
        event(3, "TaskScheduled", 1),
        event(4, "TaskScheduled", 2),
        event(5, "TaskFailed", 3),
        event(6, "TaskScheduled", 5),
    ]

    states = visited_states(history)["states"]

    assert {name: state["retries"] for name, state in states.items()} == {"Left": 1, "Right": 0}
    assert states["Left"]["output"] is None

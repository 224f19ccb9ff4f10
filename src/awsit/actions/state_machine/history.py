"""What an execution went through, from the events of its history.

Source: AWS Step Functions API Reference, "HistoryEvent".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from awsit.model.json import Json, loads

_TRIES = frozenset({"TaskScheduled", "LambdaFunctionScheduled", "ActivityScheduled"})


def visited_states(events: Iterable[Mapping[str, Any]]) -> dict[str, Json]:
    """`{visited, states}`: the names in the order in which they were entered, and by name `{entered, output, retries}`.

    `output` is that of the last time, null of a state that was never left. An event belongs to the state whose entry
    it follows, by `previousEventId`.
    """
    state_of: dict[int, str] = {}
    visited: list[Json] = []
    states: dict[str, dict[str, Json]] = {}
    tries: dict[str, int] = {}
    for event in events:
        if entered := event.get("stateEnteredEventDetails"):
            name = entered["name"]
            visited.append(name)
            states.setdefault(name, {"entered": 0, "output": None, "retries": 0})["entered"] += 1
        else:
            name = state_of.get(event.get("previousEventId", 0), "")
        state_of[event["id"]] = name
        if event["type"] in _TRIES:
            tries[name] = tries.get(name, 0) + 1
        if (left := event.get("stateExitedEventDetails")) and left["name"] in states:
            states[left["name"]]["output"] = document(left.get("output"))
    for name, state in states.items():
        state["retries"] = max(0, tries.get(name, 0) - state["entered"])
    return {"visited": visited, "states": states}


def document(text: str | None) -> Json:
    """An input or output, which is JSON; null when there is none."""
    return None if text is None else loads(text)

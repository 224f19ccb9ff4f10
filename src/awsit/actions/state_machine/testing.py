"""`test_state`: what one state of a workflow does with an input and a mocked result or error; nothing is started.

Source: Step Functions API Reference, "TestState".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from awsit.actions.documents import to_text
from awsit.actions.state_machine.history import document
from awsit.actions.state_machine.params import StateMachineParams, StateMock
from awsit.errors import ActionError, ErrorKind
from awsit.model.action.call import ActionResult
from awsit.model.json import Json, dumps, loads
from awsit.suggestions import suggestion

_MOCKED = frozenset({"Task", "Map", "Parallel"})
"""The types of states that take a mock; without one, a `Task` would call its service, with a role."""


def tried(params: StateMachineParams, client: Any, request: Json) -> ActionResult:
    """What becomes of the state. Raises ActionError of kind validation for one that is not there, or lacks a mock."""
    definition = client.describe_state_machine(stateMachineArn=params.state_machine)["definition"]
    _check(params, dict(_states(loads(definition))))
    answer = client.test_state(
        definition=definition,
        stateName=params.state,
        input=_json(params.input, "input"),
        inspectionLevel="DEBUG",
        **({} if params.mock is None else {"mock": _mock(params.mock)}),
        **({"stateConfiguration": {"retrierRetryCount": params.retries}} if params.retries else {}),
    )
    return _judged(params, _result(answer), request)


def _check(params: StateMachineParams, states: Mapping[str, str]) -> None:
    name = params.state or ""
    if name not in states:
        raise ActionError(
            f"there is no state {name!r}{suggestion(name, states)}",
            kind=ErrorKind.VALIDATION,
            hint=f"the states of the state machine are {', '.join(states)}",
        )
    if params.mock is None and states[name] in _MOCKED:
        raise ActionError(
            f"state {name} is a {states[name]}, and needs a `mock`: nothing is called",
            kind=ErrorKind.VALIDATION,
            hint="say what it is answered with: `mock: {result: ...}`, or `mock: {error: States.Timeout}`",
        )


def _states(definition: Any) -> Iterator[tuple[str, str]]:
    """The names and types of all states, those inside maps and branches too."""
    for name, state in definition.get("States", {}).items():
        yield name, state.get("Type", "")
        for inner in (state.get("ItemProcessor"), state.get("Iterator"), *state.get("Branches", ())):
            yield from _states(inner or {})


def _mock(mock: StateMock) -> dict[str, Any]:
    if mock.error is None:
        return {"result": _json(mock.result, "mock.result")}
    return {"errorOutput": {"error": mock.error, "cause": mock.cause}}


def _json(value: Json, where: str) -> str:
    text = to_text(value, where)
    return dumps(text) if isinstance(value, str) else text


def _result(answer: Mapping[str, Any]) -> dict[str, Json]:
    details = answer.get("inspectionData", {}).get("errorDetails", {})
    return {
        "status": answer["status"],
        "output": document(answer.get("output")),
        "error": answer.get("error"),
        "cause": answer.get("cause"),
        "next_state": answer.get("nextState"),
        "backoff_seconds": details.get("retryBackoffIntervalSeconds"),
    }


def _judged(params: StateMachineParams, result: dict[str, Json], request: Json) -> ActionResult:
    if result["status"] == params.expected_status:
        return ActionResult(result, request=request)
    reason = ": ".join(str(result[name]) for name in ("error", "cause") if result[name])
    failure = f"state {params.state} was expected to end as {params.expected_status}, and ended as {result['status']}"
    code = str(result["error"] or result["status"])
    return ActionResult(result, request=request, failure=": ".join(filter(None, (failure, reason))), failure_code=code)

"""Maps and nested executions as Step Functions has them, where the emulator differs.

- `MaxConcurrencyPath` limits a map. Source: Step Functions developer guide, "Map workflow state".
- A standard execution that a task starts and waits for (`startExecution.sync:2`) has status events, like any other, and
  a name that is its own. Source: Step Functions developer guide, "Start workflow executions from a task state".
- A task reads an object, its body as text. Source: Step Functions developer guide, "Integrating with AWS SDK services".
- TestState has the retriers of a state before its catchers. Source: Step Functions developer guide, "Handling errors in
  Step Functions workflows", section "Fallback states".
- When the execution of a distributed map is stopped, no further item begins, and the nested executions of those that go
  on are stopped. Source: Step Functions developer guide, "Integrating with services", section "Run a job (.sync)".
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from http import HTTPStatus
from typing import Any

from awsit.model.ports import Clock

Execution = Mapping[str, Any]
Answer = tuple[int, Mapping[str, str], bytes]

POLL_SECONDS = 0.05
"""How often it is looked whether a nested execution is over."""

_current: ContextVar[Execution | None] = ContextVar("execution", default=None)
"""The execution whose states run in this thread."""


def with_concurrency_paths(run_items: Callable[..., Any], value_at: Callable[..., Any]) -> Callable[..., Any]:
    """What runs the items of a map, as many at once as its `MaxConcurrencyPath` says; `value_at` reads a path."""

    def run(state: Mapping[str, Any], state_input: Any, execution: Execution, context: Mapping[str, Any]) -> Any:
        path = state.get("MaxConcurrencyPath")
        limit = {"MaxConcurrency": int(value_at(path, state_input, context))} if path else {}
        return run_items({**state, **limit}, state_input, execution, context)

    return run


def with_objects(dispatch: Callable[..., Any], answer: Callable[[str, str], Answer]) -> Callable[..., Any]:
    """What carries out a task's call of S3, `getObject` too; `answer` is that of the emulated S3 to method and path."""

    def run(service: Any, name: str, action: str, params: Mapping[str, Any]) -> Any:
        if (name, action) != ("s3", "getObject") or "VersionId" in params:
            return dispatch(service, name, action, params)
        status, _, body = answer("GET", f"/{params.get('Bucket', '')}/{params.get('Key', '')}")
        if status >= HTTPStatus.BAD_REQUEST:
            return dispatch(service, name, action, params)  # which makes the error of it
        return {**dispatch(service, name, "headObject", params), "Body": body.decode(errors="replace")}

    return run


def retried_first(test_state: Callable[..., Answer], retrier_of: Callable[..., Any]) -> Callable[..., Answer]:
    """What tries a state, whose catchers see a mocked error once its retries are used up."""

    def run(request: Mapping[str, Any]) -> Answer:
        error = (request.get("mock") or {}).get("errorOutput", {}).get("error")
        definition = json.loads(request.get("definition") or "{}")
        state = definition.get("States", {}).get(request.get("stateName"), {})
        if error is None or "Retry" not in state:
            return test_state(request)
        used = request.get("stateConfiguration", {}).get("retrierRetryCount", 0)
        retrier, _ = retrier_of(state["Retry"], error, dict.fromkeys(range(len(state["Retry"])), used))
        if retrier is not None:
            state.pop("Catch", None)
        return test_state({**request, "definition": json.dumps(definition)})

    return run


class Nested:
    """Executions within executions. `emulator` holds the names of the emulator's module of state machines."""

    def __init__(self, emulator: Mapping[str, Any], clock: Clock) -> None:
        self._emulator = emulator
        self._clock = clock
        self._run_states = emulator["_run_sub_machine"]
        self._run_express = emulator["_start_sync_execution"]

    def run_states(self, states: Any, first: str, state_input: Any, execution: Execution, context: Any) -> Any:
        """Run the states of one item of a map, or of a branch; none of a map whose execution is over."""
        if self._is_cut_off(execution):
            raise self._emulator["_ExecutionError"]("States.Runtime", "The execution of the map was stopped.")
        token = _current.set(execution)
        try:
            return self._run_states(states, first, state_input, execution, context)
        finally:
            _current.reset(token)

    def run_to_the_end(self, request: Mapping[str, Any]) -> Answer:
        """Start an execution and wait for its end; one of a standard machine is stopped with what waits for it."""
        machine = self._emulator["_state_machines"].get(request.get("stateMachineArn"), {})
        if machine.get("type") != "STANDARD":
            answer: Answer = self._run_express(request)
            return answer
        started: Answer = self._emulator["_start_execution"](request)
        if started[0] != HTTPStatus.OK:
            return started
        named = {"executionArn": json.loads(started[2])["executionArn"]}
        caller = _current.get()
        while self._status(named["executionArn"]) == "RUNNING":
            if caller and self._is_cut_off(caller):
                self._emulator["_stop_execution"](named)
            self._clock.sleep(POLL_SECONDS)
        described: Answer = self._emulator["_describe_execution"](named)
        return described

    def _is_cut_off(self, execution: Execution) -> bool:
        """Whether it is the child execution of a distributed map whose own execution is over."""
        run = self._emulator["_map_runs"].get(execution.get("mapRunArn"))
        return run is not None and self._status(run["executionArn"]) != "RUNNING"

    def _status(self, arn: str) -> str:
        return str(self._emulator["_executions"][arn]["status"])

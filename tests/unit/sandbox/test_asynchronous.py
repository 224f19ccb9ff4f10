"""Events that come while all functions of the sandbox are busy."""

from contextvars import copy_context
from typing import Any

import pytest

from awsit.sandbox import asynchronous
from awsit.system.clock import FakeClock

THROTTLED, DONE = {"throttle": True, "error": True}, {"body": "done"}


class Functions:
    """The emulator's module of functions, which are busy for the first calls."""

    def __init__(self, busy: int) -> None:
        self.clock, self.busy, self.done = FakeClock(), busy, list[Any]()
        self._execute_function = asynchronous.patient(self._execute, self.clock)
        self.invoke_async_with_retry = asynchronous.marked(self._invoke)

    def _execute(self, _function: Any, event: Any) -> dict[str, Any]:
        self.busy -= 1
        if self.busy >= 0:
            return THROTTLED
        self.done.append(event)
        return DONE

    def _invoke(self, function: Any, event: Any) -> None:
        copy_context().run(self._execute_function, function, event)

    def _get_func_record_for_ref(self, arn: str) -> tuple[Any, Any, str]:
        return ({"name": arn}, {"name": arn}, arn) if arn == "known" else (None, None, arn)

    def _execution_record_for_config(self, function: Any, _config: Any) -> Any:
        return function


def test_the_event_of_a_rule_waits_until_a_function_is_free() -> None:
    functions = Functions(busy=40)

    asynchronous.by_rule(functions, lambda *_: None)("known", '{"detail": {"status": "ABORTED"}}')

    assert functions.done == [{"detail": {"status": "ABORTED"}}]
    assert max(functions.clock.slept) == 5.0


def test_it_does_not_wait_for_ever() -> None:
    functions = Functions(busy=10**6)

    functions.invoke_async_with_retry({}, {})

    assert functions.clock.monotonic() == pytest.approx(asynchronous.LONGEST_SECONDS, rel=0.01)


def test_who_waits_for_the_answer_is_told_at_once() -> None:
    functions = Functions(busy=1)

    assert functions._execute_function({}, {}) == THROTTLED
    assert functions.clock.slept == []


def test_a_rule_for_a_function_that_is_not_there_is_left_to_the_emulator() -> None:
    dispatched: list[str] = []

    asynchronous.by_rule(Functions(busy=0), lambda arn, _: dispatched.append(arn))("gone", "{}")

    assert dispatched == ["gone"]


def test_the_emulator_has_what_is_replaced() -> None:
    functions: Any = pytest.importorskip("ministack.services.lambda_svc")
    rules: Any = pytest.importorskip("ministack.services.eventbridge")
    names = ("_execute_function", "invoke_async_with_retry", "_get_func_record_for_ref", "_execution_record_for_config")

    assert all(callable(vars(functions).get(name)) for name in names)
    assert callable(rules._dispatch_to_lambda)

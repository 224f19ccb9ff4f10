"""Asynchronous invocations of the emulated functions: one that is throttled waits, as in an account.

"For throttling errors (429) and system errors, Lambda returns the event to the queue and attempts to run the function
again for up to 6 hours by default", with longer and longer pauses (AWS Lambda Developer Guide, "How Lambda handles
errors and retries with asynchronous invocation"). The emulator has room for few functions at once and tries a throttled
event twice more, one of a rule not at all: then nobody would clean up after a run that was cut off.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from contextvars import ContextVar
from typing import Any

from awsit.model.ports import Clock

LONGEST_SECONDS = 6 * 3600.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.2, 5.0
"""Seconds; those of an account are 1 and 300, but its functions have more room."""

Function = dict[str, Any]
Result = dict[str, Any]
Invoke = Callable[[Function, Any], None]

_is_asynchronous: ContextVar[bool] = ContextVar("is_asynchronous", default=False)


def patient(execute: Callable[[Function, Any], Result], clock: Clock) -> Callable[[Function, Any], Result]:
    """An `_execute_function` that tries a throttled event again, if its invocation is asynchronous."""

    def executed(function: Function, event: Any) -> Result:
        ends, pause = clock.monotonic() + LONGEST_SECONDS, _FIRST_PAUSE
        result = execute(function, event)
        while result.get("throttle") and _is_asynchronous.get() and clock.monotonic() < ends:
            clock.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
            result = execute(function, event)
        return result

    return executed


def marked(invoke: Invoke) -> Invoke:
    """An `invoke_async_with_retry` of which `patient` knows; its thread has a copy of the caller's context."""

    def invoked(function: Function, event: Any) -> None:
        token = _is_asynchronous.set(True)
        try:
            invoke(function, event)
        finally:
            _is_asynchronous.reset(token)

    return invoked


def by_rule(functions: Any, dispatch: Callable[[str, str], None]) -> Callable[[str, str], None]:
    """A `_dispatch_to_lambda` of EventBridge that invokes asynchronously with the module of `functions`."""

    def dispatched(arn: str, payload: str) -> None:
        function, config, _ = functions._get_func_record_for_ref(arn)  # noqa: SLF001 - the pinned version has no hook
        if not (function and config) or not _is_json(payload):
            dispatch(arn, payload)
            return
        record = functions._execution_record_for_config(function, config)  # noqa: SLF001
        functions.invoke_async_with_retry(record, json.loads(payload))

    return dispatched


def _is_json(text: str) -> bool:
    with suppress(ValueError):
        json.loads(text)
        return True
    return False

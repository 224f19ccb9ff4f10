"""Thresholds of a load as assertions, with what was expected and what came."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from awsit.load.result import ActionLoad, LoadTimes
from awsit.model.result import AssertionResult

OPERATOR = "less_or_equal"


class Measured(Struct, frozen=True):
    """What thresholds are compared with: of all iterations, and of each action."""

    times: LoadTimes
    error_rate: float
    dropped_rate: float
    actions: tuple[ActionLoad, ...] = ()


def check(
    measured: Measured, thresholds: Mapping[str, float], of_actions: Mapping[str, Mapping[str, float]]
) -> tuple[AssertionResult, ...]:
    """The thresholds of the scenario, then those of actions, by their names. What was never measured fails."""
    rates = {"error_rate": measured.error_rate, "dropped_rate": measured.dropped_rate}
    results = [_check("", key, most, _value(key, measured.times, rates)) for key, most in thresholds.items()]
    by_name = {action.name: action for action in measured.actions}
    for name, its_thresholds in of_actions.items():
        action = by_name.get(name)
        times = action.times if action else LoadTimes()
        failed = {"error_rate": action.failed / times.count} if action else {}
        results += [_check(name, key, most, _value(key, times, failed)) for key, most in its_thresholds.items()]
    return tuple(results)


def _value(key: str, times: LoadTimes, rates: Mapping[str, float]) -> float | None:
    by_key = {"p50_ms": times.p50_ms, "p90_ms": times.p90_ms, "p95_ms": times.p95_ms, "p99_ms": times.p99_ms}
    return {**by_key, "max_ms": times.max_ms, **rates}.get(key)


def _check(action: str, key: str, most: float, actual: float | None) -> AssertionResult:
    name = f"{action} {key}" if action else key
    passed = actual is not None and actual <= most
    was = "nothing was measured" if actual is None else f"got {actual:g}"
    return AssertionResult(
        passed,
        OPERATOR,
        name=name,
        expected=most,
        actual=actual,
        actual_present=actual is not None,
        message="" if passed else f"expected at most {most:g}, {was}",
        source=f"load.expect.actions.{action}.{key}" if action else f"load.expect.{key}",
    )

"""Whether an attempt is made again, and after which wait."""

from __future__ import annotations

from functools import cache

from awsit.actions.registry import BY_TYPE
from awsit.errors import ErrorKind
from awsit.model.action.abilities import Resumable
from awsit.model.plan import During, Retry, Step, Until
from awsit.model.ports import Randomness
from awsit.model.result import ErrorInfo
from awsit.model.text.counts import count
from awsit.records import replace

TRANSIENT = frozenset({str(ErrorKind.TIMEOUT), str(ErrorKind.CONNECTION), str(ErrorKind.THROTTLING)})
TRANSIENT_STATUSES = frozenset({"429", "502", "503", "504"})
GONE_STATUSES = frozenset({"404", "410"})
TERMINAL = GONE_STATUSES | {str(ErrorKind.VALIDATION), str(ErrorKind.ACCESS_DENIED), str(ErrorKind.NOT_FOUND)}
"""Names of what another attempt does not mend: it is not made even where `retry_on` is `*`."""
_DIGITS = len("503")
EXACT_WAITS = 20
"""Calls of a step after which the state machine waits exactly; the waits of later ones are of whole seconds.

A Wait state takes whole seconds (Amazon States Language, "Wait"). The function waits for the rest, and a poll with a
short interval must not fill the history of the execution.
"""
CLEANUP_RETRY = Retry(max_attempts=3, interval_seconds=1, max_delay_seconds=10, retry_on=("*",))


def of_cleanup(own: Retry) -> Retry:
    """The retry of a clean-up step: its own, if it says one."""
    return own if own.is_own or own.max_attempts > 1 else CLEANUP_RETRY


def looks_by_itself(step: Step) -> bool:
    """Whether each call of a step's action is one look for a state."""
    action = _resumable(step.type)
    again = action.resumptions(step.params) if action else None
    return again is not None and again.polls


@cache
def _resumable(action_type: str) -> Resumable | None:
    action = BY_TYPE[action_type]
    return action if isinstance(action, Resumable) else None


def is_transient(names: frozenset[str]) -> bool:
    """Whether an attempt that ended by these names (kind, service code, status) may well pass the next time."""
    return bool(names & (TRANSIENT | TRANSIENT_STATUSES))


def retries(policy: Retry, names: frozenset[str], attempt: int) -> bool:
    """Whether `policy` asks for another attempt after number `attempt` ended as `names`."""
    if attempt >= policy.max_attempts:
        return False
    if not policy.retry_on:
        return is_transient(names)
    if "*" in policy.retry_on:
        return not names & TERMINAL
    return any(_is_named(name, policy.retry_on) for name in names)


def _is_named(name: str, retry_on: tuple[str, ...]) -> bool:
    """Whether `retry_on` has the name, or as `5xx` the class of a status."""
    is_status = len(name) == _DIGITS and name.isdecimal()
    return name in retry_on or (is_status and not {f"{name[0]}xx", f"{name[0]}XX"}.isdisjoint(retry_on))


def retry_delay(policy: Retry, attempt: int, randomness: Randomness, asked_for: float | None) -> float:
    """Seconds to wait after attempt number `attempt`.

    Exponential, capped, with full jitter: a random time up to the computed one, so that many clients do not return
    together (AWS Architecture Blog, "Exponential Backoff And Jitter"). It is at least what the service asked for.
    """
    ceiling = min(policy.max_delay_seconds, policy.interval_seconds * policy.backoff_rate ** (attempt - 1))
    delay = randomness.uniform(0, ceiling) if policy.jitter else ceiling
    return max(delay, min(asked_for or 0.0, policy.max_delay_seconds))


def poll_delay(until: Until, attempt: int) -> float:
    """Seconds to wait after poll number `attempt`."""
    return min(until.max_interval_seconds, until.interval_seconds * until.backoff_rate ** (attempt - 1))


def look_delay(during: During, held: float, lasted: float) -> float | None:
    """Seconds until the next look, after one that began when it had held for `held` seconds and took `lasted`.

    None after the last look, which begins when the time is over.
    """
    if round(held, 3) >= during.seconds:  # records have milliseconds
        return None
    return max(0.0, min(during.interval_seconds, during.seconds - held - lasted))


def not_reached(until: Until, attempts: int, last: str, missing: ErrorInfo | None) -> ErrorInfo:
    """Why a poll ended: its time was over, and its last attempt, for the reason `last`, was none that ends it.

    `missing` is the error of the service that there is nothing to look at, if that was it.
    """
    failure = "What is polled for was not there" if missing else "The condition did not hold"
    message = f"{failure} within {until.timeout_seconds:g} s ({count(attempts, 'attempt')}): {last}"
    return ErrorInfo("until_timeout", message, _longer(until, attempts, missing))


def _longer(until: Until, attempts: int, missing: ErrorInfo | None) -> str:
    """What to change so that a poll looks for longer, or again."""
    delay = poll_delay(until, 1)
    if attempts == 1 and delay >= until.timeout_seconds:
        return (
            f"Give until.interval_seconds less than until.timeout_seconds: the second look would be after {delay:g} s."
        )
    other = f", or {missing.hint}." if missing else "; the last value seen is shown."
    return f"Raise until.timeout_seconds if the service may take longer{other}"


def not_held(during: During, held: float | None, violation: ErrorInfo | None, message: str) -> ErrorInfo:
    """Why a `during` ended: what did not hold, and after how many seconds; None: at the first look."""
    when = "at the first look" if held is None else f"after {held:.1f} s"
    error = violation or ErrorInfo("during", "", "It must hold at every look; what the last one saw is shown.")
    return replace(error, message=f"It did not hold for {during.seconds:g} s, but ended {when}: {message}")

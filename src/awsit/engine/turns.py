"""Turns: requests to what `limits` name come no faster than they allow, those of all runs of a store together."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from fnmatch import fnmatchcase

from msgspec import Struct

from awsit.actions.registry import BY_TYPE
from awsit.engine.store.records import RunStore
from awsit.errors import ActionError, AwsitError, ErrorKind
from awsit.model.action.abilities import RateLimited
from awsit.model.json import Json
from awsit.model.plan import Phase, Step
from awsit.model.ports import Aws, Clock

LONGEST_PAUSE = 1.0
"""Seconds that a call itself waits for its turn; for a later one it is called again, and no function sleeps."""

Limits = Mapping[str, Mapping[str, float]]
"""Requests a second, by kind and name."""

Limit = tuple[str, str, float]
"""Kind, name and rate of one of them."""


class RequestTurns(Struct, frozen=True):
    """The turns of one call of a step, which may wait for `seconds_left`. `has_turn`: it has waited for one already."""

    store: RunStore
    clock: Clock
    limits: Limits
    seconds_left: float
    has_turn: bool = False

    def wait(self, step: Step, params: Json, aws: Aws) -> float:
        """Take the next turn and wait for it; returns the seconds after which to call again, 0 when the turn has come.

        Raises ActionError of kind throttling when the turn would come too late; a clean-up step goes ahead then.
        """
        limit = None if self.has_turn or not self.limits else limit_of(self.limits, step, params)
        if limit is None:
            return 0.0
        _get_ready(step, aws)
        seconds = self._seconds_to(limit, self.seconds_left)
        if seconds > self.seconds_left and step.phase is Phase.CLEANUP:
            return self.seconds_left
        if seconds > self.seconds_left:
            raise _too_late(limit, seconds, self.seconds_left, "run")
        if seconds > LONGEST_PAUSE:
            return seconds
        if seconds > 0:
            self.clock.sleep(seconds)
        return 0.0

    def take(self, step: Step, names: tuple[str, ...], seconds_left: float) -> None:
        """Take a turn for one more request of an action that is under way, to these names, and wait for it here.

        Raises ActionError of kind throttling when it would come in more than `seconds_left`.
        """
        limit = _fitting(self.limits, step, names) if self.limits else None
        if limit is None:
            return
        seconds = self._seconds_to(limit, seconds_left)
        if seconds > seconds_left:
            raise _too_late(limit, seconds, seconds_left, "action")
        if seconds > 0:
            self.clock.sleep(seconds)

    def _seconds_to(self, limit: Limit, patience: float) -> float:
        """Take the next turn, unless it comes after more than `patience`; returns the seconds to it."""
        kind, name, rate = limit
        return self.store.take_turn(f"{kind}#{name}", 1 / rate, self.clock.now().timestamp(), patience)


def _get_ready(step: Step, aws: Aws) -> None:
    """Have the action make what its request needs. What cannot be made is the error of the request itself."""
    action = BY_TYPE[step.type]
    if isinstance(action, RateLimited):
        with suppress(AwsitError):
            action.get_ready(aws)


def _too_late(limit: Limit, seconds: float, left: float, what: str) -> ActionError:
    _, name, rate = limit
    return ActionError(
        f"`limits` allows one request to {name} every {1 / rate:g} s: the turn of this one comes in "
        f"{seconds:.0f} s, and the {what} has {left:.0f} s left",
        kind=ErrorKind.THROTTLING,
        hint="let fewer runs go on at once, or raise the limit or `timeout_seconds` of the scenario",
    )


def limit_of(limits: Limits, step: Step, params: Json) -> Limit | None:
    """The first limit that fits a step with these params; None when none does."""
    action = BY_TYPE[step.type]
    return _fitting(limits, step, action.limited_names(params)) if isinstance(action, RateLimited) else None


def _fitting(limits: Limits, step: Step, names: tuple[str, ...]) -> Limit | None:
    """The first limit of the step's kind that one of the names fits."""
    action = BY_TYPE[step.type]
    if not isinstance(action, RateLimited) or action.limit_kind not in limits:
        return None
    for name, rate in limits[action.limit_kind].items():
        if any(fnmatchcase(each, name) for each in names):
            return action.limit_kind, name, rate
    return None

"""Turns: requests to what `limits` name come no faster than they allow, those of all runs of a store together."""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Protocol, runtime_checkable

from awsit.actions.registry import BY_TYPE
from awsit.engine.store.records import RunStore
from awsit.errors import ActionError, ErrorKind
from awsit.model.json import Json
from awsit.model.plan import Phase, Step
from awsit.model.ports import Clock, PlannedParams
from awsit.records import dataclass

LONGEST_PAUSE = 1.0
"""Seconds that a call itself waits for its turn; for a later one it is called again, and no function sleeps."""

Limits = Mapping[str, Mapping[str, float]]
"""Requests a second, by kind and name."""


@runtime_checkable
class RateLimited(Protocol):
    """An action that sends requests to what `limits` of a scenario name; `limit_kind` is the key there, as `http`."""

    limit_kind: str

    def limited_names(self, params: PlannedParams, /) -> tuple[str, ...]:
        """What `limits` may call that which rendered params name, such as `("api.test:8080", "api.test")`."""


@dataclass(frozen=True, slots=True)
class RequestTurns:
    """The turns of one call of a step, which may wait for `seconds_left`."""

    store: RunStore
    clock: Clock
    limits: Limits
    seconds_left: float

    def wait(self, step: Step, params: Json) -> float:
        """Take the next turn and wait for it; returns the seconds after which to call again, 0 when the turn has come.

        Raises ActionError of kind throttling when the turn would come too late; a clean-up step goes ahead then.
        """
        limit = limit_of(self.limits, step, params) if self.limits else None
        if limit is None:
            return 0.0
        kind, name, rate = limit
        at = self.clock.now().timestamp()
        seconds = self.store.take_turn(f"{kind}#{name}", 1 / rate, at, self.seconds_left)
        if seconds > self.seconds_left and step.phase is Phase.CLEANUP:
            return self.seconds_left
        if seconds > self.seconds_left:
            raise ActionError(
                f"`limits` allows one request to {name} every {1 / rate:g} s: the turn of this one comes in "
                f"{seconds:.0f} s, and the run has {self.seconds_left:.0f} s left",
                kind=ErrorKind.THROTTLING,
                hint="let fewer runs go on at once, or raise the limit or `timeout_seconds` of the scenario",
            )
        if seconds > LONGEST_PAUSE:
            return seconds
        if seconds > 0:
            self.clock.sleep(seconds)
        return 0.0


def limit_of(limits: Limits, step: Step, params: Json) -> tuple[str, str, float] | None:
    """Kind, name and rate of the first limit that fits a step with these params; None when none does."""
    action = BY_TYPE[step.type]
    if not isinstance(action, RateLimited) or action.limit_kind not in limits:
        return None
    names = action.limited_names(params)
    for name, rate in limits[action.limit_kind].items():
        if any(fnmatchcase(each, name) for each in names):
            return action.limit_kind, name, rate
    return None

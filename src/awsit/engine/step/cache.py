"""Results that a suite uses again: those of actions with `cache_seconds`, such as a login."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from threading import Event

from msgspec import Struct

from awsit.engine.in_flight import InFlight
from awsit.engine.services import Services
from awsit.engine.store.records import RunStore
from awsit.model.action.call import ActionResult
from awsit.model.json import Json, dumps
from awsit.model.plan import Step
from awsit.model.ports import Clock
from awsit.model.result import StepResult

CLAIM_MARGIN = 30.0
"""Seconds for which a result is claimed after the time of its action: a function that has died is called again."""

LONGEST_LOOK = 10
"""Seconds between two looks for a result that another run computes, at most."""


class ResultCache(Struct, frozen=True):
    """The results of one suite. With `is_fresh`, an attempt takes none of them, and acts: what it keeps is newer."""

    store: RunStore
    suite: str
    clock: Clock
    in_flight: InFlight
    is_fresh: bool = False

    @classmethod
    def of(cls, services: Services, suite: str, step: Step, previous: StepResult | None) -> ResultCache:
        """What an attempt of the step uses: nothing for a look of `during`, or after a cached result that failed."""
        failed = previous is not None and previous.attempts != () and previous.attempts[-1].cached
        is_fresh = failed or step.during is not None
        return cls(services.store, suite, services.clock, services.in_flight, is_fresh)

    def computing(self, step: Step, params: Json, wait: Callable[[Event], None]) -> AbstractContextManager[None]:
        """A block that finds a result or computes it: in this process, one does while others `wait` for it."""
        if not self._looks(step):
            return nullcontext()
        key = f"{self.suite}#{_key(step, params)}"
        return self.in_flight.one_at_first(key, wait, lambda: self.find(step, params) is not None)

    def find(self, step: Step, params: Json) -> ActionResult | None:
        """The result of the same action with the same rendered params, if it is still good."""
        if not self._looks(step):
            return None
        kept = self.store.cached(self.suite, _key(step, params), self.clock.now().timestamp())
        return ActionResult(kept["result"], request=kept["request"], keeps=kept.get("keeps")) if kept else None

    def claim(self, step: Step, params: Json, run_id: str) -> float:
        """Have this run compute a result that was not found; returns the seconds after which to look again, 0 for none.

        What another process computes is awaited: the longer that takes, the less often it is looked for. One that has
        died is awaited until its time is over.
        """
        if not self._looks(step) or self.suite == run_id:
            return 0.0
        at = self.clock.now().timestamp()
        until = at + step.timeout_seconds + CLAIM_MARGIN
        seconds = self.store.claim(self.suite, _key(step, params), _owner(step, run_id), at, until)
        return float(min(LONGEST_LOOK, max(1, int(seconds)))) if seconds else 0.0

    def release(self, step: Step, params: Json, run_id: str) -> None:
        """Let another run compute a result that this one has not come to."""
        if self._looks(step) and self.suite != run_id:
            self.store.release_claim(self.suite, _key(step, params), _owner(step, run_id))

    def keep(self, step: Step, params: Json, done: ActionResult) -> None:
        """Keep a result for as long as the action says."""
        if not step.cache_seconds:
            return
        kept = {"result": done.result, "request": done.request, "keeps": done.keeps}
        self.store.cache(self.suite, _key(step, params), kept, self.clock.now().timestamp() + step.cache_seconds)

    def _looks(self, step: Step) -> bool:
        return bool(step.cache_seconds) and not self.is_fresh


def _owner(step: Step, run_id: str) -> str:
    """Who claims a result: a call of the step that is repeated claims it again."""
    return f"{run_id}#{step.index}"


def _key(step: Step, params: Json) -> str:
    """Type and rendered params, hashed: secrets among them stay unreadable."""
    return hashlib.sha256(dumps([step.type, params], sort_keys=True).encode()).hexdigest()

"""Results that a suite uses again: those of actions with `cache_seconds`, such as a login."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from threading import Event

from awsit.engine.in_flight import InFlight
from awsit.engine.store.records import RunStore
from awsit.model.json import Json, dumps
from awsit.model.plan import Step
from awsit.model.ports import ActionResult, Clock
from awsit.records import dataclass


@dataclass(frozen=True, slots=True)
class ResultCache:
    """The results of one suite."""

    store: RunStore
    suite: str
    clock: Clock
    in_flight: InFlight

    def computing(self, step: Step, params: Json, wait: Callable[[Event], None]) -> AbstractContextManager[None]:
        """A block that finds a result or computes it: in this process, one does while others `wait` for it."""
        if not step.cache_seconds:
            return nullcontext()
        return self.in_flight.one_at_first(f"{self.suite}#{_key(step, params)}", wait)

    def find(self, step: Step, params: Json) -> ActionResult | None:
        """The result of the same action with the same rendered params, if it is still good."""
        if not step.cache_seconds:
            return None
        kept = self.store.cached(self.suite, _key(step, params), self.clock.now().timestamp())
        return ActionResult(kept["result"], request=kept["request"], keeps=kept.get("keeps")) if kept else None

    def keep(self, step: Step, params: Json, done: ActionResult) -> None:
        """Keep a result for as long as the action says, unless it is a failure or not yet there."""
        if not step.cache_seconds or done.failure is not None or done.resume_after_seconds is not None:
            return
        kept = {"result": done.result, "request": done.request, "keeps": done.keeps}
        self.store.cache(self.suite, _key(step, params), kept, self.clock.now().timestamp() + step.cache_seconds)


def _key(step: Step, params: Json) -> str:
    """Type and rendered params, hashed: secrets among them stay unreadable."""
    return hashlib.sha256(dumps([step.type, params], sort_keys=True).encode()).hexdigest()

"""The act of an attempt: params rendered, what takes it back recorded, the action carried out, all within its time."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial
from threading import Event
from typing import Protocol, TypeVar

from msgspec import Struct, field

from awsit.actions.registry import dispatch_action, uses_aws
from awsit.engine.places import place_of, with_place
from awsit.engine.step import let
from awsit.engine.step.cache import ResultCache
from awsit.engine.step.ledger import Compensations, is_taken_back
from awsit.engine.step.scope import Scope
from awsit.engine.store.records import RunState
from awsit.engine.turns import RequestTurns
from awsit.errors import ActionError, AwsitError, Effect, ErrorKind
from awsit.expressions.templates import template
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.http import Repeat
from awsit.model.json import Json
from awsit.model.plan import AwsPlace, Step
from awsit.model.ports import Aws
from awsit.model.result import Status
from awsit.records import replace


class Progress(Struct):
    """How far an attempt came, what it did at the service, and which of its requests the AWS SDK made again.

    `cached`: its result came from the suite's cache. `awaits_other`: another process computes that. `waited`: seconds
    for which it waited for another run of this one. `place`: where its `at` led to.
    """

    rendered: bool = False
    cached: bool = False
    awaits_other: bool = False
    waited: float = 0.0
    place: AwsPlace | None = None
    effect: Effect = Effect.NONE
    repeats: list[Repeat] = field(default_factory=list)
    _is_under_way: bool = False

    def begin(self) -> None:
        """From now on, whatever is not known may have been done."""
        self._is_under_way, self.effect = True, Effect.UNKNOWN

    def end(self, effect: Effect) -> None:
        """The action has told what it did."""
        self._is_under_way, self.effect = False, effect

    def break_off(self, error: AwsitError) -> None:
        """The action raised an error. One that is no ActionError is of what comes before a call: clients, signing."""
        if not self._is_under_way:
            return
        effect = error.effect if isinstance(error, ActionError) else Effect.NONE
        invalid = effect is Effect.NONE and error.code == ErrorKind.VALIDATION
        self.rendered = not invalid or (isinstance(error, ActionError) and error.result is not None)
        self.end(effect)


class Checked(Protocol):
    """What came of an attempt."""

    status: Status


CheckedT = TypeVar("CheckedT", bound=Checked)

_LOOK_SECONDS = 0.5
"""How often an attempt that waits for the result of another run looks whether its own run is over."""


class Acting(Struct, frozen=True):
    """What one attempt of a step acts with.

    `ends` is when its time would be over (monotonic seconds), had it not waited for another run.
    """

    context: ActionContext
    cache: ResultCache
    compensations: Compensations
    turns: RequestTurns
    aws_at: Callable[[AwsPlace], Aws]
    ends: float
    progress: Progress = field(default_factory=Progress)

    @classmethod
    def begin(
        cls,
        context: ActionContext,
        cache: ResultCache,
        compensations: Compensations,
        turns: RequestTurns,
        aws_at: Callable[[AwsPlace], Aws],
    ) -> Acting:
        """The attempt's time begins: `context.timeout_seconds` of it."""
        ends = context.clock.monotonic() + context.timeout_seconds
        return cls(context, cache, compensations, turns, aws_at, ends)

    def params(self, step: Step, scope: Scope) -> Json:
        """The step's params, their templates filled in, its `let` computed before. Raises AwsitError."""
        params: Json = step.params
        if not step.rendered:
            with self.context.aws.within(self._seconds_left()):
                let.compute(step, scope, self.compensations.store, self.context.run_id)
                params = template.render(step.params, scope.names)
        self.progress.rendered = True
        return params

    def there(self, step: Step, params: Json, scope: Scope) -> Acting:
        """What the attempt acts with where the step's `at` leads to. Raises AwsitError."""
        if not step.at or not uses_aws(step.type, params):
            return self
        with self.context.aws.within(self._seconds_left()):
            place = place_of(step, scope.names)
            self.progress.place = place
            return replace(self, context=replace(self.context, aws=self.aws_at(place)))

    def result(self, step: Step, params: Json, scope: Scope, check: Callable[[ActionResult], CheckedT]) -> CheckedT:
        """What `check` makes of the action's result, from the suite's cache or by carrying it out when its turn comes.

        A result that passes is kept for others. Raises ActionError.
        """
        with self.cache.computing(step, self._there_only(params), partial(self._wait_for, step)):
            if self.progress.waited and self._is_over(step):
                over = ActionResult(None, resume_after_seconds=0.0, effect=Effect.NONE)
                return check(over)  # and find the run closed
            try:
                done = self._result(step, params, scope)
                checked = check(done)
            except Exception:
                self.cache.release(step, self._there_only(params), self.context.run_id)
                raise
            if done.resume_after_seconds is None and not self.progress.cached:
                self._keep(step, params, done, passed=checked.status is Status.PASSED)
            return checked

    def _keep(self, step: Step, params: Json, done: ActionResult, *, passed: bool) -> None:
        """Keep a result for others; one that did not pass is none: another attempt acts, of this run or of another."""
        if passed:
            self.cache.keep(step, self._there_only(params), done)
        else:
            self.cache.release(step, self._there_only(params), self.context.run_id)

    def _wait_for(self, step: Step, other: Event) -> None:
        """Wait until another run has computed the result, or this one is over. The attempt's time begins after that."""
        clock = self.context.clock
        began = clock.monotonic() - self.progress.waited  # for the one before, which came to nothing
        while not other.is_set() and self.progress.waited < self.turns.seconds_left and not self._is_over(step):
            clock.wait(_LOOK_SECONDS, other)
            self.progress.waited = clock.monotonic() - began

    def _is_over(self, step: Step) -> bool:
        state = self.compensations.store.run(self.context.run_id).state
        return state is not RunState.OPEN and not step.phase.is_follow_up

    def _result(self, step: Step, params: Json, scope: Scope) -> ActionResult:
        cached = self.cache.find(step, self._there_only(params))
        if cached is not None:
            self.progress.cached = True
            self.progress.end(cached.effect)
            return cached
        seconds = self.cache.claim(step, self._there_only(params), self.context.run_id)
        self.progress.awaits_other = seconds > 0
        seconds = seconds or self.turns.wait(step, params, self.context.aws)
        if seconds:
            return ActionResult(None, resume_after_seconds=seconds, effect=Effect.NONE)
        if is_taken_back(step):
            self.compensations.record(step, params, scope, self._in_time(step))
        self.progress.begin()
        done = dispatch_action(step.type, params, self._in_time(step))
        self.progress.end(done.effect)
        self.compensations.record_result(step, params, done, scope, self.context)
        return done

    def _there_only(self, params: Json) -> Json:
        """The params for the cache: elsewhere the same ones have another result."""
        place = self.progress.place
        return with_place(params, place) if place else params

    def _in_time(self, step: Step) -> ActionContext:
        """The context with the time that is left."""
        seconds = self._seconds_left()
        return replace(
            self.context,
            timeout_seconds=seconds,
            allowed_seconds=seconds if self._ends_by_run() else self.context.timeout_seconds,
            note_repeat=self.progress.repeats.append,
            take_turn=lambda names: self.turns.take(step, names, self._seconds_left()),
        )

    def _seconds_left(self) -> float:
        """The time that is left of the attempt and of its run, in hundredths of a second, rounded up."""
        ends = min(self.ends + self.progress.waited, self._run_ends())
        left = math.ceil(100 * (ends - self.context.clock.monotonic())) / 100
        return max(0.001, min(left, self.context.timeout_seconds))

    def _run_ends(self) -> float:
        return self.ends - self.context.timeout_seconds + self.turns.seconds_left

    def _ends_by_run(self) -> bool:
        return self._run_ends() < self.ends + self.progress.waited

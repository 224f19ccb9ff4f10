"""`receive`: wait for messages that a tap hears."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

from awsit.actions.taps import permissions
from awsit.actions.taps.params import ReceiveParams
from awsit.actions.taps.queues import receive
from awsit.actions.taps.tap import Heard, Tap
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.expressions.assertions import assertion
from awsit.expressions.assertions.matchers import Rules, matches, mismatches
from awsit.expressions.values import as_text, is_number
from awsit.model.json import Json
from awsit.model.permissions import AwsLocation, RequiredPermissions
from awsit.model.ports import ActionContext, ActionResult, PlannedParams, Resumptions, Summary
from awsit.model.result import AssertionResult
from awsit.suggestions import suggestion

LONG_POLL = 4.0
"""Seconds that one look waits for a message (Amazon SQS Developer Guide, "Amazon SQS short and long polling")."""
SHORT_POLL = 1.0
"""Seconds that the only look for none waits: a long poll asks all of the queue's servers."""
PAUSE = 1.0
"""Seconds between two looks, when the one before heard something else."""
_RULES = Rules()


class ReceiveAction:
    """Take messages that a tap has heard and that match, and wait for them; or see that none came."""

    type = "receive"
    params_model = ReceiveParams
    resource_kind = "tap"
    not_found_means_gone = True
    kept_as = "listen"
    followed = "listen"
    named_in = "from"
    always_taken_back = False

    def execute(self, params: ReceiveParams, context_data: ActionContext) -> ActionResult:
        """Look once; what was heard stays for later looks and steps, until one takes it.

        Result: `{messages, first, heard, elapsed_ms}`: what was taken, the first of it (null without any), and how many
        messages the tap has heard in all. Raises ActionError, of kind validation when there is no such tap.
        """
        return _Look(params, context_data).result()

    def is_safe_to_repeat(self, _params: ReceiveParams) -> bool:
        """Always: what a call that never came back has heard comes again."""
        return True

    def only_reads(self, _params: ReceiveParams) -> bool:
        """Always: the tap is the run's own."""
        return True

    def uses_aws(self, _params: PlannedParams) -> bool:
        """Always."""
        return True

    def permissions(self, _params: PlannedParams, location: AwsLocation) -> RequiredPermissions:
        """Those to read the queues of taps."""
        return RequiredPermissions(tuple(permissions.of_receive(location)))

    def summary(self, params: PlannedParams) -> Summary:
        """How many messages, and from which tap."""
        count, tap = params.get("count", 1), as_text(params.get("from"))
        return Summary(f"receive {'nothing' if count == 0 else as_text(count)} from {tap}", tap)

    def resumptions(self, params: PlannedParams) -> Resumptions | None:
        """A look each second at the most; one look for none."""
        if params.get("count") == 0:
            return None
        within = params.get("within_seconds", 30)
        return Resumptions(math.ceil(within) if is_number(within) else 1, PAUSE, polls=True)


ACTION = ReceiveAction()


class _Look:
    """One look of a step: what is stored already, and what is new."""

    def __init__(self, params: ReceiveParams, context_data: ActionContext) -> None:
        kept, own = context_data.kept, context_data.kept.own or {}
        self._params = params
        self._context = context_data
        self._tap = _tap_of(params.tap, kept.others)
        self._heard = Heard.of(params.tap, (*kept.others, own))
        self._own: dict[str, Json] = dict(own.get("heard", {}))
        self._taken: list[str] = list(own.get("taken", ()))
        self._began = context_data.clock.monotonic()

    def result(self) -> ActionResult:
        """What this look comes to."""
        params = self._params
        if params.count == 0:
            self._listen(SHORT_POLL)
            found = self._matching()
            failure = f"{_count(len(found), 'message')} came that {'match' if len(found) > 1 else 'matches'}"
            messages = [self._heard.messages[name] for name in found]
            return self._done(messages, failure if found else None, "received")
        self._take()
        heard_more = False
        if len(self._taken) < params.count:
            heard_more = self._listen(min(LONG_POLL, self._left()))
            self._take()
        messages = [self._heard.messages[name] for name in self._taken]
        if len(self._taken) >= params.count:
            return self._done(messages)
        if self._left() > 0:
            pause = min(PAUSE if heard_more else 0.0, self._left())
            return replace(self._done(messages), resume_after_seconds=pause)
        return self._not_received(messages)

    def _left(self) -> float:
        """Seconds until the step's time is over."""
        lasted = self._context.clock.monotonic() - self._began
        within = self._params.within_seconds - self._context.elapsed_seconds
        return min(within, self._context.patience_seconds) - lasted

    def _listen(self, wait: float) -> bool:
        """Hear what is new; whether anything is."""
        new = receive(self._tap, self._heard.messages, math.ceil(wait), self._context).messages
        self._heard.messages |= new
        self._own |= new
        return bool(new)

    def _matching(self) -> list[str]:
        """The IDs of the messages that match and that nobody has taken."""
        return [
            name
            for name, message in self._heard.messages.items()
            if name not in self._heard.taken and matches(self._params.match, message, _RULES)
        ]

    def _take(self) -> None:
        found = self._matching()[: self._params.count - len(self._taken)]
        self._taken += found
        self._heard.taken |= set(found)

    def _done(self, messages: list[Json], failure: str | None = None, code: str = "") -> ActionResult:
        seconds = self._context.elapsed_seconds + self._context.clock.monotonic() - self._began
        result = {
            "messages": messages,
            "first": messages[0] if messages else None,
            "heard": len(self._heard.messages),
            "elapsed_ms": round(1000 * seconds),
        }
        keeps = {"tap": self._params.tap, "heard": self._own, "taken": self._taken}
        return ActionResult(
            result,
            request=self._params.model_dump(by_alias=True),
            failure=failure,
            failure_code=code,
            keeps=None if keeps == self._context.kept.own else keeps,
            effect=Effect.NONE,
        )

    def _not_received(self, messages: list[Json]) -> ActionResult:
        """The failure, with the message that comes closest, compared field by field."""
        others = [each for name, each in self._heard.messages.items() if name not in self._heard.taken]
        wanted = self._params.count
        came = f"{len(messages)} of {wanted} came" if wanted > 1 else "no message came"
        heard = f"heard {_count(len(self._heard.messages), 'message')}"
        failure = f"{came} that matches within {self._params.within_seconds:g} s; the tap {self._tap.name} {heard}"
        closest = min(
            others, key=lambda each: len(list(mismatches(self._params.match, each, "$", _RULES))), default=None
        )
        checks = () if closest is None else (_compared(self._params.match, closest),)
        return replace(self._done(messages, failure, "not_received"), checks=checks)


def _compared(pattern: Json, closest: Json) -> AssertionResult:
    check = assertion.check({"path": "$", "matches": pattern, "name": "the closest message"}, closest)
    return replace(check, source="params.match")


def _tap_of(name: str, kept: tuple[Json, ...]) -> Tap:
    open_taps = {each["tap"]: each for each in kept if isinstance(each, Mapping) and "queue" in each}
    if name in open_taps:
        return Tap.of(open_taps[name])
    listed = ", ".join(open_taps) or "none"
    raise ActionError(
        f"there is no open tap {name!r}{suggestion(name, open_taps)}",
        kind=ErrorKind.VALIDATION,
        hint=f"open it by a `listen` action of this name, before what it is to hear; open taps: {listed}",
    )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"

"""`receive`: wait for messages that a tap hears."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import ClassVar

from awsit.actions.taps import permissions
from awsit.actions.taps.params import READ_ONLY, ReceiveParams
from awsit.actions.taps.sources import LONG_POLL, PAUSE, SHORT_POLL, MessageSource, MockSource, TapSource
from awsit.actions.taps.tap import Heard
from awsit.actions.taps.websockets.source import SocketSource, encoded
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.expressions.assertions import assertion
from awsit.expressions.assertions.matchers import Rules, matches, mismatches
from awsit.expressions.values import as_text, is_number
from awsit.model.action.abilities import Resumptions
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.json import Json
from awsit.model.permissions import AwsLocation, RequiredPermissions
from awsit.model.result import AssertionResult
from awsit.model.text.counts import count
from awsit.records import replace

NOT_RECEIVED = "not_received"
"""The failure code of messages that did not come."""
_RULES = Rules()


class ReceiveAction:
    """Take messages of a tap, or calls of a mock, that match, and wait for them; or see that none came."""

    type = "receive"
    params_model = ReceiveParams
    resource_kind = "tap"
    not_found_means_gone = True
    kept_as = "listen"
    followed: ClassVar[Mapping[str, str]] = {"from": "listen", "mock": "mock"}
    always_taken_back = False

    def execute(self, params: ReceiveParams, context_data: ActionContext) -> ActionResult:
        """Look once; what was heard stays for later looks and steps, until one takes it.

        Result: `{messages, first, heard, elapsed_ms}`: what was taken, the first of it (null without any), and how many
        messages were heard in all. Raises ActionError, of kind validation when there is no such tap or mock.
        """
        return _Look(params, context_data).result()

    def is_safe_to_repeat(self, params: ReceiveParams) -> bool:
        """Unless it sends: what a call that never came back has heard comes again."""
        return params.send is None

    def only_reads(self, params: ReceiveParams) -> bool:
        """Unless it sends: the tap is the run's own."""
        return params.send is None

    def taken(self, params: PlannedParams) -> Json:
        """The messages of a tap or mock that match."""
        sources = [params.get("from"), params.get("mock")]
        return None if params.get("count") == 0 else [*sources, params.get("match", {})]

    def uses_aws(self, params: PlannedParams) -> bool:
        """Of a tap; that of a WebSocket is not known to be one."""
        return "mock" not in params

    def needs_permissions(self, followed: PlannedParams) -> bool:
        """For a queue that its tap made: of what is only read, `listen` has all permissions, and a mock needs none."""
        return not READ_ONLY.intersection(followed)

    def permissions(self, params: PlannedParams, location: AwsLocation) -> RequiredPermissions:
        """Those to read the queues of taps."""
        return RequiredPermissions(tuple(permissions.of_receive(location)) if self.uses_aws(params) else ())

    def summary(self, params: PlannedParams) -> Summary:
        """How many messages, and from which tap."""
        count, source = params.get("count", 1), as_text(params.get("mock", params.get("from")))
        kind = "mock" if "mock" in params else ""
        sending = "send, and " if params.get("send") is not None else ""
        return Summary(f"{sending}receive {'nothing' if count == 0 else as_text(count)} from {source}", source, kind)

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
        self._source = _source(params, context_data)
        self._heard = Heard.of(params.source, (*kept.others, own))
        self._own: dict[str, Json] = dict(own.get("heard", {}))
        self._taken: list[str] = list(own.get("taken", ()))
        self._began = context_data.clock.monotonic()

    def result(self) -> ActionResult:
        """What this look comes to."""
        params = self._params
        if params.count == 0:
            return self._none()
        self._take()
        heard_more = False
        look_ends = self._lasted() + min(LONG_POLL, self._left())
        while len(self._taken) < params.count:
            heard_more = self._listen(max(0.0, look_ends - self._lasted())) or heard_more
            self._take()
            if not self._source.may_repeat or self._source.end or self._lasted() >= look_ends:
                break
        messages = [self._heard.messages[name] for name in self._taken]
        if len(self._taken) >= params.count:
            return self._done(messages)
        if self._left() > 0 and not self._source.end:
            pause = min(self._source.pause(heard_more=heard_more), self._left())
            return replace(self._done(messages), resume_after_seconds=pause)
        return self._not_received(messages)

    def _none(self) -> ActionResult:
        """What a look for nothing comes to. Raises ActionError when more may have come than could be heard."""
        self._listen(0.0 if self._source.stores else SHORT_POLL)
        while self._source.unheard and not self._matching() and self._lasted() < self._context.timeout_seconds / 2:
            self._context.clock.sleep(PAUSE)
            self._listen(0.0)
        found, source = self._matching(), self._source
        if found:
            failure = f"{count(len(found), source.message)} came that {'match' if len(found) > 1 else 'matches'}"
            return self._done([self._heard.messages[name] for name in found], failure, "received")
        if source.unheard:
            raise source.unheard.with_effect(Effect.NONE)
        kept, came = len(self._heard.messages), count(self._number(), source.message)
        if self._number() > kept:
            tells = f"the {source.noun} {self._params.source} kept {kept} of {came}"
            return self._done([], f"whether one came that matches is not known: {tells}", NOT_RECEIVED)
        return self._done([], f"nothing can come any more: {source.end}" if source.end else None, NOT_RECEIVED)

    def _left(self) -> float:
        """Seconds until the step's time is over."""
        within = self._params.within_seconds - self._context.elapsed_seconds
        return min(within, self._context.patience_seconds) - self._lasted()

    def _lasted(self) -> float:
        """Seconds since this look began."""
        return self._context.clock.monotonic() - self._began

    def _listen(self, wait: float) -> bool:
        """Hear what is new; whether anything is."""
        heard = self._source.hear(self._heard.messages, wait)
        new = {name: message for name, message in heard.items() if name not in self._heard.messages}
        self._heard.messages |= new
        if not self._source.stores:
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
        seconds = self._context.elapsed_seconds + self._lasted()
        result = {
            "messages": messages,
            "first": messages[0] if messages else None,
            "heard": self._number(),
            "elapsed_ms": round(1000 * seconds),
        }
        keeps = {"tap": self._params.source, "heard": self._own, "taken": self._taken, **self._source.keeps}
        return ActionResult(
            result,
            request=self._params.model_dump(by_alias=True, exclude={"mock" if self._params.tap else "tap"}),
            failure=failure,
            failure_code=code,
            keeps=None if keeps == self._context.kept.own else keeps,
            effect=Effect.NONE,
        )

    def _number(self) -> int:
        """How many messages were heard, those that a mock did not keep included."""
        return max(self._source.number, len(self._heard.messages))

    def _differences(self, message: Json) -> int:
        return len(list(mismatches(self._params.match, message, "$", _RULES)))

    def _taken_before(self) -> str:
        """How many messages that match an earlier step took, as the end of a sentence; empty for none."""
        before = [
            message
            for name, message in self._heard.messages.items()
            if name in self._heard.taken and name not in self._taken and matches(self._params.match, message, _RULES)
        ]
        if not before:
            return ""
        number = count(len(before), self._source.message)
        return f"; an earlier step took {number} that {'match' if len(before) > 1 else 'matches'}"

    def _not_received(self, messages: list[Json]) -> ActionResult:
        """The failure, with the message that comes closest, of several the newest, compared field by field."""
        others = [each for name, each in self._heard.messages.items() if name not in self._heard.taken]
        wanted = self._params.count
        source, name = self._source, self._params.source
        came = f"{len(messages)} of {wanted} came" if wanted > 1 else f"no {source.message} came"
        heard = f"heard {count(self._number(), source.message)}{source.remark(self._heard.messages)}"
        when = f", and {source.end}" if source.end else f" within {self._params.within_seconds:g} s"
        failure = f"{came} that matches{when}; the {source.noun} {name} {heard}{self._taken_before()}"
        closest = min(reversed(others), key=self._differences, default=None)
        checks = () if closest is None else (_compared(self._params.match, closest),)
        return replace(self._done(messages, failure, NOT_RECEIVED), checks=checks)


def _compared(pattern: Json, closest: Json) -> AssertionResult:
    check = assertion.check({"path": "$", "matches": pattern, "name": "the closest message"}, closest)
    return replace(check, source="params.match")


def _source(params: ReceiveParams, context_data: ActionContext) -> MessageSource:
    if params.mock is not None:
        return MockSource(params.mock, context_data)
    source = TapSource.of(params.source, context_data)
    if source.tap.kind != "websocket":
        if params.send is not None:
            raise ActionError(
                f"the tap {params.source} hears a {source.tap.kind.replace('_', ' ')}, to which `send` sends nothing",
                kind=ErrorKind.VALIDATION,
                hint="leave `send` out, or listen to a `websocket`",
            ).with_effect(Effect.NONE)
        return source
    websocket = SocketSource(params.source, context_data)
    if params.send is not None and context_data.kept.own is None:
        websocket.send(encoded(params.send, "send"))
    return websocket

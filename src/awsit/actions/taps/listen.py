"""`listen`: open a tap, and go on when it hears."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from awsit.actions.http_call.encoding import host_names
from awsit.actions.http_call.forecast import host_of, permissions_of_websocket, token_givers, uses_aws
from awsit.actions.sqs.queues import name_in, queue_url
from awsit.actions.taps import permissions
from awsit.actions.taps.event_rules import put_probe, put_rule, put_target, refuse_silent_bucket
from awsit.actions.taps.params import HEARD_AT_ONCE, SOURCES, WAIT_SECONDS, WAITED_FOR, ListenParams
from awsit.actions.taps.queues import (
    arn_before,
    create_queue,
    policy_for,
    receive,
    refuse_dead_letters,
)
from awsit.actions.taps.removal import compensations_of, planned
from awsit.actions.taps.sources import open_positions
from awsit.actions.taps.tap import Tap
from awsit.actions.taps.topics import subscribe, unsubscribe
from awsit.errors import ActionError, Effect
from awsit.expressions.values import as_text, is_number
from awsit.http.validation import shown_url
from awsit.model.action.abilities import Resumptions
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.compensation import Compensation, PlannedCompensation
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.connections.websockets import WITHOUT_WEBSOCKETS
from awsit.model.evidence import Traffic
from awsit.model.json import Json
from awsit.model.permissions import AwsLocation, RequiredPermissions
from awsit.model.ports import Aws
from awsit.records import replace

PROBE_SECONDS = 2.0
"""From one probe to the next."""
READY_WITHIN = 120.0
"""After so many seconds without a probe that came, the tap is deaf."""


class ListenAction:
    """Hear a bus, topic, bucket, queue, stream, log group or WebSocket from now on; `receive` takes what came."""

    type = "listen"
    params_model = ListenParams
    resource_kind = "tapped"
    not_found_means_gone = True
    kept_as = "listen"
    always_taken_back = True
    limit_kind = "http"

    def execute(self, params: ListenParams, context_data: ActionContext) -> ActionResult:
        """Open the tap at the first call; at each call, find out whether it hears.

        Result: `{queue_url, elapsed_ms}`, of a stream or log group its name in place of the URL, of a WebSocket
        `{websocket, status, elapsed_ms}`; null for what clean-up does.
        Raises ActionError when the tap cannot be opened, or may not be (of kind validation).
        """
        request = params.model_dump(exclude_defaults=True)
        if params.unsubscribe:
            unsubscribe(params.topic or "", params.unsubscribe, context_data)
            return ActionResult(None, request=request)
        if params.websocket:
            from awsit.actions.taps.websockets.opening import listen_to_websocket  # few taps need it

            return listen_to_websocket(params, context_data)
        kept = context_data.kept.own
        tap = Tap.of(kept) if kept else _open(params, context_data)
        heard: dict[str, Json] = kept["heard"] if kept else {}
        if params.waits is None:
            return _probed(params, tap, heard, context_data, request)
        keeps = tap.kept(heard)
        if params.stream or params.log_group:
            keeps["positions"] = kept["positions"] if kept else open_positions(tap, context_data)
        result: dict[str, Json] = (
            {"queue_url": tap.queue_url} if tap.queue_url else {params.kind: getattr(params, params.kind)}
        )
        result["elapsed_ms"] = round(1000 * params.waits)
        waiting = params.waits if kept is None and params.waits else None
        effect = Effect.DONE if tap.queue_url else Effect.NONE
        return ActionResult(result, request=request, resume_after_seconds=waiting, keeps=keeps, effect=effect)

    def compensations(self, params: ListenParams, context_data: ActionContext) -> tuple[Compensation, ...]:
        """What removes the tap, known before it is opened: all names are."""
        return compensations_of(params, context_data)

    def compensations_of_result(self, _params: ListenParams, _done: ActionResult) -> tuple[Compensation, ...]:
        """Nothing more."""
        return ()

    def planned_compensation(self, params: PlannedParams) -> PlannedCompensation:
        """The same, as far as it is known."""
        return planned(params)

    def is_safe_to_repeat(self, params: ListenParams) -> bool:
        """What is there already is found again; a message that is sent over a WebSocket is sent twice."""
        return params.send is None

    def only_reads(self, params: ListenParams) -> bool:
        """Whether what is listened to is there already, and nothing is sent to it."""
        return params.makes_nothing and params.send is None

    def uses_aws(self, params: PlannedParams) -> bool:
        """For all but a WebSocket, which may be opened without."""
        return "websocket" not in params or uses_aws(params)

    def limited_names(self, params: PlannedParams) -> tuple[str, ...]:
        """The host to which a WebSocket is opened; `limits` has no names for other taps."""
        return host_names(str(params["websocket"])) if "websocket" in params else ()

    def get_ready(self, aws: Aws) -> None:
        """Nothing: the connection is made within the turn."""

    def permissions(self, params: PlannedParams, location: AwsLocation) -> RequiredPermissions:
        """Those to make the tap, to probe it, and to read it; of a WebSocket, to open it."""
        if "websocket" in params:
            return permissions_of_websocket(str(params["websocket"]), params.get("auth"), location)
        return RequiredPermissions(tuple(permissions.of_listen(params, location)))

    def why_only_here(self, params: PlannedParams) -> str:
        """A connection must stay open from one step to the next."""
        return WITHOUT_WEBSOCKETS if "websocket" in params else ""

    def traffic(self, request: Mapping[str, Json]) -> Traffic:
        """The queue that is listened to."""
        return Traffic(queues=(name_in(str(request["queue"])),)) if "queue" in request else Traffic()

    def summary(self, params: PlannedParams) -> Summary:
        """What it listens to."""
        source = next((name for name in SOURCES if name in params), SOURCES[0])
        is_socket, name = source == "websocket", as_text(params.get(source))
        url, name = name, shown_url(name) if is_socket else name
        called = f"{source.replace('_', ' ')} {name}"
        text = f"stop listening to {called}" if "unsubscribe" in params else f"listen to {called}"
        return Summary(text, host_of(url), "host", token_givers(params)) if is_socket else Summary(text, called)

    def resumptions(self, params: PlannedParams) -> Resumptions | None:
        """The probes after the first, or the wait in place of them."""
        if params.keys() & {*HEARD_AT_ONCE, "unsubscribe"}:
            return None
        seconds = params.get("ready_seconds", WAIT_SECONDS if params.keys() & WAITED_FOR else None)
        if seconds is None:
            return Resumptions(math.ceil(READY_WITHIN / PROBE_SECONDS), PROBE_SECONDS, polls=True)
        if not is_number(seconds):
            return Resumptions(1, None)
        return Resumptions(1, float(seconds)) if seconds else None


ACTION = ListenAction()


def _open(params: ListenParams, context_data: ActionContext) -> Tap:
    if params.stream:
        return Tap(context_data.step, "", params.kind, is_own=False, stream=params.stream, match=params.match)
    if params.log_group:
        pattern = params.pattern if isinstance(params.pattern, str) else None
        return Tap(context_data.step, "", params.kind, is_own=False, log_group=params.log_group, pattern=pattern)
    if params.queue:
        url = queue_url(context_data.aws, params.queue)
        if not params.take:
            refuse_dead_letters(url, context_data)
        return Tap(context_data.step, url, params.kind, is_own=False, takes=params.take)
    if params.bucket:
        refuse_silent_bucket(params.bucket, context_data)
    make = _subscribed if params.topic else _targeted
    return Tap(context_data.step, make(params, context_data), params.kind)


def _subscribed(params: ListenParams, context_data: ActionContext) -> str:
    """The URL of a queue that is subscribed to the topic."""
    arn, topic = arn_before(context_data), params.topic or ""
    url = create_queue(policy_for(arn, "sns.amazonaws.com", topic), context_data)
    with _after_creation():
        subscribe(topic, params.filter, arn, context_data)
    return url


def _targeted(params: ListenParams, context_data: ActionContext) -> str:
    """The URL of a queue that is the target of a rule, which is made first: the queue's policy names it."""
    arn, rule_arn = arn_before(context_data), put_rule(params, context_data)
    with _after_creation():
        url = create_queue(policy_for(arn, "events.amazonaws.com", rule_arn), context_data)
        put_target(params, arn, context_data)
    return url


@contextmanager
def _after_creation() -> Iterator[None]:
    """Part of a tap is there: an error of the block, even a refusal, leaves something to remove."""
    try:
        yield
    except ActionError as error:
        error.with_effect(Effect.DONE)
        raise


def _probed(
    params: ListenParams, tap: Tap, heard: dict[str, Json], context_data: ActionContext, request: Json
) -> ActionResult:
    """Put a probe on the bus, and look whether one came; what else came is kept."""
    began = context_data.clock.monotonic()
    with _after_creation():
        put_probe(params, context_data)
        batch = receive(tap, heard, PROBE_SECONDS, context_data)
    lasted = context_data.clock.monotonic() - began
    seconds = context_data.elapsed_seconds + lasted
    result = {"queue_url": tap.queue_url, "elapsed_ms": round(1000 * seconds)}
    done = ActionResult(result, request=request, keeps=tap.kept({**heard, **batch.messages}))
    if batch.has_probe:
        return done
    left = min(READY_WITHIN - seconds, context_data.patience_seconds - lasted)
    if left > 0:
        return replace(done, resume_after_seconds=min(PROBE_SECONDS, left))
    failure = f"{tap.name}: no probe came within {seconds:.0f} s, so that the tap hears nothing"
    return replace(done, failure=failure, failure_code="TapIsDeaf")

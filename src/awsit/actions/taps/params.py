"""The params of `listen` and `receive`."""

from __future__ import annotations

from typing import Annotated, Any, Self

from pydantic import AfterValidator, ConfigDict, Field, model_validator

from awsit.actions.always_refused import impossible_pattern
from awsit.actions.http_call.auth.params import Auth
from awsit.actions.http_call.encoding import check_absolute
from awsit.actions.http_call.headers import check_headers
from awsit.actions.params import DAY_SECONDS, Number, Params, Pattern, Scalar, VerifyTls
from awsit.expressions.templates.segments import holds_template
from awsit.http.websockets.urls import handshake_url, socket_url
from awsit.patterns import lazy_pattern
from awsit.validation.errors import Finding, findings, refusal

SOURCES = ("event_bus", "topic", "bucket", "queue", "stream", "log_group", "websocket")
WAIT_SECONDS = 2.0
"""After so long a new subscription gets what is published, and what a log group gets is later than its tap."""
_GOES_WITH = {
    "filter": "topic",
    "prefix": "bucket",
    "events": "bucket",
    "take": "queue",
    "match": "stream",
    **dict.fromkeys(
        ("headers", "auth", "protocols", "verify_tls", "expected_status", "send", "ready_when"), "websocket"
    ),
}
_PATTERNS = {"event_bus": (dict, "a mapping: an event pattern"), "log_group": (str, "a text: a filter pattern")}
READ_ONLY = frozenset({"queue", "stream", "log_group", "websocket"})
"""Sources of which nothing is made in AWS to hear them: most are there already, a connection ends with its run."""
WAITED_FOR = frozenset({"topic", "log_group"})
"""Sources that are heard after some seconds, with no probe."""
HEARD_AT_ONCE = READ_ONLY - WAITED_FOR
_MOST_TAKEN = 1000


_TOKEN = lazy_pattern(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
"""What a subprotocol may be (RFC 6455, section 4.1; RFC 9110, section 5.6.2)."""
_OF_THE_HANDSHAKE = frozenset({"host", "connection", "upgrade"})
"""With those that begin with `Sec-WebSocket-`, what the handshake itself says (RFC 6455, section 4.1)."""


def _socket_url(value: str) -> str:
    """The URL, if a WebSocket can be opened by it."""
    url = value.strip()
    if holds_template(url):
        return value
    if url[:8].lower() == "https://" or url[:7].lower() == "http://":
        raise refusal(f"must be the URL of a WebSocket, not {url!r}", f"write {socket_url(url)}")
    if not url.lower().startswith(("ws://", "wss://")):
        raise refusal(f"must be the URL of a WebSocket, not {url!r}", "begin it with wss:// or ws://")
    try:
        check_absolute(handshake_url(url))
    except ValueError as error:
        raise ValueError(str(error).replace("https://", "wss://").replace("http://", "ws://")) from None
    return value


def _headers(value: dict[str, Any]) -> dict[str, Any]:
    check_headers(value)
    for name in value:
        if name.lower() in _OF_THE_HANDSHAKE or name.lower().startswith("sec-websocket-"):
            hint = "give them as `protocols`" if name.lower() == "sec-websocket-protocol" else "leave it out"
            raise findings(
                [Finding(f"the header {name} is of the handshake itself", (name,), hint, code="invalid_key")]
            )
    return value


def _protocols(value: list[str]) -> list[str]:
    for each in value:
        if not holds_template(each) and not _TOKEN.fullmatch(each):
            raise refusal(f"cannot name {each!r}: a subprotocol is a token", "use letters, digits and hyphens")
    return value


class ListenParams(Params):
    """Params of `listen`: one source, and what of it is to be heard."""

    event_bus: str | None = Field(
        default=None, min_length=1, description="Name or ARN of an EventBridge bus, such as `default`."
    )
    pattern: dict[str, Any] | str | None = Field(
        default=None,
        min_length=1,
        description="What is heard of the bus: the event pattern of the rule. What is heard of the log group: a filter "
        "pattern of CloudWatch Logs, a text; by default all.",
    )
    topic: str | None = Field(default=None, min_length=1, description="ARN of an SNS topic.")
    filter: dict[str, Any] | None = Field(
        default=None,
        min_length=1,
        description="The filter policy of the subscription: what is heard of the topic. It may take 15 minutes to take "
        "full effect, so `match` of `receive` says what must come.",
    )
    bucket: str | None = Field(
        default=None, min_length=1, description="Name of a bucket that sends its events to EventBridge."
    )
    prefix: str = Field(default="", description="What the keys of the objects begin with.")
    events: list[str] = Field(
        default_factory=lambda: ["Object Created"],
        min_length=1,
        description="The events of the bucket, by the `detail-type` that they have in EventBridge.",
    )
    queue: str | None = Field(
        default=None,
        min_length=1,
        description="URL, name or ARN of a queue with its own consumer: messages are looked at, and stay in it.",
    )
    take: bool = Field(default=False, description="Take the messages out of the `queue`: its consumer lacks them.")
    stream: str | None = Field(
        default=None,
        min_length=1,
        description="Name or ARN of a Kinesis data stream, or ARN of the stream of a DynamoDB table.",
    )
    log_group: str | None = Field(default=None, min_length=1, description="Name or ARN of a log group of CloudWatch.")
    match: Pattern = Field(
        default_factory=dict,
        description="What is heard of the stream: a partial document, with markers as in `matches`. By default all.",
    )
    ready_seconds: Number | None = Field(
        default=None,
        ge=0,
        le=600,
        description="Wait so long, in place of probe events on the bus, until the tap hears. Of a topic or "
        "a log group: 2.",
    )
    websocket: Annotated[str, AfterValidator(_socket_url)] | None = Field(
        default=None,
        min_length=1,
        description="URL of a WebSocket API, to which a connection stays open until the end of the run. With "
        "`--engine local` only.",
        examples=["wss://abc123.execute-api.eu-west-1.amazonaws.com/prod"],
    )
    headers: Annotated[dict[str, Scalar], AfterValidator(_headers)] = Field(
        default_factory=dict,
        description="Headers of the request that opens the `websocket`; null leaves one out, also a default one.",
    )
    auth: Auth | None = Field(
        default=None, description="How the request that opens the `websocket` shows who sends it, as in `http_call`."
    )
    protocols: Annotated[list[str], AfterValidator(_protocols)] = Field(
        default_factory=list, description="Subprotocols of the `websocket`, of which the server chooses one."
    )
    verify_tls: VerifyTls = Field(
        default=True,
        description="Check the certificate of the `websocket`'s server: true, false, or the path of a file of "
        "certificates in PEM format.",
    )
    expected_status: int = Field(
        default=101,
        ge=101,
        le=599,
        description="Status with which the `websocket` must answer: 101 opens it, any other refuses it.",
    )
    send: Any = Field(
        default=None,
        description="A message that is sent over the `websocket` once it is open, or a list of them: text as it is, "
        "any other value as JSON.",
    )
    ready_when: Pattern | None = Field(
        default=None,
        description="The tap is ready with a message that this partial document fits; by default when the `websocket` "
        "is open. It stays for `receive`.",
    )
    unsubscribe: str | None = Field(
        default=None,
        description="ARN of a queue whose subscription to `topic` is ended: how the tap itself is removed.",
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        sources = [name for name in SOURCES if getattr(self, name) is not None]
        if len(sources) != 1:
            raise ValueError(f"exactly one of {', '.join(f'`{name}`' for name in SOURCES)} must be given")
        for name, source in _GOES_WITH.items():
            if name in self.model_fields_set and source != sources[0]:
                raise ValueError(f"`{name}` goes with `{source}`, not with `{sources[0]}`")
        self._check_pattern(sources[0])
        if self.ready_seconds is not None and sources[0] in HEARD_AT_ONCE:
            raise ValueError(f"`ready_seconds` does not go with `{sources[0]}`, which is heard at once")
        if self.event_bus and not self.pattern:
            raise ValueError("`event_bus` needs a `pattern`: what is to be heard, such as {source: [orders]}")
        return self

    def _check_pattern(self, source: str) -> None:
        if self.pattern is None:
            return
        if source not in _PATTERNS:
            raise ValueError(f"`pattern` goes with `event_bus` or `log_group`, not with `{source}`")
        kind, words = _PATTERNS[source]
        if not isinstance(self.pattern, kind):
            raise ValueError(f"the `pattern` of `{source}` is {words}")  # noqa: TRY004 - pydantic expects it
        if isinstance(self.pattern, dict) and (wrong := list(impossible_pattern(self.pattern, ("pattern",)))):
            raise findings(wrong)

    @property
    def kind(self) -> str:
        """What its messages are: of an event bus (a bucket's too), a topic, queue, stream, log group or WebSocket."""
        kinds = ("topic", "queue", "stream", "log_group", "websocket")
        return next((name for name in kinds if getattr(self, name)), "event_bus")

    @property
    def handshake_url(self) -> str:
        """The URL of the request that opens the WebSocket."""
        return handshake_url((self.websocket or "").strip())

    @property
    def makes_nothing(self) -> bool:
        """Whether what is listened to is only read, so that nothing is to be removed."""
        return self.kind in READ_ONLY

    @property
    def waits(self) -> float | None:
        """Seconds until the tap surely hears; None when probes tell."""
        if self.ready_seconds is not None:
            return self.ready_seconds
        return 0.0 if self.kind in HEARD_AT_ONCE else WAIT_SECONDS if self.kind in WAITED_FOR else None


class ReceiveParams(Params):
    """Params of `receive`."""

    model_config = ConfigDict(populate_by_name=True)

    tap: str | None = Field(default=None, alias="from", min_length=1, description="The name of the `listen` action.")
    mock: str | None = Field(
        default=None,
        min_length=1,
        description="The name of a `mock` action, in place of `from`: its calls are messages.",
    )
    match: Pattern = Field(
        default_factory=dict,
        description="A partial document, with markers as in `matches`, that a message must fit. By default any does.",
    )
    count: int = Field(
        default=1, ge=0, le=_MOST_TAKEN, description="How many messages to take. 0: none may come; see `during`."
    )
    send: Any = Field(
        default=None,
        description="A message that is sent over the WebSocket of the tap before the first look, or a list of them: "
        "text as it is, any other value as JSON. It is sent once.",
    )
    within_seconds: Number = Field(
        default=30.0, gt=0, le=DAY_SECONDS, description="How long to wait for them, from the first look."
    )

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        if (self.tap is None) == (self.mock is None):
            raise ValueError(
                "needs either `from`, the name of a `listen` action, or `mock`, the name of a `mock` action"
            )
        if self.mock is not None and self.send is not None:
            raise ValueError("`send` goes with `from`, not with `mock`")
        return self

    @property
    def source(self) -> str:
        """The name of the tap or mock."""
        return self.tap or self.mock or ""

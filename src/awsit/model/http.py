"""HTTP requests and responses, as transport, mocks and actions hand them to each other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from msgspec import Struct, field

from awsit.errors import ActionError, Effect, ErrorKind
from awsit.model.json import Json
from awsit.suggestions import suggestion


class Cookie(Struct, frozen=True):
    """One cookie (RFC 6265, section 5.3). `expires` is in seconds since the epoch; None: with the run.

    `host_only`: it goes to the host that set it alone, not to those below its `domain`.
    """

    name: str
    value: str
    domain: str
    path: str
    secure: bool
    expires: int | None
    host_only: bool


class ClientCertificate(Struct, frozen=True):
    """How a client shows in TLS who it is: certificate and private key in PEM, `key` empty when both are in one."""

    certificate: bytes
    key: bytes = b""
    password: str = ""


class HttpRequest(Struct, frozen=True):
    """One HTTP request, ready to send. `url` includes the query; timeouts in seconds; `verify` may name a CA file.

    `allowed_seconds` is what messages call `timeout_seconds`, where some of the time that it was given is over already.

    A header for which `is_secret(name, value)` is true is not sent to another origin after a redirect. `keep_method`
    keeps method and body over every redirect; `path_as_is` sends the path with its dot segments. With `cookies`, those
    that belong to a URL are sent to it, and what its responses set is kept.
    """

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    timeout_seconds: float = 30.0
    connect_timeout_seconds: float = 5.0
    follow_redirects: bool = True
    max_redirects: int = 5
    verify: bool | str = True
    max_response_bytes: int = 6 * 1024 * 1024
    is_secret: Callable[[str, str], bool] = lambda _name, _value: False
    keep_method: bool = False
    path_as_is: bool = False
    client_certificate: ClientCertificate | None = None
    cookies: tuple[Cookie, ...] | None = None
    allowed_seconds: float | None = None


class HttpResponse(Struct, frozen=True):
    """One HTTP response, read whole. Header names in lower case; several of one name joined by `, `.

    `method` is that of the request that it answers, the last one after redirects; empty where that is not known.
    `set_cookies` are its `Set-Cookie` lines; `cookies` are all that are kept now, when the request kept any.
    `redirects` are the statuses of the redirects that led to it.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    elapsed_seconds: float = 0.0
    method: str = ""
    set_cookies: tuple[str, ...] = ()
    cookies: tuple[Cookie, ...] = ()
    redirects: tuple[int, ...] = ()


class Repeat(Struct, frozen=True):
    """A request of an action that the AWS SDK made again: when it began (monotonic), how long it took, how it ended.

    `delay_seconds` is the wait that followed, `effect` what the request did, as far as is known; `code` is that of its
    error.
    """

    started: float
    seconds: float
    message: str
    effect: Effect
    delay_seconds: float = 0.0
    code: str = ""


class Sending(Struct):
    """How the AWS calls of a block went: `note` gets each request that the SDK made again.

    `is_unsafe`: one may have been carried out and is not safe to repeat.
    """

    note: Callable[[Repeat], None]
    is_unsafe: bool = False


class ReceivedCall(Struct, frozen=True):
    """A request that a mock got. `target` is path and query as they were sent; header names are in lower case."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes


class CannedResponse(Struct, frozen=True):
    """What a mock answers, after `delay_seconds`."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    delay_seconds: float = 0.0


class CallLog(Struct, frozen=True):
    """The calls that a mock got, by IDs in their order. `number` counts those, too, that were too many to keep."""

    calls: Mapping[str, Json]
    number: int


class Mocks(Protocol):
    """Mocks of HTTP services, each the one of a step of a run.

    `pause_seconds` is the wait between two looks at the calls; 0 where a look itself waits for another call.
    """

    pause_seconds: float

    def open(self, run_id: str, name: str, routes: Json, port: int) -> str:
        """Begin to answer, at any port for 0. Returns the URL, without a slash at its end; raises ActionError.

        A mock that is open already stays as it is.
        """

    def calls(self, run_id: str, name: str, known: int, seconds: float) -> CallLog:
        """The calls until now; where they are no more than `known`, the mock may wait so long for another one.

        Raises ActionError, of kind validation when there is no such mock.
        """

    def close(self, run_id: str, name: str) -> None:
        """Answer no more, and forget the calls. One that is not open is left alone."""


WITHOUT_MOCKS = "the stack has no mocks, so no run in the account can play one"
DEPLOY_MOCKS = "`awsit deploy --parameter Mocks=true` gives it what plays them; or run it with `--engine local`"


class NoMocks:
    """What stands for mocks where there can be none."""

    pause_seconds = 1.0

    def open(self, _run_id: str, _name: str, _routes: Json, _port: int) -> str:
        """Raises ActionError."""
        raise ActionError(
            WITHOUT_MOCKS,
            kind=ErrorKind.VALIDATION,
            hint=DEPLOY_MOCKS,
        ).with_effect(Effect.NONE)

    def calls(self, _run_id: str, name: str, _known: int, _seconds: float) -> CallLog:
        """Raises ActionError."""
        raise no_mock(name, ())

    def close(self, _run_id: str, _name: str) -> None:
        """There is none to close."""


def no_mock(name: str, open_ones: Iterable[str]) -> ActionError:
    """What to raise for calls of a mock that is not open."""
    listed = ", ".join(open_ones) or "none"
    return ActionError(
        f"there is no open mock {name!r}{suggestion(name, open_ones)}",
        kind=ErrorKind.VALIDATION,
        hint=f"open it by a `mock` action of this name, before what is to call it; open mocks: {listed}",
    )

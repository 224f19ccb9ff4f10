"""HTTP requests and responses, as transport and actions hand them to each other."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field

from awsit.errors import Effect
from awsit.records import dataclass


@dataclass(frozen=True, slots=True)
class Cookie:
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


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """How a client shows in TLS who it is: certificate and private key in PEM, `key` empty when both are in one."""

    certificate: bytes
    key: bytes = b""
    password: str = ""


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One HTTP request, ready to send. `url` includes the query; timeouts in seconds; `verify` may name a CA file.

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


@dataclass(frozen=True, slots=True)
class HttpResponse:
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


@dataclass(frozen=True, slots=True)
class Repeat:
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


@dataclass(slots=True)
class Sending:
    """How the AWS calls of a block went: `note` gets each request that the SDK made again.

    `is_unsafe`: one may have been carried out and is not safe to repeat.
    """

    note: Callable[[Repeat], None]
    is_unsafe: bool = False

"""urllib3's errors in plain words."""

from __future__ import annotations

import errno
import ssl
from collections.abc import Callable, Sequence
from http.client import HTTPException, IncompleteRead, RemoteDisconnected
from typing import Any
from urllib.parse import urlsplit

from urllib3 import exceptions

from awsit.errors import ActionError, Effect, ErrorKind
from awsit.http.addressing.destinations import RefusedAddress
from awsit.http.addressing.lookup import LookupTimeoutError
from awsit.http.decoding import DecodingError, TruncatedBody, UnknownCoding
from awsit.http.handshake import HandshakeError
from awsit.http.validation import shown_url
from awsit.model.http import HttpRequest, HttpResponse
from awsit.model.text.counts import count

_CUT_HINT = "the service was reached: look in its log, or that of a proxy before it, at why it ended the connection"
_TLS_HINT = "check the certificate; `verify_tls` may name a file with the CA's certificate, or be false in a test"
_CERTIFICATE_REFUSED = frozenset(
    {
        "SSLV3_ALERT_BAD_CERTIFICATE",
        "SSLV3_ALERT_CERTIFICATE_EXPIRED",
        "SSLV3_ALERT_CERTIFICATE_REVOKED",
        "SSLV3_ALERT_CERTIFICATE_UNKNOWN",
        "SSLV3_ALERT_HANDSHAKE_FAILURE",
        "SSLV3_ALERT_UNSUPPORTED_CERTIFICATE",
        "TLSV1_ALERT_UNKNOWN_CA",
        "TLSV13_ALERT_CERTIFICATE_REQUIRED",
    }
)
"""Alerts of a server about the client's certificate (RFC 8446, section 6.2), as OpenSSL names them."""
_REACH_HINT = "check that the service runs, the host and port, and the security groups on the way"


class InterruptedResponse(ActionError):
    """The head of a response came, and its body not to its end; `partial` holds as much as came."""

    def __init__(self, message: str, partial: HttpResponse, *, kind: ErrorKind, hint: str) -> None:
        super().__init__(message, kind=kind, hint=hint)
        self.effect = Effect.UNKNOWN
        self.partial = partial


def as_action_error(error: Exception, request: HttpRequest, partial: HttpResponse | None = None) -> ActionError:
    """The ActionError for what urllib3 raised while `request` was sent; kinds timeout, connection and validation.

    `partial` is as much of the response as had come.
    """
    reason = error.reason if isinstance(error, exceptions.MaxRetryError) and error.reason else error
    kind, explanation, hint = _explain(reason, request)
    message = f"{request.method} {shown_url(request.url)}: {explanation}"
    if partial is not None:
        return InterruptedResponse(message, partial, kind=kind, hint=hint)
    is_unsent = isinstance(reason, _BEFORE_SENDING) or _refuses_certificate(_inside(reason))
    effect = Effect.NONE if is_unsent else Effect.UNKNOWN
    return ActionError(message, kind=kind, hint=hint).with_effect(effect)


def too_large(request: HttpRequest) -> ActionError:
    """The response does not fit into `max_response_bytes`."""
    most = count(request.max_response_bytes, "byte")
    return ActionError(
        f"{request.method} {shown_url(request.url)}: the response is larger than {most}",
        kind=ErrorKind.VALIDATION,
        hint="ask for less, or raise `max_response_bytes`",
    ).with_effect(Effect.UNKNOWN)


def too_many_redirects(request: HttpRequest) -> ActionError:
    """The last redirect that may be followed led to another one."""
    return ActionError(
        f"{request.method} {shown_url(request.url)}: more than {request.max_redirects} redirects",
        kind=ErrorKind.VALIDATION,
        hint="check the service for a loop, or set `follow_redirects: false`",
    ).with_effect(Effect.UNKNOWN)


def several_locations(request: HttpRequest, locations: Sequence[str]) -> ActionError:
    """A redirect leads to several places, which Fetch takes for no place ("location URL", step 2)."""
    places = " and ".join(map(shown_url, locations))
    return ActionError(
        f"{request.method} {shown_url(request.url)}: a redirect leads to several places: {places}",
        kind=ErrorKind.VALIDATION,
        hint="check the service, or the proxy before it, or set `follow_redirects: false`",
    ).with_effect(Effect.UNKNOWN)


_BEFORE_SENDING = (
    exceptions.NewConnectionError,
    exceptions.ConnectTimeoutError,
    exceptions.ProxyError,
    exceptions.ProxySchemeUnsupported,
    exceptions.LocationValueError,
    exceptions.URLSchemeUnknown,
    HandshakeError,
    RefusedAddress,
)
"""Errors that come before the first byte of a request is sent."""

_Explanation = tuple[ErrorKind, str, str]


def _explain(error: Exception, request: HttpRequest) -> _Explanation:
    """Kind, message and hint; of `_EXPLAINERS` the first that knows the error."""
    if _is_timeout(error):
        return _timed_out(error, request)
    known = (explain(error, request) for kinds, explain in _EXPLAINERS if isinstance(error, kinds))
    return next(filter(None, known), None) or _connection(error, request)


def _is_timeout(error: Exception) -> bool:
    if isinstance(error, exceptions.NewConnectionError):
        return False
    return isinstance(error, exceptions.TimeoutError | TimeoutError) or isinstance(_inner(error), TimeoutError)


def _inner(error: Exception) -> object:
    """The error that a ProtocolError wraps, if there is one."""
    return error.args[1] if isinstance(error, exceptions.ProtocolError) and len(error.args) > 1 else None


def _timed_out(error: Exception, request: HttpRequest) -> _Explanation:
    allowed = request.allowed_seconds or request.timeout_seconds
    if isinstance(error, exceptions.ConnectTimeoutError):
        connect = request.connect_timeout_seconds
        seconds = connect if connect < request.timeout_seconds else allowed
        if isinstance(error, LookupTimeoutError):
            message = f"the host name {_host(request)} was not resolved within {seconds:g} s"
            return ErrorKind.TIMEOUT, message, "check the DNS settings of this machine; inside a VPC, its own"
        return ErrorKind.TIMEOUT, f"no connection to {_host(request)} within {seconds:g} s", _REACH_HINT
    hint = "raise the action's `timeout_seconds`, or look at why the service is slow"
    return ErrorKind.TIMEOUT, f"no complete answer within {allowed:g} s", hint


def _tls(error: Exception, _: HttpRequest) -> _Explanation:
    inner = _inside(error)
    if isinstance(inner, ssl.SSLCertVerificationError):
        return ErrorKind.VALIDATION, f"the TLS certificate is not accepted: {inner.verify_message}", _TLS_HINT
    if isinstance(inner, ssl.SSLError) and inner.reason in {"WRONG_VERSION_NUMBER", "RECORD_LAYER_FAILURE"}:
        return ErrorKind.CONNECTION, "the server does not speak TLS on this port", "check the port, or use http://"
    if _refuses_certificate(inner):
        message = "the server does not accept the client's certificate, or wants one"
        return ErrorKind.VALIDATION, f"{message}: {inner.reason}", "give it as `client_certificate`"
    if isinstance(inner, ssl.SSLEOFError):
        hint = "check that the server offers TLS 1.2 or newer, and whether it wants a `client_certificate`"
        return ErrorKind.CONNECTION, "the server ended the connection while TLS was set up", hint
    return ErrorKind.CONNECTION, f"TLS could not be set up: {inner}", "check that the server offers TLS 1.2 or newer"


def _inside(error: Exception) -> Any:
    """The error of TLS itself that urllib3's holds."""
    return error if isinstance(error, ssl.SSLError) else error.args[0] if error.args else error


def _refuses_certificate(error: object) -> bool:
    """Whether the server ended the handshake over the client's certificate.

    With TLS 1.3 that is read only when the client, for which the handshake is over, waits for the response; the server
    has not taken the request (RFC 8446, sections 2 and 4.4.2.4).
    """
    return isinstance(error, ssl.SSLError) and error.reason in _CERTIFICATE_REFUSED


def _unresolved(_: Exception, request: HttpRequest) -> _Explanation:
    hint = "check the host's name; inside a VPC, check its DNS settings"
    return ErrorKind.CONNECTION, f"the host name {_host(request)} cannot be resolved", hint


def _refused(error: Exception, _: HttpRequest) -> _Explanation:
    hint = "if the request must go there, name the host in `allowed_hosts` (awsit.toml; `AllowedHosts` of the stack)"
    return ErrorKind.VALIDATION, f"no request may go there: {error}", hint


def _proxy(error: Exception, _: HttpRequest) -> _Explanation:
    cause: BaseException = error.original_error if isinstance(error, exceptions.ProxyError) else error
    if isinstance(cause, exceptions.NewConnectionError):
        cause = cause.__cause__ or cause
    return ErrorKind.CONNECTION, f"the proxy cannot be used: {cause}", "check HTTP_PROXY, HTTPS_PROXY and NO_PROXY"


def _unsendable(error: Exception, _: HttpRequest) -> _Explanation:
    return ErrorKind.VALIDATION, f"the request cannot be sent: {error}", "check the URL, also of a redirect"


def _malformed(error: Exception, _: HttpRequest) -> _Explanation:
    message = f"the response's headers contradict each other: {error}"  # ours were checked before they were sent
    return ErrorKind.VALIDATION, message, "check the service, or the proxy before it"


def _undecodable(error: Exception, _: HttpRequest) -> _Explanation:
    message = f"the content-encoding of the response does not fit its body: {error}"
    return ErrorKind.VALIDATION, message, "check the service's compression, or that of a proxy before it"


def _cut_short(error: Exception, _: HttpRequest) -> _Explanation:
    hint = "check that the service, or a proxy before it, ends its compression before it ends the response"
    return ErrorKind.CONNECTION, f"the compressed body of the response is cut off: {error}", hint


def _unknown_coding(error: Exception, _: HttpRequest) -> _Explanation:
    hint = "install `awsit[compression]`, or leave it out of the header Accept-Encoding"
    return ErrorKind.VALIDATION, f"the response is compressed with {error}", hint


def _unreadable(error: Exception, request: HttpRequest) -> _Explanation | None:
    """A response that no other attempt would make better."""
    inner = _inner(error)
    if isinstance(inner, ssl.SSLError):  # in TLS 1.3 a server judges the client's certificate after the handshake
        return _tls(inner, request)
    if not isinstance(inner, HTTPException) or isinstance(inner, IncompleteRead | RemoteDisconnected):
        return None
    return ErrorKind.VALIDATION, f"the response cannot be read: {inner}", "check the service, or the proxy before it"


def _connection(error: Exception, request: HttpRequest) -> _Explanation:
    if isinstance(error, exceptions.NewConnectionError):
        refused = getattr(error.__cause__, "errno", None) == errno.ECONNREFUSED
        what = "refused the connection" if refused else f"cannot be reached ({error.__cause__})"
        return ErrorKind.CONNECTION, f"{_host(request)} {what}", _REACH_HINT
    inner = _inner(error) or error
    if isinstance(inner, IncompleteRead):
        return ErrorKind.CONNECTION, "the connection was closed before the whole response had arrived", _CUT_HINT
    hint = _CUT_HINT if isinstance(inner, ConnectionResetError | BrokenPipeError) else _REACH_HINT
    return ErrorKind.CONNECTION, f"the connection failed: {inner}", hint


def _host(request: HttpRequest) -> str:
    return urlsplit(request.url).netloc


_EXPLAINERS: tuple[
    tuple[type[Exception] | tuple[type[Exception], ...], Callable[[Exception, HttpRequest], _Explanation | None]], ...
] = (
    (RefusedAddress, _refused),
    (exceptions.NameResolutionError, _unresolved),
    (exceptions.SSLError, _tls),
    ((exceptions.ProxyError, exceptions.ProxySchemeUnknown, exceptions.ProxySchemeUnsupported), _proxy),
    (TruncatedBody, _cut_short),
    (UnknownCoding, _unknown_coding),
    (DecodingError, _undecodable),
    (exceptions.InvalidHeader, _malformed),
    (exceptions.ProtocolError, _unreadable),
    ((exceptions.LocationValueError, exceptions.URLSchemeUnknown, ValueError), _unsendable),
)

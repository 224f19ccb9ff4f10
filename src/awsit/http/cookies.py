"""Cookies that a run keeps, by the rules of the standard library's `http.cookiejar`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from email.message import Message
from http.cookiejar import Cookie as JarCookie
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ipaddress import ip_address
from urllib.parse import urlsplit
from urllib.request import Request

from awsit.model.http import Cookie


class Jar:
    """The cookies of one exchange: those that were kept before it, and those that its responses set."""

    def __init__(self, cookies: Iterable[Cookie]) -> None:
        self._policy = _Policy(strict_ns_domain=DefaultCookiePolicy.DomainStrictNonDomain)
        self._jar = CookieJar(self._policy)
        for cookie in cookies:
            self._jar.set_cookie(_as_jar_cookie(cookie))

    def header(self, url: str) -> str | None:
        """The `Cookie` header of a request to `url`; None when no cookie belongs there."""
        request = _request(url)
        self._jar.add_cookie_header(request)
        return request.get_header("Cookie")

    def store(self, url: str, lines: Sequence[str]) -> None:
        """Take in the `Set-Cookie` lines of the response from `url`, one after the other: one may remove another."""
        request = _request(url)
        for line in lines:
            for cookie in self._jar.make_cookies(_Response(line), request):  # type: ignore[arg-type]  # it asks for `info()` alone
                if not cookie.path.startswith("/"):
                    cookie.path = _default_path(url)
                if self._policy.set_ok(cookie, request):
                    self._jar.set_cookie(cookie)

    def cookies(self) -> tuple[Cookie, ...]:
        """What is kept now."""
        return tuple(_as_cookie(each) for each in self._jar)


def _request(url: str) -> Request:
    """The request as the library takes it."""
    return Request(url)  # noqa: S310 - never opened


class _Response:
    """As much of a response as the library looks at."""

    def __init__(self, line: str) -> None:
        self._message = Message()
        self._message["Set-Cookie"] = line

    def info(self) -> Message:
        return self._message


class _Policy(DefaultCookiePolicy):
    """This machine is as good as https: a `Secure` cookie goes there too, as it does with browsers and curl."""

    def return_ok_secure(self, cookie: JarCookie, request: Request) -> bool:
        return _is_loopback(request.host) or bool(super().return_ok_secure(cookie, request))


def _is_loopback(host: str) -> bool:
    name = host.rpartition(":")[0] if not host.endswith("]") and ":" in host else host
    name = name.strip("[]").rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return False


def _default_path(url: str) -> str:
    """The path of a cookie that names none (RFC 6265, section 5.1.4)."""
    return urlsplit(url).path.rpartition("/")[0] or "/"


def _as_cookie(cookie: JarCookie) -> Cookie:
    return Cookie(
        name=cookie.name,
        value=cookie.value or "",
        domain=cookie.domain,
        path=cookie.path,
        secure=cookie.secure,
        expires=cookie.expires,
        host_only=not cookie.domain_specified,
    )


def _as_jar_cookie(cookie: Cookie) -> JarCookie:
    return JarCookie(
        version=0,
        name=cookie.name,
        value=cookie.value,
        port=None,
        port_specified=False,
        domain=cookie.domain,
        domain_specified=not cookie.host_only,
        domain_initial_dot=cookie.domain.startswith("."),
        path=cookie.path,
        path_specified=True,
        secure=cookie.secure,
        expires=cookie.expires,
        discard=cookie.expires is None,
        comment=None,
        comment_url=None,
        rest={},
    )

"""Cookies of HTTP calls: what is sent, what is kept for later calls, what the result tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from msgspec.structs import asdict

from awsit.actions.http_call.encoding import scalar_text
from awsit.model.action.call import Kept
from awsit.model.http import Cookie, HttpRequest, HttpResponse
from awsit.model.json import Json
from awsit.records import replace

KEEP = "keep"
_PAST = 0


def with_cookies(request: HttpRequest, cookies: Mapping[str, Json] | str | None, kept: Kept) -> HttpRequest:
    """The request with the cookies of the param: those given, or those that earlier calls kept."""
    if cookies is None:
        return request
    if not isinstance(cookies, Mapping):
        stored = [Cookie(**each) for changed in (*kept.others, kept.own or ()) for each in changed]
        return replace(request, cookies=tuple(_by_place(stored).values()))
    pairs = [f"{name}={scalar_text(value)}" for name, value in cookies.items() if value is not None]
    return replace(request, headers={**request.headers, "Cookie": "; ".join(pairs)}) if pairs else request


def keeps(request: HttpRequest, response: HttpResponse, own: Json) -> Json:
    """What a call keeps beside what it kept before: each cookie that changed, those that are gone as expired ones."""
    if request.cookies is None:
        return None
    before, after = _by_place(request.cookies), _by_place(response.cookies)
    gone = [replace(cookie, value="", expires=_PAST) for place, cookie in before.items() if place not in after]
    changed = [cookie for cookie in (*gone, *after.values()) if cookie not in request.cookies]
    if not changed:
        return None
    return [asdict(each) for each in _by_place([*(Cookie(**each) for each in own or ()), *changed]).values()]


def set_by(response: HttpResponse) -> dict[str, str]:
    """The cookies that a response sets, by their names."""
    if not response.set_cookies:
        return {}
    from awsit.http.cookies import Jar  # slow to import, and few responses set cookies

    jar = Jar(())
    jar.store(response.url, response.set_cookies)
    return {cookie.name: cookie.value for cookie in jar.cookies()}


def _by_place(cookies: Iterable[Cookie]) -> dict[tuple[str, str, str], Cookie]:
    return {(each.domain, each.path, each.name): each for each in cookies}

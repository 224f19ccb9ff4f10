"""Access tokens by the client credentials grant."""

import base64
from typing import Any
from urllib.parse import parse_qs

import pytest

from awsit.actions.http_call.auth.sending import SKEW_SECONDS
from awsit.actions.registry import dispatch_action
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.model.http import HttpRequest, HttpResponse
from awsit.model.json import Json, dumps
from awsit.model.sources import TokenCache
from awsit.records import replace

API = "https://api.test/orders"
TOKEN_URL = "https://auth.test:8443/token"
CLIENT: Json = {"token_url": TOKEN_URL, "client_id": "cli:ent", "client_secret": "s3cret +ü/"}


class Servers:
    """A token endpoint that gives `token-1`, `token-2`, ... and an API that refuses what is revoked."""

    def __init__(self, **body: Json) -> None:
        self.body = {"token_type": "bearer", "expires_in": 600, **body}
        self.revoked: set[str] = set()
        self.asked = 0

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.url == TOKEN_URL:
            self.asked += 1
            return HttpResponse(200, {}, dumps({"access_token": f"token-{self.asked}", **self.body}).encode(), "")
        return HttpResponse(401 if request.headers["Authorization"] in self.revoked else 200, {}, b"", "")


def call(bench: Any, tokens: TokenCache | None = None, *, params: Json = None, **oauth2: Json) -> Any:
    auth = {"oauth2": {**CLIENT, **oauth2}}
    return bench.run("http_call", {"url": API, "auth": auth, **(params or {})}, tokens=tokens or TokenCache())


def sent(bench: Any) -> list[str]:
    return [
        request.headers["Authorization"] if request.url == API else "a token is asked for"
        for request in bench.http.requests
    ]


def test_the_token_is_asked_for_once_and_shown_nowhere(bench: Any) -> None:
    bench.answers(Servers())
    tokens = TokenCache()

    done = [call(bench, tokens), call(bench, tokens)]

    assert sent(bench) == ["a token is asked for", "Bearer token-1", "Bearer token-1"]
    assert {each.request["headers"]["Authorization"] for each in done} == {"***"}
    assert tokens.texts == {"token-1"}


def test_the_request_of_the_grant(bench: Any) -> None:
    bench.answers(Servers())
    call(bench, scope="a b", audience="https://api.test/")

    request = bench.http.requests[0]

    assert (request.method, request.headers["Content-Type"]) == ("POST", "application/x-www-form-urlencoded")
    assert request.body == b"grant_type=client_credentials&scope=a+b&audience=https%3A%2F%2Fapi.test%2F"
    pair = base64.b64decode(request.headers["Authorization"].removeprefix("Basic "))
    assert pair == b"cli%3Aent:s3cret+%2B%C3%BC%2F"  # RFC 6749, section 2.3.1


def test_client_id_and_secret_in_the_body(bench: Any) -> None:
    bench.answers(Servers())
    call(bench, client_auth="body")

    request = bench.http.requests[0]

    assert "Authorization" not in request.headers
    assert parse_qs(request.body.decode()) == {
        "grant_type": ["client_credentials"],
        "client_id": [CLIENT["client_id"]],
        "client_secret": [CLIENT["client_secret"]],
    }


@pytest.mark.parametrize(
    ("expires_in", "waited", "asked"),
    [
        (600, 600 - SKEW_SECONDS - 1, 1),
        (600, 600 - SKEW_SECONDS, 2),
        ("600", 600 - SKEW_SECONDS - 1, 1),
        (SKEW_SECONDS, 0, 2),
        (None, 10**6, 1),
        ("soon", 0, 2),
    ],
)
def test_a_token_is_used_until_shortly_before_its_end(bench: Any, expires_in: Json, waited: int, asked: int) -> None:
    servers, tokens = Servers(expires_in=expires_in), TokenCache()
    bench.answers(servers)

    call(bench, tokens)
    bench.clock.sleep(waited)
    call(bench, tokens)

    assert servers.asked == asked


@pytest.mark.parametrize(
    "other",
    [{"scope": "x"}, {"client_id": "x"}, {"client_secret": "x"}, {"params": {"verify_tls": False}}],
)
def test_each_client_and_scope_has_a_token_of_its_own(bench: Any, other: Json) -> None:
    servers, tokens = Servers(), TokenCache()
    bench.answers(servers)

    call(bench, tokens)
    call(bench, tokens, **other)

    assert servers.asked == 2


def test_a_new_token_is_tried_once_when_one_that_was_used_before_is_refused(bench: Any) -> None:
    servers, tokens = Servers(), TokenCache()
    bench.answers(servers)
    call(bench, tokens)
    servers.revoked = {"Bearer token-1"}

    done = call(bench, tokens, params={"method": "POST", "body": "an order"})

    assert (done.result["status"], done.effect) == (200, Effect.DONE)
    assert sent(bench)[2:] == ["Bearer token-1", "a token is asked for", "Bearer token-2"]
    servers.revoked = {"Bearer token-2", "Bearer token-3"}
    assert call(bench, tokens).result["status"] == 401
    assert sent(bench)[5:] == ["Bearer token-2", "a token is asked for", "Bearer token-3"]


def test_a_new_token_that_is_refused_is_the_answer(bench: Any) -> None:
    servers = Servers()
    servers.revoked = {"Bearer token-1"}
    bench.answers(servers)

    done = call(bench)

    assert done.failure_code == "401"
    assert servers.asked == 1


@pytest.mark.parametrize(
    ("status", "body", "code", "message"),
    [
        (401, {"error": "invalid_client"}, "oauth2_invalid_client", "401 Unauthorized: inv"),
        (
            400,
            {"error": "invalid_scope", "error_description": "no such scope"},
            "oauth2_invalid_scope",
            "400 Bad Request: invalid_scope: no such scope",
        ),
        (400, {"error": "own_words"}, "oauth2_refused", "400 Bad Request: own_words"),
        (200, {"token": "t"}, "oauth2_invalid_response", "200 OK without an `access_token`"),
        (
            200,
            {"access_token": "t", "token_type": "mac"},
            "oauth2_invalid_response",
            "with a token that is no bearer token",
        ),
        (200, {"access_token": "a\r\nX: b"}, "oauth2_invalid_response", "characters that no token may hold"),
        (200, {"access_token": "tök"}, "oauth2_invalid_response", "characters that no token may hold"),
        (404, {"message": "nothing here"}, "service", "answered 404 Not Found"),
        (302, {}, "service", "answered 302 Found"),
        (429, {"error": "slow_down"}, "throttling", "answered 429 Too Many Requests"),
    ],
)
def test_without_a_token_nothing_is_sent_to_the_api(
    bench: Any, status: int, body: Json, code: str, message: str
) -> None:
    bench.answers(HttpResponse(status, {"Retry-After": "7"}, dumps(body).encode(), TOKEN_URL))

    with pytest.raises(ActionError) as caught:
        call(bench)

    error = caught.value
    assert (error.code, error.effect) == (code, Effect.NONE)
    assert error.message.startswith(f"no token: POST {TOKEN_URL} answered {status}")
    assert message in error.message
    assert error.hint
    assert len(bench.http.requests) == 1


def test_a_wait_that_the_token_endpoint_asks_for_is_known(bench: Any) -> None:
    bench.answers(HttpResponse(503, {"Retry-After": "7"}, b"", TOKEN_URL))

    with pytest.raises(ActionError) as caught:
        call(bench)

    assert (caught.value.service_code, caught.value.retry_after_seconds) == ("503", 7)


def test_a_token_endpoint_that_cannot_be_reached(bench: Any) -> None:
    bench.answers(ActionError("auth.test refused the connection", kind=ErrorKind.CONNECTION, hint="start it"))

    with pytest.raises(ActionError) as caught:
        call(bench)

    error = caught.value
    assert (error.code, error.effect, error.result) == ("connection", Effect.NONE, None)
    assert (error.message, error.hint) == ("no token: auth.test refused the connection", "start it")


def test_the_token_request_has_the_rules_of_the_call(bench: Any) -> None:
    servers = Servers()

    def slow(request: HttpRequest) -> HttpResponse:
        bench.clock.sleep(2)
        return servers(request)

    bench.answers(slow)
    certificate = {"certificate": "of the client", "password": "x"}
    call(bench, params={"timeout_seconds": 8, "verify_tls": "ca.pem", "client_certificate": certificate})

    asked, sent_on = bench.http.requests

    assert (asked.timeout_seconds, asked.connect_timeout_seconds, asked.verify) == (8, 5, "ca.pem")
    assert (asked.follow_redirects, asked.client_certificate) == (False, None)
    assert (sent_on.timeout_seconds, sent_on.client_certificate is None) == (6, False)


def test_a_token_endpoint_of_the_api_itself_sees_its_client_certificate(bench: Any) -> None:
    bench.answers(HttpResponse(200, {}, b'{"access_token": "t"}', ""))
    call(bench, params={"client_certificate": {"certificate": "mine"}}, token_url="https://API.test/token")

    assert bench.http.requests[0].client_certificate == bench.http.requests[1].client_certificate
    assert bench.http.requests[0].client_certificate is not None


def test_each_further_request_waits_for_its_turn(bench: Any) -> None:
    servers, tokens = Servers(), TokenCache()
    bench.answers(servers)
    context = replace(bench.context(tokens=tokens), take_turn=lambda names: turns.append(names[1]))
    turns: list[str] = []

    params = {"url": API, "auth": {"oauth2": CLIENT}}
    dispatch_action("http_call", params, context)
    servers.revoked = {"Bearer token-1"}
    dispatch_action("http_call", params, context)

    assert turns == ["auth.test", "auth.test", "api.test"]

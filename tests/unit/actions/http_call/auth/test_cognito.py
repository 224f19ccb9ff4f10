"""Tokens of a user of a Cognito user pool."""

from typing import Any

import pytest

from awsit.actions.http_call.auth.cognito import secret_hash
from awsit.actions.http_call.auth.sending import SKEW_SECONDS
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.model.http import HttpResponse
from awsit.model.json import Json
from awsit.model.sources import TokenCache

API = "https://api.test/orders"
USER: Json = {"client": "app", "username": "ada", "password": "open sesame"}


def tokens(number: int) -> Json:
    return {"AuthenticationResult": {"IdToken": f"id-{number}", "AccessToken": f"acc-{number}", "ExpiresIn": 300}}


def params(**cognito: Json) -> Json:
    return {"url": API, "auth": {"cognito": {**USER, **cognito}}}


def sent(bench: Any) -> list[str]:
    return [request.headers["Authorization"] for request in bench.http.requests]


def test_a_user_signs_in_once_and_again_shortly_before_the_end_of_the_token(bench: Any) -> None:
    bench.answers(*[HttpResponse(200, {}, b"", API)] * 3)
    bench.script(initiate_auth=[tokens(1), tokens(2)])
    cache = TokenCache()

    first = bench.run("http_call", params(), tokens=cache)
    bench.clock.sleep(300 - SKEW_SECONDS - 1)
    bench.run("http_call", params(), tokens=cache)
    bench.clock.sleep(1)
    bench.run("http_call", params(), tokens=cache)

    assert sent(bench) == ["Bearer id-1", "Bearer id-1", "Bearer id-2"]
    assert bench.client.calls[0] == (
        "initiate_auth",
        {
            "AuthFlow": "USER_PASSWORD_AUTH",
            "ClientId": "app",
            "AuthParameters": {"USERNAME": "ada", "PASSWORD": "open sesame"},
        },
    )
    assert cache.texts == {"id-1", "id-2"}
    assert first.request["headers"]["Authorization"] == "***"


def test_users_clients_and_kinds_have_tokens_of_their_own(bench: Any) -> None:
    bench.answers(*[HttpResponse(200, {}, b"", API)] * 4)
    bench.script(initiate_auth=[tokens(number) for number in range(4)])
    cache = TokenCache()
    for other in ({}, {"token": "access"}, {"username": "bob"}, {"client_secret": "s"}):
        bench.run("http_call", params(**other), tokens=cache)
    assert sent(bench) == ["Bearer id-0", "Bearer acc-1", "Bearer id-2", "Bearer id-3"]


def test_a_token_that_is_refused_is_replaced_once(bench: Any) -> None:
    bench.answers(*[HttpResponse(status, {}, b"", API) for status in (200, 401, 401)])
    bench.script(initiate_auth=[tokens(1), tokens(2)])
    cache = TokenCache()
    bench.run("http_call", params(), tokens=cache)

    refused = bench.run("http_call", params(), tokens=cache)

    assert refused.failure_code == "401"
    assert sent(bench) == ["Bearer id-1", "Bearer id-1", "Bearer id-2"]


def test_the_hash_of_a_client_with_a_secret_is_as_documented() -> None:
    """By openssl: printf '%s' adaapp | openssl dgst -sha256 -hmac s3cret -binary | base64."""
    assert secret_hash("ada", "app", "s3cret") == "MyVrJnQQbPjh+KKRcY/0cnpygfoRYmSNaXWfV+YCn4o="


@pytest.mark.parametrize(
    ("answer", "message", "hint"),
    [
        (
            {"ChallengeName": "NEW_PASSWORD_REQUIRED"},
            "no token: Cognito asks user ada for NEW_PASSWORD_REQUIRED",
            "Perma",
        ),
        ({"ChallengeName": "SMS_MFA"}, "no token: Cognito asks user ada for SMS_MFA", "a password alone"),
    ],
)
def test_a_challenge_is_an_error_and_nothing_is_sent(bench: Any, answer: Json, message: str, hint: str) -> None:
    bench.script(initiate_auth=[answer])

    error = bench.refused("http_call", params())

    assert (error.message, error.effect, error.kind) == (message, Effect.NONE, ErrorKind.ACCESS_DENIED)
    assert hint in error.hint
    assert bench.http.requests == []


def test_a_client_that_is_not_there_does_not_prove_that_what_is_deleted_is_gone(bench: Any) -> None:
    absent = ActionError("no such client", kind=ErrorKind.NOT_FOUND, service_code="ResourceNotFoundException")
    bench.script(initiate_auth=[absent])

    error = bench.refused("http_call", {**params(), "method": "DELETE"})

    assert (error.kind, error.service_code) == (ErrorKind.ACCESS_DENIED, "ResourceNotFoundException")


def test_a_refusal_of_cognito_says_what_to_do(bench: Any, errors: Any) -> None:
    bench.script(initiate_auth=[errors.service("NotAuthorizedException", "Incorrect username or password.")])

    error = bench.refused("http_call", params())

    assert error.message == "no token: sign in to client app of Cognito: Incorrect username or password."
    assert (error.service_code, error.effect) == ("NotAuthorizedException", Effect.NONE)
    assert error.hint == "check `username`, `password` and `client_secret`"

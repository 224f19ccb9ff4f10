"""Tokens of a user of an Amazon Cognito user pool, who signs in with a password."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from awsit.actions.aws_errors import calling
from awsit.actions.http_call.auth.sending import SKEW_SECONDS, TokenSending
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.model.sources import Token

if TYPE_CHECKING:
    from awsit.actions.http_call.auth.params import CognitoAuth

FLOW = "USER_PASSWORD_AUTH"
_TOKENS = {"id": "IdToken", "access": "AccessToken"}
_HINTS = {
    "NotAuthorizedException": "check `username`, `password` and `client_secret`",
    "UserNotFoundException": "check `username`, or create the user in an action before",
    "UserNotConfirmedException": "confirm the user: `admin_confirm_sign_up`",
    "PasswordResetRequiredException": "set a password: `admin_set_user_password` with `Permanent: true`",
    "InvalidParameterException": f"let the app client allow ALLOW_{FLOW}, and give its `client_secret` if it has one",
    "ResourceNotFoundException": "check `client`, and the region: `at: {region: ...}` names another",
}
"""Of each error of InitiateAuth (Amazon Cognito user pools API Reference) what to do."""


class CognitoGiver(Struct, frozen=True):
    """The app client of `auth: {cognito: ...}`."""

    cognito: CognitoAuth
    slow_hint: str = "raise the action's `timeout_seconds`"

    @property
    def shown(self) -> str:
        """The user, for messages."""
        return f"user {self.cognito.username} of Cognito"

    @property
    def key(self) -> CognitoAuth:
        """Client, user and kind of token."""
        return self.cognito

    def ask(self, sending: TokenSending) -> Token:
        """As `TokenGiver`: InitiateAuth, which needs no permission."""
        context_data, cognito = sending.context_data, self.cognito
        asked_at = context_data.clock.monotonic()
        parameters = {"USERNAME": cognito.username, "PASSWORD": cognito.password}
        if cognito.client_secret is not None:
            parameters["SECRET_HASH"] = secret_hash(cognito.username, cognito.client, cognito.client_secret)
        try:
            with calling(context_data.aws, f"sign in to client {cognito.client} of Cognito"):
                answer = context_data.aws.client("cognito-idp").initiate_auth(
                    AuthFlow=FLOW, ClientId=cognito.client, AuthParameters=parameters
                )
        except ActionError as error:
            raise _refusal(error) from error
        return _token(answer, cognito, asked_at)


def _refusal(error: ActionError) -> ActionError:
    """The error of a sign-in; a client or user that is not there says nothing of what the request itself is about."""
    refusal = ActionError(
        f"no token: {error.message}",
        kind=ErrorKind.ACCESS_DENIED if error.kind is ErrorKind.NOT_FOUND else error.kind,
        service_code=error.service_code,
        hint=_HINTS.get(error.service_code, error.hint),
        retry_after_seconds=error.retry_after_seconds,
    )
    refusal.result = error.result
    return refusal.with_effect(Effect.NONE)


def secret_hash(username: str, client: str, secret: str) -> str:
    """What shows that the caller has the client's secret.

    Source: Amazon Cognito Developer Guide, "Computing secret hash values".
    """
    digest = hmac.digest(secret.encode(), f"{username}{client}".encode(), hashlib.sha256)
    return base64.b64encode(digest).decode()


def _token(answer: dict[str, Any], cognito: CognitoAuth, asked_at: float) -> Token:
    """The token of an answer. Raises ActionError for a challenge, which nobody is there to answer."""
    if "AuthenticationResult" not in answer:
        challenge = str(answer.get("ChallengeName"))
        raise ActionError(
            f"no token: Cognito asks user {cognito.username} for {challenge}",
            kind=ErrorKind.ACCESS_DENIED,
            service_code=challenge,
            hint="set a password in an action before: `admin_set_user_password` with `Permanent: true`"
            if challenge == "NEW_PASSWORD_REQUIRED"
            else "sign in a user whom Cognito asks for a password alone",
        ).with_effect(Effect.NONE)
    result = answer["AuthenticationResult"]
    return Token(result[_TOKENS[cognito.token]], asked_at + result.get("ExpiresIn", 0) - SKEW_SECONDS)

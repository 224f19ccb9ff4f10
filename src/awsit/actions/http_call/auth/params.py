"""What `auth` of an `http_call` takes."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from awsit.actions.http_call.encoding import check_absolute
from awsit.actions.params import Params


class BasicAuth(Params):
    """User name and password (RFC 7617)."""

    username: str = Field(description="User name.")
    password: str = Field(description="Password; take it from `secret()`.")


class SigV4Auth(Params):
    """AWS Signature Version 4, with the credentials that run the action."""

    service: str = Field(default="execute-api", description="Service to sign for: `execute-api`, `lambda`, ...")
    region: str | None = Field(default=None, description="Region to sign for; default: the one the action runs in.")


class OAuth2Auth(Params):
    """An access token by the client credentials grant (RFC 6749, section 4.4), used until shortly before its end."""

    token_url: Annotated[str, AfterValidator(check_absolute)] = Field(
        description="Absolute URL of the token endpoint.", examples=["https://auth.example.com/oauth2/token"]
    )
    client_id: str = Field(description="ID of the client.")
    client_secret: str = Field(description="Secret of the client; take it from `secret()`.")
    scope: str | None = Field(default=None, description="Scopes to ask for, separated by spaces.")
    audience: str | None = Field(default=None, description="API to ask for, where the token endpoint wants to know it.")
    client_auth: Literal["basic", "body"] = Field(
        default="basic", description="Where ID and secret are sent: `basic` in a header, or `body` as fields."
    )


class CognitoAuth(Params):
    """A token of a user of an Amazon Cognito user pool, who signs in with a password."""

    client: str = Field(min_length=1, description="ID of the app client, which must allow `ALLOW_USER_PASSWORD_AUTH`.")
    client_secret: str | None = Field(
        default=None, description="Secret of the app client, if it has one; take it from `secret()`."
    )
    username: str = Field(min_length=1, description="Name of the user.")
    password: str = Field(min_length=1, description="Password of the user; take it from `secret()`.")
    token: Literal["id", "access"] = Field(default="id", description="Which of the user's tokens to send.")


class Auth(Params):
    """How the request shows who sends it; exactly one way."""

    basic: BasicAuth | None = Field(default=None, description="HTTP Basic authentication.")
    bearer: str | None = Field(default=None, description="Bearer token (RFC 6750).")
    sigv4: SigV4Auth | None = Field(default=None, description="AWS signature, for IAM-protected APIs.")
    oauth2: OAuth2Auth | None = Field(default=None, description="Token that is fetched with a client's ID and secret.")
    cognito: CognitoAuth | None = Field(default=None, description="Token of a user of an Amazon Cognito user pool.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(way is not None for way in (self.basic, self.bearer, self.sigv4, self.oauth2, self.cognito)) != 1:
            raise ValueError("must hold exactly one of `basic`, `bearer`, `sigv4`, `oauth2` and `cognito`")
        return self

"""The one place where each kind of token is fetched from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from awsit.actions.http_call.auth.cognito import CognitoGiver
from awsit.actions.http_call.auth.oauth2 import OAuth2Giver
from awsit.actions.http_call.auth.sending import TokenGiver
from awsit.model.http import HttpRequest

if TYPE_CHECKING:
    from awsit.actions.http_call.auth.params import Auth


def giver_of(auth: Auth, request: HttpRequest) -> TokenGiver:
    """What gives the token of a request, whose `auth` is `oauth2` or `cognito`."""
    if auth.cognito is not None:
        return CognitoGiver(auth.cognito)
    assert auth.oauth2 is not None  # the caller has looked
    return OAuth2Giver(auth.oauth2, request)

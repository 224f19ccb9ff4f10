"""The credentials of a role that a process assumes; botocore renews them before they end, which is after an hour.

Source: IAM user guide, "Roles terms and concepts", section "Role chaining".
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from botocore.config import Config
from botocore.credentials import (
    AssumeRoleCredentialFetcher,
    CredentialProvider,
    CredentialResolver,
    DeferredRefreshableCredentials,
)
from botocore.session import Session

from awsit.aws.client import errors, time_limit
from awsit.aws.client.clients import AwsClients
from awsit.service_models import share_models

_QUICK = Config(connect_timeout=3, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 3})


class AssumedRole(AwsClients):
    """AWS with the credentials of a role that this process's own may assume. STS is called at the first request."""

    def __init__(self, arn: str, session_name: str) -> None:
        """`session_name` is what CloudTrail and denials show beside the role."""
        super().__init__()
        self._arn = arn
        self._session_name = session_name

    def _new_session(self) -> Session:
        return assume(super()._new_session(), self._arn, self._session_name)


def assume(
    own: Session, role_arn: str, session_name: str, external_id: str = "", endpoint_url: str | None = None
) -> Session:
    """A session with the credentials of a role, which those of `own` may assume by STS at `endpoint_url`."""
    with errors.reported("use the AWS credentials"):
        source = errors.require_credentials(own.get_credentials())
    asked = {"RoleSessionName": session_name, **({"ExternalId": external_id} if external_id else {})}
    fetcher = AssumeRoleCredentialFetcher(_creator(own, endpoint_url), source, role_arn, extra_args=asked)
    session = Session()
    session.set_config_variable("region", own.get_config_variable("region"))
    session.register_component("credential_provider", CredentialResolver([_Provider(fetcher)]))
    share_models(session)
    return session


def _creator(own: Session, endpoint_url: str | None) -> Callable[..., Any]:
    """What makes the client that assumes the role, at the endpoint of the region; it keeps to the action's time."""

    def sts(_service: str, aws_access_key_id: str, aws_secret_access_key: str, aws_session_token: str | None) -> Any:
        client = own.create_client(
            "sts",
            aws_access_key_id=aws_access_key_id,
            aws_secret_access_key=aws_secret_access_key,
            aws_session_token=aws_session_token,
            endpoint_url=endpoint_url,
            config=_QUICK,
        )
        time_limit.limit_calls(client)
        return client

    return sts


class _Provider(CredentialProvider):
    METHOD = "assume-role"

    def __init__(self, fetcher: AssumeRoleCredentialFetcher) -> None:
        super().__init__()
        self._fetcher = fetcher

    def load(self) -> DeferredRefreshableCredentials:
        return DeferredRefreshableCredentials(self._fetcher.fetch_credentials, self.METHOD)

"""The role that the function assumes for actions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.session import Session
from moto import mock_aws

from awsit.aws.client.assumed_role import AssumedRole, assume
from awsit.model.http import HttpRequest

ROLE = "arn:aws:iam::123456789012:role/actions"


@pytest.fixture
def assumed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[datetime]]:
    """The ends of the sessions that were begun; each is valid for as many minutes as stand in `minutes`."""
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "own")
    with mock_aws():
        yield []


def session(ends: list[datetime], *minutes: int) -> Session:
    """The session of the role; the sessions that STS gives last for so many minutes, one after the other."""
    own = Session()
    own.set_config_variable("region", "eu-west-1")

    def note(parsed: Any, **_: Any) -> None:
        parsed["Credentials"]["Expiration"] = datetime.now(UTC) + timedelta(minutes=minutes[len(ends)])
        ends.append(parsed["Credentials"]["Expiration"])

    own.register("after-call.sts.AssumeRole", note)
    return assume(own, ROLE, "awsit-function")


def test_calls_are_made_as_the_role_and_it_is_assumed_at_the_first(assumed: list[datetime]) -> None:
    role = session(assumed, 60)
    client = role.create_client("sts")
    assert assumed == []

    caller = client.get_caller_identity()["Arn"]
    client.get_caller_identity()

    assert caller == "arn:aws:sts::123456789012:assumed-role/actions/awsit-function"
    assert len(assumed) == 1


def test_credentials_are_renewed_before_they_end(assumed: list[datetime]) -> None:
    credentials = session(assumed, 5, 60).get_credentials()
    assert credentials

    first, second, third = (credentials.get_frozen_credentials().access_key for _ in range(3))

    assert first != second == third
    assert len(assumed) == 2


@pytest.mark.usefixtures("assumed")
def test_requests_are_signed_with_the_role_s_credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    aws = AssumedRole(ROLE, "awsit-function")

    signed = aws.sign(HttpRequest("GET", "https://abc.execute-api.eu-west-1.amazonaws.com/"), "execute-api")

    assert "X-Amz-Security-Token" in signed.headers
    assert "Credential=own/" not in signed.headers["Authorization"]
    assert aws.client("sts").get_caller_identity()["Arn"].endswith("assumed-role/actions/awsit-function")

"""AWS at other places: a role that is assumed, or another region."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from moto import mock_aws

from awsit.aws.client.clients import AwsClients
from awsit.aws.client.places import Places
from awsit.model.plan import AwsPlace

ROLE = "arn:aws:iam::210987654321:role/tests"


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Iterator[AwsClients]:
    for name in ("AWS_PROFILE", "AWS_ENDPOINT_URL", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "own")
    with mock_aws():
        yield AwsClients(region="eu-west-1")


def test_a_role_is_assumed_at_the_first_call_and_once(own: AwsClients) -> None:
    asked: list[Any] = []
    own.session.register("before-parameter-build.sts.AssumeRole", lambda params, **_: asked.append(params))
    there = Places(own)(AwsPlace(ROLE, external_id="ext-4711"))
    assert asked == []

    callers = [there.client(service).get_caller_identity()["Arn"] for service in ("sts", "sts")]

    assert callers == ["arn:aws:sts::210987654321:assumed-role/tests/awsit"] * 2
    (request,) = asked
    assert (request["RoleArn"], request["ExternalId"], request["RoleSessionName"]) == (ROLE, "ext-4711", "awsit")
    assert there.region == "eu-west-1"


def test_a_region_is_that_of_the_clients(own: AwsClients) -> None:
    there = Places(own)(AwsPlace(region="us-west-2"))
    queue = there.client("sqs").create_queue(QueueName="there")["QueueUrl"]
    assert "us-west-2" in queue
    assert there.account == own.account
    assert (there.region, own.region) == ("us-west-2", "eu-west-1")


def test_a_role_can_be_used_in_another_region(own: AwsClients) -> None:
    there = Places(own)(AwsPlace(ROLE, "us-west-2"))
    assert there.client("sqs").meta.region_name == "us-west-2"
    assert there.account == "210987654321"


def test_a_place_has_one_session(own: AwsClients) -> None:
    places = Places(own)
    assert places(AwsPlace(ROLE)) is places(AwsPlace(ROLE))
    assert places(AwsPlace(ROLE)) is not places(AwsPlace(ROLE, external_id="another"))


def test_an_emulated_aws_is_asked_for_the_role() -> None:
    own = AwsClients(region="eu-west-1", endpoint_url="http://127.0.0.1:9")
    there = Places(own)(AwsPlace(ROLE))
    with pytest.raises(EndpointConnectionError, match=r"127\.0\.0\.1:9"):
        there.client("sts").get_caller_identity()

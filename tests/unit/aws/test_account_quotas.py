"""Reading an account's quotas, by botocore's own client: its answers are held to the service's model by its stubber."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.session import get_session
from botocore.stub import Stubber
from tests.unit.aws.fakes import FakeAws

from awsit.aws.account_quotas import account_quotas, keep_to_quotas
from awsit.quotas.catalogue import API_REQUESTS, QUOTAS, START_EXECUTION, STATE_TRANSITIONS, Amount

SERVICES = ["apigateway", "dynamodb", "states"]


@pytest.fixture
def client(monkeypatch: pytest.MonkeyPatch) -> Any:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    return get_session().create_client("service-quotas", region_name="eu-west-1")


def aws(client: Any) -> Any:
    return FakeAws(**{"service-quotas": client})


def quota(code: str, value: float | None) -> dict[str, Any]:
    service, name = code.split("/")
    error = {"ErrorReason": {"ErrorCode": "DEPENDENCY_ACCESS_DENIED_ERROR"}}
    return {"ServiceCode": service, "QuotaCode": name, **(error if value is None else {"Value": value})}


def test_all_pages_of_all_services_are_read_and_nothing_else(client: Any) -> None:
    starts, bursts, transitions = START_EXECUTION.code, START_EXECUTION.burst_code, STATE_TRANSITIONS.code
    with Stubber(client) as stub:
        answers = {"apigateway": [quota("apigateway/L-1", 7), quota(API_REQUESTS.code, None)], "dynamodb": []}
        for service in SERVICES[:2]:
            stub.add_response("list_service_quotas", {"Quotas": answers[service]}, {"ServiceCode": service})
        first = {"Quotas": [quota(starts, 500)], "NextToken": "more"}
        stub.add_response("list_service_quotas", first, {"ServiceCode": "states"})
        rest = {"Quotas": [quota(bursts, 2500), quota(transitions, 80)]}
        stub.add_response("list_service_quotas", rest, {"ServiceCode": "states", "NextToken": "more"})
        quotas = account_quotas(aws(client))
    assert quotas.is_read
    assert quotas.values == {starts: 500, bursts: 2500, transitions: 80}
    assert quotas.amount(START_EXECUTION) == Amount(500, 2500)
    assert quotas.amount(API_REQUESTS) == API_REQUESTS.default


@pytest.mark.parametrize("code", ["AccessDeniedException", "NoSuchResourceException", "TooManyRequestsException"])
def test_where_it_may_not_ask_the_defaults_stand_with_the_reason(client: Any, code: str) -> None:
    with Stubber(client) as stub:
        stub.add_client_error("list_service_quotas", code, "that is not for you")
        quotas = account_quotas(aws(client))
    assert not quotas.is_read
    assert "the quotas of the account" in quotas.reason
    assert all(quotas.amount(each) == each.amount("eu-west-1") for each in QUOTAS)


def test_a_suite_reads_one_service_and_is_paced_by_what_it_says(client: Any) -> None:
    paced, reader = [], aws(client)
    reader.keep_to = paced.append
    with Stubber(client) as stub:
        stub.add_response(
            "list_service_quotas", {"Quotas": [quota(START_EXECUTION.code, 9)]}, {"ServiceCode": "states"}
        )
        quotas = keep_to_quotas(reader)
        stub.add_client_error("list_service_quotas", "AccessDeniedException", "that is not for you")
        assert not keep_to_quotas(reader).is_read
    assert paced == [quotas]

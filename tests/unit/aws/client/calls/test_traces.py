"""The trace that AWS calls carry: the requests that botocore signs and would send, by itself and inside a function."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.session import Session

from awsit.aws.client.clients import AwsClients

HEADER = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
OF_FUNCTION = "Root=1-00000000-000000000000000000000001;Parent=0000000000000001;Sampled=0;Lineage=a:1"


@pytest.fixture
def sent() -> list[Any]:
    return []


@pytest.fixture
def aws(sent: list[Any]) -> AwsClients:
    """Clients whose requests are kept, and answered with nothing."""
    session = Session()
    session.set_credentials("AKIA", "secret")

    def keep(request: Any, **_: Any) -> AWSResponse:
        sent.append(request)
        return AWSResponse(request.url, 200, HTTPHeaders(), _Nothing())

    clients = AwsClients(region="eu-west-1", session=session, endpoint_url="http://127.0.0.1:9")
    for service in ("sqs", "lambda", "s3", "xray"):
        clients.client(service).meta.events.register("before-send", keep)
    return clients


class _Nothing:
    def stream(self, **_: Any) -> Any:
        yield b""


def headers(request: Any) -> dict[str, str]:
    return {
        name.lower(): value.decode() if isinstance(value, bytes) else value for name, value in request.headers.items()
    }


def call(aws: AwsClients) -> None:
    aws.client("sqs").list_queues()
    aws.client("lambda").list_functions()
    aws.client("s3").delete_object(Bucket="orders", Key="1")
    aws.client("xray").get_groups()


@pytest.mark.parametrize("in_function", [False, True])
def test_calls_of_a_block_carry_its_trace_which_no_signature_holds(
    aws: AwsClients, sent: list[Any], monkeypatch: pytest.MonkeyPatch, in_function: bool
) -> None:
    if in_function:
        monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "awsit")
        monkeypatch.setenv("_X_AMZN_TRACE_ID", OF_FUNCTION)

    with aws.traced(HEADER):
        call(aws)
        with aws.traced(""):
            aws.client("sqs").list_queues()
    aws.client("sqs").list_queues()

    by_itself = OF_FUNCTION if in_function else None
    assert [headers(each).get("x-amzn-trace-id") for each in sent] == [HEADER] * 4 + [by_itself] * 2
    signatures = [headers(each)["authorization"] for each in sent]
    assert all("SignedHeaders=" in each and "trace" not in each for each in signatures)

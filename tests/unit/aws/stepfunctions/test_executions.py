"""Why an execution has no report."""

from datetime import UTC, datetime
from types import SimpleNamespace

import boto3
import pytest
from botocore.stub import Stubber

from awsit.aws.stepfunctions import executions
from awsit.aws.stepfunctions.execution import Execution
from awsit.aws.stepfunctions.executions import ExecutionState

ARN = "arn:aws:states:eu-west-1:123456789012:execution:awsit:run-01J9ZK3M4N5P6Q7R8S9T0V1W2X"
AT = datetime(2030, 1, 1, tzinfo=UTC)
STATE = ExecutionState(Execution(ARN, ARN.rpartition(":")[2]), "FAILED", "", "", "TestFailed: it did not pass")


def aws():
    client = boto3.client("stepfunctions", region_name="eu-west-1", aws_access_key_id="a", aws_secret_access_key="b")
    return SimpleNamespace(client=lambda _: client), Stubber(client)


def test_the_failure_that_kept_it_from_its_report_is_told():
    denied = {"error": "ClientError", "cause": "AccessDenied: s3:PutObject is not allowed"}
    events = [
        {"timestamp": AT, "type": "ExecutionFailed", "id": 9},
        {"timestamp": AT, "type": "LambdaFunctionFailed", "id": 7, "lambdaFunctionFailedEventDetails": denied},
    ]
    account, stub = aws()
    stub.add_response("get_execution_history", {"events": events})

    with stub:
        error = executions.no_report(account, STATE)

    assert error.message == (
        "The execution ended as FAILED without a report: ClientError: AccessDenied: s3:PutObject is not allowed"
    )


def test_whoever_may_not_read_the_history_is_told_how_it_ended():
    account, stub = aws()
    stub.add_client_error("get_execution_history", "AccessDeniedException")

    with stub:
        error = executions.no_report(account, STATE)

    assert error.message == "The execution ended as FAILED without a report: TestFailed: it did not pass"


@pytest.mark.parametrize(
    ("header", "trace_id"),
    [
        ({"traceHeader": "Root=1-5f0c9b1a-ab;Sampled=1"}, "1-5f0c9b1a-ab"),
        ({"traceHeader": "Sampled=0"}, ""),
        ({}, ""),
    ],
)
def test_the_trace_of_an_execution_is_known_when_it_has_one(header, trace_id):
    account, stub = aws()
    answer = {"executionArn": ARN, "stateMachineArn": ARN, "name": "it", "status": "SUCCEEDED", "startDate": AT}
    stub.add_response("describe_execution", {**answer, **header})

    with stub:
        assert executions.describe(account, ARN).trace_id == trace_id

"""All resources of the stacks, read at once, for a few seconds."""

from __future__ import annotations

from datetime import UTC, datetime
from threading import Event
from typing import Any

from tests.unit.aws.evidence.answering import AnsweringAws

from awsit.aws.evidence.source import LATE_SECONDS, StackEvidence
from awsit.diagnosis.inquiry import Inquiry
from awsit.diagnosis.ranking import ranked
from awsit.model.evidence import Evidence
from awsit.system.clock import FakeClock, SystemClock

SINCE = datetime(2030, 1, 1, tzinfo=UTC)
AT_MS = int(SINCE.timestamp() * 1000)
FUNCTION = {"Configuration": {"FunctionName": "worker", "State": "Active"}}


def stack(**types: str) -> dict[str, Any]:
    common = {"LastUpdatedTimestamp": SINCE, "ResourceStatus": "CREATE_COMPLETE"}
    return {
        "StackResourceSummaries": [
            {"LogicalResourceId": name, "PhysicalResourceId": name, "ResourceType": kind, **common}
            for name, kind in types.items()
        ]
    }


def read(aws: AnsweringAws, url: str = "", clock: FakeClock | None = None) -> list[tuple[str, str]]:
    evidence: list[Evidence] = []
    StackEvidence(aws, clock or FakeClock()).read(Inquiry(("shop",), SINCE, url), 5.0, evidence.append)
    return [(str(each.kind), each.text) for each in ranked(evidence, str)]


def test_a_denial_is_one_line_that_names_the_permission() -> None:
    aws = AnsweringAws(
        cloudformation_ListStackResources=stack(one="AWS::Lambda::Function", two="AWS::Lambda::Function"),
        lambda_GetFunction=FUNCTION,
    )

    assert read(aws) == [("not_read", "logs:FilterLogEvents on /aws/lambda/one, and on 1 more")]


def test_a_stack_that_may_not_be_read() -> None:
    ((kind, text),) = read(AnsweringAws())

    assert (kind, text.split()[0]) == ("not_read", "cloudformation:ListStackResources")


def test_resources_of_nested_stacks_are_read_too() -> None:
    def resources(params: Any) -> Any:
        inner = params["body"]["StackName"] == "nested"
        return stack(worker="AWS::Lambda::Function") if inner else stack(nested="AWS::CloudFormation::Stack")

    line = {"timestamp": AT_MS, "message": "[ERROR] KeyError: 'id'"}
    aws = AnsweringAws(
        cloudformation_ListStackResources=resources,
        logs_FilterLogEvents={"events": [line]},
        lambda_GetFunction=FUNCTION,
    )

    assert read(aws) == [("function_error", "KeyError: 'id'")]


def test_logs_that_come_late_are_read_once_more() -> None:
    looks: list[int] = []

    def events(_: Any) -> Any:
        looks.append(len(looks))
        return {"events": [{"timestamp": AT_MS, "message": "[ERROR] KeyError: 'id'"}] if len(looks) > 1 else []}

    clock = FakeClock()
    aws = AnsweringAws(
        cloudformation_ListStackResources=stack(worker="AWS::Lambda::Function"),
        logs_FilterLogEvents=events,
        lambda_GetFunction=FUNCTION,
        lambda_GetFunctionConfiguration=FUNCTION["Configuration"],
    )

    assert read(aws, clock=clock) == [("function_error", "KeyError: 'id'")]
    assert clock.slept == [LATE_SECONDS]


def test_what_has_an_explanation_is_not_read_again() -> None:
    clock = FakeClock()
    aws = AnsweringAws(
        cloudformation_ListStackResources=stack(worker="AWS::Lambda::Function"),
        logs_FilterLogEvents={"events": [{"timestamp": AT_MS, "message": "[ERROR] KeyError: 'id'"}]},
        lambda_GetFunction=FUNCTION,
    )

    read(aws, clock=clock)

    assert clock.slept == []


def test_a_url_asks_only_for_the_log_of_the_function_behind_it() -> None:
    integration = {"methodIntegration": {"uri": "arn:aws:lambda:eu-west-1:123456789012:function:price"}}
    aws = AnsweringAws(
        cloudformation_ListStackResources=stack(rest1="AWS::ApiGateway::RestApi", queue="AWS::SQS::Queue"),
        apigateway_GetResources={"items": [{"path": "/prices", "resourceMethods": {"GET": integration}}]},
        logs_FilterLogEvents={"events": [{"timestamp": AT_MS, "message": "price of nothing"}]},
    )

    seen = read(aws, "https://rest1.execute-api.eu-west-1.amazonaws.com/prod/prices")

    assert seen == [("log_line", "price of nothing")]
    assert not [call for call in aws.calls if call.startswith("sqs")]


def test_a_service_that_does_not_answer_is_not_waited_for() -> None:
    never = Event()
    aws = AnsweringAws(
        cloudformation_ListStackResources=stack(worker="AWS::Lambda::Function", dead="AWS::Lambda::Function"),
        logs_FilterLogEvents=lambda _: never.wait(10) or {"events": []},
        lambda_GetFunction={**FUNCTION, "Concurrency": {"ReservedConcurrentExecutions": 0}},
    )
    for service in ("cloudformation", "logs", "lambda"):
        aws.client(service)  # which takes longer than what is tested
    evidence: list[Evidence] = []

    StackEvidence(aws, SystemClock()).read(Inquiry(("shop",), SINCE), 1.0, evidence.append)
    never.set()

    assert {each.kind for each in evidence} == {"switched_off", "not_read"}
    assert evidence[-1].text == "2 of 4 reads: no answer in time"

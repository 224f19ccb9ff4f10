"""What is read of each type of resource."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.unit.aws.evidence.answering import ACCOUNT, REGION, AnsweringAws, error

from awsit.aws.evidence.functions import logged_lines
from awsit.aws.evidence.readers import READERS
from awsit.aws.evidence.resources import StackResource
from awsit.diagnosis.inquiry import Inquiry

SINCE = datetime(2030, 1, 1, tzinfo=UTC)
AT_MS = int(SINCE.timestamp() * 1000)
INQUIRY = Inquiry(("shop",), SINCE)
QUEUE_ARN = f"arn:aws:sqs:{REGION}:{ACCOUNT}:work"
DEAD_ARN = f"arn:aws:sqs:{REGION}:{ACCOUNT}:dead"
OWN, OTHER = f"run-{'0' * 26}", f"run-{'1' * 26}"
MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:fulfil"
FUNCTION, QUEUE, RULE = "AWS::Lambda::Function", "AWS::SQS::Queue", "AWS::Events::Rule"
STATE_MACHINE, MAPPING = "AWS::StepFunctions::StateMachine", "AWS::Lambda::EventSourceMapping"


def read(aws: AnsweringAws, kind: str, physical_id: str, inquiry: Inquiry = INQUIRY) -> list[tuple[str, str, str]]:
    resource = StackResource(kind, "Logical", physical_id, "shop")
    evidence = [each for reader in READERS[kind] for each in reader(aws, resource, inquiry)]
    return [(str(each.kind), each.resource, each.text) for each in evidence]


def log(*messages: str, stream: str = "2030/01/01/[$LATEST]abc") -> dict[str, Any]:
    return {"events": [{"timestamp": AT_MS, "message": each, "logStreamName": stream} for each in messages]}


def function(**configuration: Any) -> dict[str, Any]:
    return {"Configuration": {"FunctionName": "worker", "State": "Active", **configuration}}


def test_the_errors_of_a_function() -> None:
    aws = AnsweringAws(
        logs_FilterLogEvents=log("START RequestId: a", "[ERROR] KeyError: 'id'"), lambda_GetFunction=function()
    )

    assert read(aws, FUNCTION, "worker") == [("function_error", "function worker", "KeyError: 'id'")]


def test_the_errors_of_other_runs_are_not_those_of_this_one() -> None:
    messages = [f"START RequestId: a\t{OTHER}", f"[ERROR] KeyError: '{OTHER}'", "START RequestId: b", f"order of {OWN}"]
    aws = AnsweringAws(
        logs_FilterLogEvents=log(*messages, "[ERROR] ValueError: 'total'"), lambda_GetFunction=function()
    )

    seen = read(aws, FUNCTION, "worker", Inquiry(("shop",), SINCE, runs=frozenset({OWN})))

    assert seen == [("function_error", "function worker", "ValueError: 'total'")]


def test_the_executions_of_other_runs_are_not_those_of_this_one() -> None:
    runs = [OTHER] * 4 + [OWN]
    executions = [
        {"executionArn": f"{MACHINE}:{number}", "stateMachineArn": MACHINE, "name": f"{number}", "status": "FAILED",
         "startDate": SINCE, "stopDate": SINCE}
        for number in range(len(runs))
    ]  # fmt: skip

    def described(params: Any) -> Any:
        number = int(json.loads(params["body"])["executionArn"].rpartition(":")[2])
        return {"error": f"Failure{number}", "input": json.dumps({"order": f"{runs[number]}-1"})}

    def listed(params: Any) -> Any:
        return {"executions": executions if json.loads(params["body"])["statusFilter"] == "FAILED" else []}

    aws = AnsweringAws(stepfunctions_ListExecutions=listed, stepfunctions_DescribeExecution=described)

    seen = read(aws, STATE_MACHINE, MACHINE, Inquiry(("shop",), SINCE, runs=frozenset({OWN})))

    assert [text for _, _, text in seen] == ["execution 4 failed: Failure4"]


def test_a_function_with_a_log_group_of_its_own() -> None:
    def events(params: Any) -> Any:
        group = json.loads(params["body"])["logGroupName"]
        if group != "shop/workers":
            return error("ResourceNotFoundException")
        other = log("[ERROR] KeyError: 'other'", stream="2030/01/01/other[$LATEST]abc")
        own = log("[ERROR] KeyError: 'id'", stream="2030/01/01/worker[$LATEST]abc")
        return {"events": other["events"] + own["events"]}

    settings = {"FunctionName": "worker", "LoggingConfig": {"LogGroup": "shop/workers"}}
    aws = AnsweringAws(
        logs_FilterLogEvents=events, lambda_GetFunctionConfiguration=settings, lambda_GetFunction=function()
    )

    assert read(aws, FUNCTION, "worker") == [("function_error", "function worker", "KeyError: 'id'")]


def test_a_function_that_is_throttled_by_its_settings() -> None:
    aws = AnsweringAws(
        logs_FilterLogEvents=log("all is well"),
        lambda_GetFunction={**function(), "Concurrency": {"ReservedConcurrentExecutions": 0}},
    )

    ((kind, _, text),) = read(aws, FUNCTION, "worker")

    assert (kind, text) == ("switched_off", "its reserved concurrency is 0: every call of it is throttled")


def test_the_dead_letters_of_a_function() -> None:
    aws = AnsweringAws(
        logs_FilterLogEvents=log("all is well"),
        lambda_GetFunction=function(DeadLetterConfig={"TargetArn": DEAD_ARN}),
        sqs_GetQueueUrl={"QueueUrl": "https://sqs/dead"},
        sqs_GetQueueAttributes={"Attributes": {"ApproximateNumberOfMessages": "1"}},
    )

    ((kind, resource, text),) = read(aws, FUNCTION, "worker")

    assert (kind, resource) == ("dead_letters", "queue dead")
    assert text.startswith("1 message in this dead-letter queue of function worker")


@pytest.mark.parametrize(
    ("mapping", "kind"),
    [
        ({"State": "Disabled"}, ["switched_off"]),
        ({"State": "Enabled", "LastProcessingResult": "PROBLEM: Function call failed"}, ["function_error"]),
        ({"State": "Enabled", "LastProcessingResult": "OK"}, []),
    ],
)
def test_an_event_source_mapping(mapping: dict[str, Any], kind: list[str]) -> None:
    aws = AnsweringAws(lambda_GetEventSourceMapping={"EventSourceArn": QUEUE_ARN, **mapping})

    assert [each for each, *_ in read(aws, MAPPING, "8f507cfc-aaaa-4697-b07a-ac58fc914c95")] == kind


def queues(**depths: int) -> Any:
    """Answers with the depth of the queue that the URL names; `work` has `dead` as its dead-letter queue."""

    def attributes(params: Any) -> Any:
        name = json.loads(params["body"])["QueueUrl"].rsplit("/", 1)[-1]
        policy = {"RedrivePolicy": json.dumps({"deadLetterTargetArn": DEAD_ARN})} if name == "work" else {}
        depth = str(depths.get(name, 0))
        return {"Attributes": {"QueueArn": QUEUE_ARN, "ApproximateNumberOfMessages": depth, **policy}}

    return attributes


@pytest.mark.parametrize(
    ("depths", "mappings", "kinds"),
    [
        ({"work": 2}, [], ["no_consumer"]),
        ({"work": 2}, [{"UUID": "a"}], []),
        ({"dead": 3}, [], ["dead_letters"]),
        ({}, [], []),
    ],
)
def test_a_queue(depths: dict[str, int], mappings: list[Any], kinds: list[str]) -> None:
    aws = AnsweringAws(
        sqs_GetQueueAttributes=queues(**depths),
        sqs_GetQueueUrl={"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/dead"},
        lambda_ListEventSourceMappings={"EventSourceMappings": mappings},
    )

    seen = read(aws, QUEUE, "https://sqs.eu-west-1.amazonaws.com/123456789012/work")

    assert [kind for kind, *_ in seen] == kinds
    assert "sqs.ReceiveMessage" not in aws.calls


def test_a_queue_that_the_scenario_reads_itself_needs_no_other_consumer() -> None:
    url = "https://sqs.eu-west-1.amazonaws.com/123456789012/tap"
    aws = AnsweringAws(sqs_GetQueueAttributes=queues(tap=1))

    assert read(aws, QUEUE, url, Inquiry(("shop",), SINCE, received=frozenset({"tap"}))) == []


def test_executions_that_failed_in_this_time() -> None:
    before = datetime(2029, 12, 31, tzinfo=UTC)
    arn = MACHINE.replace("stateMachine", "execution")

    def executions(params: Any) -> Any:
        if json.loads(params["body"])["statusFilter"] != "TIMED_OUT":
            return {"executions": []}
        common = {"stateMachineArn": MACHINE, "status": "TIMED_OUT"}
        return {
            "executions": [
                {"executionArn": f"{arn}:new", "name": "new", "stopDate": SINCE, **common},
                {"executionArn": f"{arn}:old", "name": "old", "stopDate": before, **common},
            ]
        }

    aws = AnsweringAws(
        stepfunctions_ListExecutions=executions, stepfunctions_DescribeExecution={"error": "States.Timeout"}
    )

    assert read(aws, STATE_MACHINE, MACHINE) == [
        ("execution_failed", "state machine fulfil", "execution new timed out: States.Timeout")
    ]


def test_an_express_workflow_keeps_no_executions() -> None:
    aws = AnsweringAws(stepfunctions_ListExecutions=error("StateMachineTypeNotSupported"))

    assert read(aws, STATE_MACHINE, MACHINE) == []


def described(**more: Any) -> dict[str, Any]:
    arn = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/placed"
    return {"Name": "placed", "Arn": arn, "State": "ENABLED", "EventPattern": '{"source": ["shop.order"]}', **more}


TARGETS = {"Targets": [{"Id": "worker", "Arn": "arn"}]}
EVENT = {"Source": "shop.orders", "DetailType": "OrderPlaced", "Detail": '{"id": 7}'}


@pytest.mark.parametrize(
    ("rule", "targets", "events", "kind", "words"),
    [
        (described(State="DISABLED"), TARGETS, (), "switched_off", "it is disabled"),
        (described(), {"Targets": []}, (), "no_target", "it has no target"),
        (described(), TARGETS, (), "event_pattern", 'only what matches {"source": ["shop.order"]}'),
        (described(), TARGETS, (EVENT,), "event_not_matched", "source shop.orders, detail-type OrderPlaced"),
        (described(EventBusName="shop"), TARGETS, (EVENT,), "event_not_matched", "put its events on default"),
        (described(), TARGETS, ({**EVENT, "Source": "shop.order"},), "event_matched", "matches the event"),
    ],
)
def test_a_rule(rule: Any, targets: Any, events: tuple[Any, ...], kind: str, words: str) -> None:
    def match(params: Any) -> Any:
        body = json.loads(params["body"])
        event = json.loads(body["Event"])
        assert (event["account"], event["region"], event["detail"]) == (ACCOUNT, REGION, {"id": 7})
        return {"Result": event["source"] in json.loads(body["EventPattern"])["source"]}

    aws = AnsweringAws(events_DescribeRule=rule, events_ListTargetsByRule=targets, events_TestEventPattern=match)

    ((seen, resource, text),) = read(aws, RULE, "placed", Inquiry(("shop",), SINCE, events=events))

    assert (seen, resource) == (kind, "rule placed")
    assert words in text


def test_a_rule_of_another_bus_is_asked_for_there() -> None:
    def rule(params: Any) -> Any:
        assert json.loads(params["body"]) == {"Name": "placed", "EventBusName": "shop"}
        return described(State="DISABLED", EventBusName="shop")

    aws = AnsweringAws(events_DescribeRule=rule, events_ListTargetsByRule=TARGETS)

    assert [kind for kind, *_ in read(aws, RULE, "shop|placed")] == ["switched_off"]


@pytest.mark.parametrize(
    ("messages", "seen"),
    [
        (["one", "[ERROR] KeyError: 'id'"], [("function_error", "KeyError: 'id'")]),
        (["START RequestId: a", "one", "two"], [("log_line", "one"), ("log_line", "two")]),
        ([], [("no_log", "it logged nothing in this time: it was not called, or its log is late")]),
    ],
)
def test_the_log_of_a_function_behind_a_url(messages: list[str], seen: list[tuple[str, str]]) -> None:
    settings = {"FunctionName": "worker"}
    aws = AnsweringAws(logs_FilterLogEvents=log(*messages), lambda_GetFunctionConfiguration=settings)

    evidence = logged_lines(aws, StackResource(FUNCTION, "Logical", "worker", "shop"), INQUIRY)

    assert [(str(each.kind), each.text) for each in evidence] == seen

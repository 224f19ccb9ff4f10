"""What `auto_cleanup` and `restore` record of a call: found before it, and nothing is changed by looking."""

import base64
import io
from types import SimpleNamespace
from typing import Any

import pytest
from tests.unit.actions.services import Clients, compensations

from awsit.actions.aws_api.action import AwsApiAction
from awsit.actions.aws_api.compensation.compensations import compensations_of_result
from awsit.errors import ActionError, ErrorKind
from awsit.model.action.call import ActionResult
from awsit.model.action.compensation import Compensation


def s3(aws: Clients, operation: str = "put_object", **params: Any) -> tuple[Compensation, ...]:
    params = {"Bucket": "b", "Key": "k", **params}
    made = compensations(AwsApiAction(), aws, service="s3", operation=operation, params=params)
    for each in made:
        AwsApiAction.params_model.model_validate(each.params)
    return made


def test_a_new_object_is_deleted() -> None:
    (compensation,) = s3(Clients(head_object="404"), Body="x")

    assert compensation.params == {"service": "s3", "operation": "delete_object", "params": {"Bucket": "b", "Key": "k"}}


def test_deleting_an_object_that_is_not_there_needs_nothing() -> None:
    assert s3(Clients(head_object="404"), "delete_object") == ()


def test_an_object_with_versions_is_copied_from_the_one_that_was_there() -> None:
    (compensation,) = s3(Clients(head_object={"ContentLength": 5 * 2**30, "VersionId": "v1"}), Body="x")

    assert compensation.params["params"] == {"Bucket": "b", "Key": "k", "CopySource": "b/k?versionId=v1"}


def test_an_object_without_versions_is_kept_itself() -> None:
    kept = {"ContentType": "text/plain", "ContentDisposition": "attachment", "StorageClass": "STANDARD_IA"}
    head = {"ContentLength": 2, "ETag": "1", "Metadata": {"a": "b"}, **kept}

    (compensation,) = s3(Clients(head_object=head, get_object={"Body": io.BytesIO(b"\xff\x00")}), Body="x")

    params = compensation.params["params"]
    assert base64.b64decode(params.pop("Body")["$base64"]) == b"\xff\x00"
    assert params == {"Bucket": "b", "Key": "k", "Metadata": {"a": "b"}, **kept}


def test_what_is_done_to_the_same_object_is_known_as_such() -> None:
    versioned = Clients(head_object={"ContentLength": 1, "VersionId": "v1"})
    (deletion,), (copy,), (other,) = s3(Clients(head_object="404")), s3(versioned), s3(versioned, Key="l")

    assert deletion.things == copy.things != other.things
    assert (deletion.puts_back, copy.puts_back) == (False, True)


def test_an_object_too_large_to_keep_is_not_overwritten() -> None:
    with pytest.raises(ActionError, match="s3://b/k is there") as caught:
        s3(Clients(head_object={"ContentLength": 10**10}), Body="x")

    assert "versioning" in caught.value.hint


CREATE = {"service": "secretsmanager", "operation": "CreateSecret", "params": {"Name": "n", "SecretString": "s"}}


def test_a_resource_is_deleted_by_its_name() -> None:
    (compensation,) = compensations(AwsApiAction(), Clients(describe_secret="ResourceNotFoundException"), **CREATE)

    assert compensation.params["operation"] == "delete_secret"
    assert compensation.params["params"] == {"SecretId": "n", "ForceDeleteWithoutRecovery": True}


def test_a_resource_that_somebody_else_made_is_not_ours_to_delete() -> None:
    with pytest.raises(ActionError, match="n exists already"):
        compensations(AwsApiAction(), Clients(describe_secret={}), **CREATE)


def test_a_function_url_of_an_alias_is_looked_for_and_deleted_at_the_alias() -> None:
    params = {"FunctionName": "f", "Qualifier": "live", "AuthType": "NONE"}
    aws = Clients(get_function_url_config="ResourceNotFoundException")

    (compensation,) = compensations(
        AwsApiAction(), aws, service="lambda", operation="create_function_url_config", params=params
    )

    assert compensation.params["params"] == {"FunctionName": "f", "Qualifier": "live"}


def test_a_document_that_is_not_there_is_created() -> None:
    params = {"Name": "d", "Content": "{}"}

    (compensation,) = compensations(
        AwsApiAction(),
        Clients(describe_document="InvalidDocument"),
        service="ssm",
        operation="create_document",
        params=params,
    )

    assert compensation.params["params"] == {"Name": "d"}


def test_a_look_that_is_refused_stops_the_action() -> None:
    with pytest.raises(ActionError) as caught:
        compensations(AwsApiAction(), Clients(describe_secret="AccessDeniedException"), **CREATE)

    assert caught.value.kind is ErrorKind.ACCESS_DENIED


def test_an_operation_without_an_inverse_says_what_to_do() -> None:
    send = {"QueueUrl": "q", "MessageBody": "m"}

    with pytest.raises(ActionError, match="no inverse of sqs send_message") as caught:
        compensations(AwsApiAction(), Clients(), service="sqs", operation="send_message", params=send)

    assert "cleanup" in caught.value.hint


def of_result(result: Any, *, expect_error: Any = None, code: str = "", **params: Any) -> tuple[Compensation, ...]:
    """What is recorded of a call when it has been made."""
    call = AwsApiAction.params_model.model_validate({**params, "expect_error": expect_error})
    made = compensations_of_result(call, ActionResult(result, failure_code=code))
    for each in made:
        AwsApiAction.params_model.model_validate(each.params)
    return made


MAPPING_ID = "0d0a0b0c-0000-0000-0000-000000000000"
MAPPING = {
    "service": "lambda",
    "operation": "create_event_source_mapping",
    "params": {"FunctionName": "f", "EventSourceArn": "arn:aws:sqs:eu-west-1:1:q"},
}
SUBSCRIBE = {
    "service": "sns",
    "operation": "subscribe",
    "params": {"TopicArn": "t", "Protocol": "sqs", "Endpoint": "q"},
}
LOG_GROUP = {"service": "logs", "operation": "create_log_group", "params": {"logGroupName": "g"}}
QUEUE = {"service": "sqs", "operation": "create_queue", "params": {"QueueName": "q"}}


def test_what_the_service_names_is_deleted_by_the_name_in_its_answer() -> None:
    assert compensations(AwsApiAction(), Clients(), **MAPPING) == ()
    (compensation,) = of_result({"UUID": MAPPING_ID}, **MAPPING)

    assert compensation.params["operation"] == "delete_event_source_mapping"
    assert compensation.params["params"] == {"UUID": MAPPING_ID}


def test_a_success_proves_the_creation_of_what_cannot_be_looked_for() -> None:
    assert compensations(AwsApiAction(), Clients(), **LOG_GROUP) == ()
    (compensation,) = of_result({}, **LOG_GROUP)

    assert compensation.params["params"] == {"logGroupName": "g"}


def test_a_refusal_that_was_expected_created_nothing() -> None:
    assert of_result({"error": {"code": "ResourceAlreadyExistsException"}}, expect_error="*", **LOG_GROUP) == ()
    assert len(of_result({}, expect_error="*", code="not_refused", **LOG_GROUP)) == 1


def test_what_is_known_before_is_not_recorded_twice() -> None:
    assert of_result({"ARN": "a"}, **CREATE) == ()


def test_a_subscription_that_waits_for_its_owner_is_not_there_yet() -> None:
    assert of_result({"SubscriptionArn": "pending confirmation"}, **SUBSCRIBE) == ()


class Account(Clients):
    """An account whose services have no parameter, queue or topic yet, unless `answers` say more."""

    region = "eu-west-1"

    def __init__(self, **answers: Any) -> None:
        identity = {"Account": "123456789012", "Arn": "arn:aws-cn:sts::123456789012:assumed-role/r/s"}
        super().__init__(get_caller_identity=identity, **answers)
        self.meta = SimpleNamespace(endpoint_url="https://sqs.eu-west-1.amazonaws.com/")

    def get_paginator(self, name: str) -> Any:
        answer = self.answers[name]
        return SimpleNamespace(paginate=lambda **_: iter([answer]))


def test_urls_and_arns_are_worked_out_before_the_creation() -> None:
    (queue,) = compensations(AwsApiAction(), Account(get_queue_attributes="QueueDoesNotExist"), **QUEUE)
    topic = {"service": "sns", "operation": "create_topic", "params": {"Name": "t"}}
    (deleted,) = compensations(AwsApiAction(), Account(get_topic_attributes="NotFound"), **topic)

    assert queue.params["params"] == {"QueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q"}
    assert deleted.params["params"] == {"TopicArn": "arn:aws-cn:sns:eu-west-1:123456789012:t"}


def test_an_execution_with_a_name_is_known_before_and_one_without_after() -> None:
    machine = "arn:aws:states:eu-west-1:1:stateMachine:m"
    start = {"service": "stepfunctions", "operation": "start_execution"}
    named = {**start, "params": {"stateMachineArn": machine, "name": "one"}}
    (stop,) = compensations(AwsApiAction(), Account(describe_execution="ExecutionDoesNotExist"), **named)
    (later,) = of_result({"executionArn": "arn:e"}, **start, params={"stateMachineArn": machine})

    assert stop.params["params"] == {"executionArn": "arn:aws-cn:states:eu-west-1:123456789012:execution:m:one"}
    assert later.params["params"] == {"executionArn": "arn:e"}


def test_what_a_list_has_already_is_not_ours() -> None:
    subscription = {"SubscriptionArn": "s", "Protocol": "sqs", "Endpoint": "q"}
    targets = {"Rule": "r", "Targets": [{"Id": "a", "Arn": "arn:aws:sqs:eu-west-1:1:q"}]}
    put = {"service": "events", "operation": "put_targets", "params": targets}

    with pytest.raises(ActionError, match="s exists already"):
        compensations(
            AwsApiAction(), Account(list_subscriptions_by_topic={"Subscriptions": [subscription]}), **SUBSCRIBE
        )
    with pytest.raises(ActionError, match="a exists already"):
        compensations(AwsApiAction(), Account(list_targets_by_rule={"Targets": [{"Id": "a"}]}), **put)
    (removed,) = compensations(AwsApiAction(), Account(list_targets_by_rule={"Targets": [{"Id": "b"}]}), **put)
    assert removed.params["params"] == {"Rule": "r", "Ids": ["a"]}


def test_a_token_of_the_scenario_may_find_what_another_run_made() -> None:
    window = {"Name": "window", "Schedule": "rate(1 day)", "Duration": 2, "Cutoff": 1, "AllowUnassociatedTargets": True}
    create = {"service": "ssm", "operation": "create_maintenance_window", "params": {**window, "ClientToken": "t"}}

    with pytest.raises(ActionError, match="`ClientToken`"):
        compensations(AwsApiAction(), Clients(), **create)

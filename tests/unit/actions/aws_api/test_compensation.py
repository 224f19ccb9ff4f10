"""What `auto_cleanup` and `restore` record of a call: found before it, and nothing is changed by looking."""

import base64
import io
from typing import Any

import pytest
from tests.unit.actions.services import Clients, compensations

from awsit.actions.aws_api.action import AwsApiAction
from awsit.errors import ActionError, ErrorKind
from awsit.model.ports import Compensation


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
    (compensation,) = s3(Clients(head_object={"ContentLength": 10**10, "VersionId": "v1"}), Body="x")

    assert compensation.params["params"] == {"Bucket": "b", "Key": "k", "CopySource": "b/k?versionId=v1"}


def test_an_object_without_versions_is_kept_itself() -> None:
    head = {"ContentLength": 2, "ContentType": "text/plain", "Metadata": {"a": "b"}}

    (compensation,) = s3(Clients(head_object=head, get_object={"Body": io.BytesIO(b"\xff\x00")}), Body="x")

    params = compensation.params["params"]
    assert base64.b64decode(params["Body"]["$base64"]) == b"\xff\x00"
    assert (params["ContentType"], params["Metadata"]) == ("text/plain", {"a": "b"})


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


def test_a_look_that_is_refused_stops_the_action() -> None:
    with pytest.raises(ActionError) as caught:
        compensations(AwsApiAction(), Clients(describe_secret="AccessDeniedException"), **CREATE)

    assert caught.value.kind is ErrorKind.ACCESS_DENIED


def test_an_operation_without_an_inverse_says_what_to_do() -> None:
    with pytest.raises(ActionError, match="no inverse of sqs create_queue") as caught:
        compensations(AwsApiAction(), Clients(), service="sqs", operation="create_queue", params={"QueueName": "q"})

    assert "cleanup" in caught.value.hint

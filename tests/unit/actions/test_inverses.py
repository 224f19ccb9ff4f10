"""What `auto_cleanup` and `restore` record: found before the action, and nothing is changed by looking."""

import base64
import io
from decimal import Decimal
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.unit.engine.world import NoAws, World

from awsit.actions.aws_api.action import AwsApiAction
from awsit.actions.dynamodb.action import DynamoDBAction
from awsit.actions.registry import ACTIONS
from awsit.aws.client import errors
from awsit.errors import ActionError, ErrorKind
from awsit.model.ports import ActionContext, Compensable, Compensation

TABLE = {"operation": "put_item", "table": "orders"}


class Clients(NoAws):
    """AWS in which the services answer with what a test gives; a string is the code of an error."""

    def __init__(self, **answers: Any) -> None:
        self.answers = answers
        self.calls: list[tuple[str, Any]] = []

    def client(self, service: str) -> Any:
        return self

    def translate(self, error: Exception) -> Exception:
        return errors.translate(error)

    def __getattr__(self, name: str) -> Any:
        if name not in self.answers:
            raise AssertionError(f"{name} was not expected")

        def call(**arguments: Any) -> Any:
            self.calls.append((name, arguments))
            answer = self.answers[name]
            if isinstance(answer, str):
                raise ClientError({"Error": {"Code": answer, "Message": "no"}}, name)
            return answer

        return call


def inverse(action: Any, aws: Clients, **params: Any) -> tuple[Compensation, ...]:
    world = World()
    context = ActionContext("run-1", world.http, aws, world.clock)
    return action.inverse(action.params_model.model_validate(params), context)


def dynamodb(aws: Clients, **params: Any) -> Any:
    (undo,) = inverse(DynamoDBAction(), aws, table="orders", **params)
    assert undo.type == "dynamodb"
    DynamoDBAction.params_model.model_validate(undo.params)
    return undo.params


def keyed(**answers: Any) -> Clients:
    return Clients(describe_table={"Table": {"KeySchema": [{"AttributeName": "id"}]}}, **answers)


def test_a_new_item_is_deleted_by_the_key_of_its_table() -> None:
    undo = dynamodb(keyed(get_item={}), operation="put_item", item={"id": "7", "total": 2})

    assert undo == {"operation": "delete_item", "table": "orders", "key": {"id": "7"}}


def test_an_item_that_is_there_is_put_back_digit_for_digit() -> None:
    there = {"id": {"S": "7"}, "price": {"N": "1.50"}, "tags": {"SS": ["a", "b"]}, "text": {"S": "{{ not.ours }}"}}

    undo = dynamodb(keyed(get_item={"Item": there}), operation="put_item", item={"id": "7"})

    assert undo["operation"] == "put_item"
    assert undo["item"]["price"] == Decimal("1.50")
    assert undo["item"]["tags"] == {"$set": ["a", "b"]}
    assert undo["item"]["text"] == "{{ not.ours }}"


@pytest.mark.parametrize("params", [{"operation": "update_item", "set": {"a": 1}}, {"operation": "delete_item"}])
def test_updates_and_deletes_need_no_look_at_the_table(params: dict[str, Any]) -> None:
    aws = Clients(get_item={"Item": {"id": {"S": "7"}, "a": {"N": "0"}}})

    undo = dynamodb(aws, key={"id": "7"}, **params)

    assert (undo["operation"], undo["item"]) == ("put_item", {"id": "7", "a": 0})
    assert aws.calls[0][1]["ConsistentRead"] is True


def test_a_batch_is_one_batch_back() -> None:
    aws = keyed(batch_get_item={"Responses": {"orders": [{"id": {"S": "1"}, "old": {"BOOL": True}}]}})

    undo = dynamodb(aws, operation="batch_write", items=[{"id": "1"}, {"id": "2"}], keys=[{"id": "3"}])

    assert undo["items"] == [{"id": "1", "old": True}]
    assert undo["keys"] == [{"id": "2"}, {"id": "3"}]


def test_what_was_not_shown_whole_is_throttling_and_nothing_is_done() -> None:
    aws = keyed(batch_get_item={"Responses": {}, "UnprocessedKeys": {"orders": {"Keys": [{}]}}})

    with pytest.raises(ActionError) as caught:
        dynamodb(aws, operation="batch_write", items=[{"id": "1"}])

    assert caught.value.kind is ErrorKind.THROTTLING


def test_a_read_has_no_inverse() -> None:
    with pytest.raises(ActionError, match="get_item on table orders changes nothing"):
        dynamodb(Clients(), operation="get_item", key={"id": "1"})


def s3(aws: Clients, operation: str = "put_object", **params: Any) -> tuple[Compensation, ...]:
    place = {"Bucket": "b", "Key": "k", **params}
    undos = inverse(AwsApiAction(), aws, service="s3", operation=operation, params=place)
    for undo in undos:
        AwsApiAction.params_model.model_validate(undo.params)
    return undos


def test_a_new_object_is_deleted() -> None:
    (undo,) = s3(Clients(head_object="404"), Body="x")

    assert undo.params == {"service": "s3", "operation": "delete_object", "params": {"Bucket": "b", "Key": "k"}}


def test_deleting_an_object_that_is_not_there_needs_nothing() -> None:
    assert s3(Clients(head_object="404"), "delete_object") == ()


def test_an_object_with_versions_is_copied_from_the_one_that_was_there() -> None:
    (undo,) = s3(Clients(head_object={"ContentLength": 10**10, "VersionId": "v1"}), Body="x")

    assert undo.params["params"] == {"Bucket": "b", "Key": "k", "CopySource": "b/k?versionId=v1"}


def test_an_object_without_versions_is_kept_itself() -> None:
    head = {"ContentLength": 2, "ContentType": "text/plain", "Metadata": {"a": "b"}}

    (undo,) = s3(Clients(head_object=head, get_object={"Body": io.BytesIO(b"\xff\x00")}), Body="x")

    params = undo.params["params"]
    assert base64.b64decode(params["Body"]["$base64"]) == b"\xff\x00"
    assert (params["ContentType"], params["Metadata"]) == ("text/plain", {"a": "b"})


def test_an_object_too_large_to_keep_is_not_overwritten() -> None:
    with pytest.raises(ActionError, match="s3://b/k is there") as caught:
        s3(Clients(head_object={"ContentLength": 10**10}), Body="x")

    assert "versioning" in caught.value.hint


CREATE = {"service": "secretsmanager", "operation": "CreateSecret", "params": {"Name": "n", "SecretString": "s"}}


def test_a_resource_is_deleted_by_its_name() -> None:
    (undo,) = inverse(AwsApiAction(), Clients(describe_secret="ResourceNotFoundException"), **CREATE)

    assert undo.params["operation"] == "delete_secret"
    assert undo.params["params"] == {"SecretId": "n", "ForceDeleteWithoutRecovery": True}


def test_a_resource_that_somebody_else_made_is_not_ours_to_delete() -> None:
    with pytest.raises(ActionError, match="n exists already"):
        inverse(AwsApiAction(), Clients(describe_secret={}), **CREATE)


def test_a_look_that_is_refused_stops_the_action() -> None:
    with pytest.raises(ActionError) as caught:
        inverse(AwsApiAction(), Clients(describe_secret="AccessDeniedException"), **CREATE)

    assert caught.value.kind is ErrorKind.ACCESS_DENIED


def test_an_operation_without_an_inverse_says_what_to_do() -> None:
    with pytest.raises(ActionError, match="no inverse of sqs create_queue") as caught:
        inverse(AwsApiAction(), Clients(), service="sqs", operation="create_queue", params={"QueueName": "q"})

    assert "cleanup" in caught.value.hint


def test_only_these_types_know_their_inverse() -> None:
    assert {action.type for action in ACTIONS if isinstance(action, Compensable)} == {"dynamodb", "aws_api"}

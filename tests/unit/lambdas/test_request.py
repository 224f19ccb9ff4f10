"""What an execution may be started with."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from io import BytesIO
from typing import Any

import pytest
from tests.unit.engine.world import NoAws

from awsit.aws.stepfunctions.execution import Execution
from awsit.engine.store.records import SecretInputs
from awsit.errors import ActionError, AwsitError, ErrorKind, InvalidInputError
from awsit.lambdas.request import read_request
from awsit.model.http import Repeat, Sending

EXECUTION = Execution("arn", "run-01J00000000000000000000000")


def none(_run_id: str) -> SecretInputs:
    raise AssertionError("no secret variables were left")


class Bucket(NoAws):
    """S3 with some objects, by bucket and key."""

    def __init__(self, **objects: bytes) -> None:
        self.objects = {f"b/scenarios/{name}.json": content for name, content in objects.items()}

    def client(self, service: str) -> Any:
        return self

    def get_object(self, Bucket: str, Key: str) -> Any:  # noqa: N803 - botocore's names
        return {"Body": BytesIO(self.objects[f"{Bucket}/{Key}"])}

    def within(self, seconds: float) -> AbstractContextManager[None]:
        return nullcontext()

    def traced(self, header: str) -> AbstractContextManager[None]:
        return nullcontext()

    def sent_once(self, note: Callable[[Repeat], None]) -> AbstractContextManager[Sending]:
        return nullcontext(Sending(note))

    def translate(self, error: Exception) -> Exception:
        return ActionError(f"there is no {error}", kind=ErrorKind.NOT_FOUND)


def test_a_name_stands_for_an_object_of_the_stack_bucket() -> None:
    request = read_request(
        Bucket(orders=b'{"name": "all_orders", "actions": []}'), "b", EXECUTION, {"scenario": "orders"}, none
    )

    assert (request.run_id, request.name) == (EXECUTION.run_id, "all_orders")
    assert (request.variables, request.env) == ({}, {})


def test_an_object_is_named_after_itself_when_its_content_has_no_name() -> None:
    given = {"scenario": {"key": "scenarios/orders.json"}, "variables": {"n": 1}, "env": {"STAGE": "test"}}

    request = read_request(Bucket(orders=b"[]"), "b", EXECUTION, given, none)

    assert request.name == "scenarios/orders.json"
    assert (request.variables, request.env) == ({"n": 1}, {"STAGE": "test"})


def test_secret_variables_are_taken_from_where_the_cli_left_them() -> None:
    given = {"scenario": "orders", "variables": {"n": 1}, "env": {}, "given": True}
    left = {EXECUTION.run_id: SecretInputs({"password": "p"}, {"API_TOKEN": "t"})}

    request = read_request(Bucket(orders=b"{}"), "b", EXECUTION, given, left.__getitem__)

    assert (request.variables, request.env) == ({"n": 1, "password": "p"}, {"API_TOKEN": "t"})


@pytest.mark.parametrize("given", [None, {}, [], {"scenario": {}}, {"scenario": 7}, "orders"])
def test_an_input_that_names_no_scenario_says_how_to_start_one(given: Any) -> None:
    with pytest.raises(InvalidInputError) as raised:
        read_request(Bucket(), "b", EXECUTION, given, none)

    assert '{"scenario": "name"}' in raised.value.hint


@pytest.mark.parametrize(
    ("objects", "told"), [({}, "there is no"), ({"orders": b"name: orders"}, "scenarios/orders.json is not JSON")]
)
def test_an_object_that_is_gone_or_is_not_json(objects: dict[str, bytes], told: str) -> None:
    with pytest.raises(AwsitError, match=told):
        read_request(Bucket(**objects), "b", EXECUTION, {"scenario": "orders"}, none)


@pytest.mark.parametrize(
    ("given", "start_at"),
    [({"start_at": 1900000000.25}, 1900000000.25), ({}, 0.0), ({"start_at": "soon"}, 0.0), ({"start_at": True}, 0.0)],
)
def test_an_iteration_of_a_load_has_the_moment_of_its_start(given: dict[str, Any], start_at: float) -> None:
    bucket = Bucket(orders=b'{"name": "orders", "actions": []}')
    assert read_request(bucket, "b", EXECUTION, {"scenario": "orders", **given}, none).start_at == start_at

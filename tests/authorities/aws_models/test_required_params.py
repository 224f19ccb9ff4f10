"""What an operation of AWS cannot do without is missed before a run, as botocore's own model has it."""

from __future__ import annotations

import pytest
from botocore.loaders import create_loader
from botocore.model import OperationModel, ServiceModel

from awsit.actions.registry import BY_TYPE
from awsit.model.json import Json
from awsit.scenario.checks.validate import every_problem

SERVICES = (
    "dynamodb",
    "events",
    "kinesis",
    "kms",
    "lambda",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
    "stepfunctions",
)


def operations(service: str) -> list[OperationModel]:
    """Those that take params, and stream no events."""
    model = ServiceModel(create_loader().load_service_model(service, "service-2"), service)
    every = [model.operation_model(name) for name in model.operation_names]
    return [each for each in every if each.input_shape and not each.has_event_stream_output]


def missed(service: str, operation: str, params: Json) -> set[str]:
    """What validation says of a scenario with this one call."""
    call = {"service": service, "operation": operation, **params}
    document = {"name": "one_call", "actions": [{"name": "Call", "type": "aws_api", "params": call}]}
    return {each.message for each in every_problem(document, BY_TYPE) if each.code == "missing_key"}


@pytest.mark.parametrize("service", SERVICES)
def test_what_is_required_and_not_there_is_told(service: str) -> None:
    told, required = {}, {}
    for each in operations(service):
        told[each.name] = missed(service, each.name, {"params": {}})
        required[each.name] = {f"`params.{name}` is missing" for name in each.input_shape.required_members}

    assert told == required
    assert any(required.values())


def test_params_that_are_left_out_are_none() -> None:
    assert missed("sqs", "SendMessage", {}) == {"`params.QueueUrl` is missing", "`params.MessageBody` is missing"}

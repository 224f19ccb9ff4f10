"""Every call has its statement, every statement its calls, and without one of them a call is denied."""

from __future__ import annotations

import fnmatch
import json
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources
from typing import Any

import pytest
from tests.permissions import made_by_aws, records
from tests.permissions.calls import Need
from tests.permissions.policies import HERE, OWNERS, PARAMETERS, Statement, granted, is_allowed, statements
from tests.permissions.records import Row
from tests.unit.infra.rendered import ARNS, listed

from awsit.forecast.policies.denials import overlap

ROWS = sorted(records.load() | set(made_by_aws.rows()))
ANYTHING = {"Sid": "Anything", "Effect": "Allow", "Action": "*", "Resource": "*"}
DENIED = {
    "NothingOfAwsitItself": [
        Row("actions", "dynamodb.Query", "dynamodb:Query", ARNS["RunsTable"]),
        Row("actions", "dynamodb.Query", "dynamodb:Query", ARNS["MocksTable"]),
        Row("actions", "s3.PutObject", "s3:PutObject", f"{ARNS['Bucket']}/runs/RUN/report.json"),
        Row("actions", "lambda.Invoke", "lambda:InvokeFunction", ARNS["AtomicLambdaInvoker"]),
    ],
    "NotByItsCode": [
        Row(
            "function",
            "ec2.CreateNetworkInterface",
            "ec2:CreateNetworkInterface",
            "*",
            (("lambda:SourceFunctionArn", (ARNS["AtomicLambdaInvoker"],)),),
        )
    ],
}
"""Calls that a statement denies, though another one allows them."""

NAMED_ELSEWHERE = {
    "ActionsRole.Arn": "how these tests name the role",
    HERE.arn("cloudformation", "transform/Serverless-2016-10-31").replace(HERE.account, "aws"): (
        "CloudFormation user guide, Control access with IAM, section Template macros"
    ),
}
"""Resources that the reference does not describe."""


@cache
def _reference() -> dict[str, Any]:
    text = resources.files("cfnlint.data.AdditionalSpecs").joinpath("Policies.json").read_text(encoding="utf-8")
    services: dict[str, Any] = json.loads(text)
    return services


def every_statement() -> Iterator[tuple[str, Statement]]:
    return ((caller, each) for caller in OWNERS for each in statements(caller))


def without(caller: str, sid: str) -> list[Statement]:
    return [each for each in statements(caller) if each["Sid"] != sid]


@pytest.mark.parametrize("caller", OWNERS)
def test_every_call_is_allowed(caller: str) -> None:
    assert [row for row in ROWS if row.caller == caller and not is_allowed(row.need, statements(caller))] == []


@pytest.mark.parametrize(
    ("caller", "statement"),
    [each for each in every_statement() if each[1]["Effect"] == "Allow"],
    ids=lambda value: value if isinstance(value, str) else value["Sid"],
)
def test_without_a_statement_a_call_is_denied(caller: str, statement: Statement) -> None:
    rest = without(caller, statement["Sid"])

    assert [row for row in ROWS if row.caller == caller and not is_allowed(row.need, rest)]


@pytest.mark.parametrize("sid", DENIED)
def test_without_a_denial_a_call_is_allowed(sid: str) -> None:
    for row in DENIED[sid]:
        assert not is_allowed(row.need, [*statements(row.caller), ANYTHING])
        assert is_allowed(row.need, [*without(row.caller, sid), ANYTHING])


def test_every_denial_is_tried() -> None:
    assert {each["Sid"] for _, each in every_statement() if each["Effect"] == "Deny"} == set(DENIED)


@pytest.mark.parametrize("caller", OWNERS)
def test_every_action_that_is_allowed_has_a_call(caller: str) -> None:
    called = {row.action for row in ROWS if row.caller == caller}

    idle = [(sid, action) for sid, action in granted(caller) if not fnmatch.filter(called, action)]
    assert [(sid, action) for sid, action in idle if (caller, action) not in made_by_aws.DRAWN] == []


TAP = HERE.arn("sqs", "awsit-run-1-Orders")
TAGGED = {"aws:RequestTag/awsit:run": ("run-1",)}
TOPIC = PARAMETERS["AllowedTopicArns"]
FUNCTION = PARAMETERS["AllowedFunctionArns"]
TO_TAP = {"events:TargetArn": (TAP,)}


@pytest.mark.parametrize(
    ("action", "resource", "context", "expected"),
    [
        ("sqs:CreateQueue", TAP, TAGGED, True),
        ("sqs:CreateQueue", TAP, {}, False),
        ("sqs:CreateQueue", HERE.arn("sqs", "awsit-others"), TAGGED, False),
        ("events:PutRule", HERE.arn("events", "rule/orders/awsit-run-1-Orders"), TAGGED, True),
        ("events:PutRule", HERE.arn("events", "rule/orders/awsit-run-1-Orders"), {}, False),
        ("events:PutRule", HERE.arn("events", "rule/awsit-run-1-Orders"), TAGGED, True),
        ("events:PutRule", HERE.arn("events", "rule/payments/awsit-run-1-Orders"), TAGGED, False),
        ("events:PutTargets", HERE.arn("events", "rule/awsit-run-1-Orders"), TO_TAP, True),
        ("events:PutTargets", HERE.arn("events", "rule/awsit-run-1-Orders"), {"events:TargetArn": (FUNCTION,)}, False),
        ("events:PutTargets", HERE.arn("events", "rule/awsit-SweepRuns-1ABC"), TO_TAP, False),
        ("sns:Subscribe", TOPIC, {"sns:Protocol": ("sqs",), "sns:Endpoint": (TAP,)}, True),
        ("sns:Subscribe", TOPIC, {"sns:Protocol": ("sqs",), "sns:Endpoint": (HERE.arn("sqs", "others"),)}, False),
        ("sns:Subscribe", TOPIC, {"sns:Protocol": ("email",), "sns:Endpoint": ("ada@example.com",)}, False),
        ("sns:Subscribe", f"{TOPIC}-2", {"sns:Protocol": ("sqs",), "sns:Endpoint": (TAP,)}, False),
    ],
)
def test_taps_are_made_of_what_is_listed_and_lead_to_queues_of_runs(
    action: str, resource: str, context: dict[str, tuple[str, ...]], expected: bool
) -> None:
    assert is_allowed(Need(action, resource, context), statements("actions")) is expected


def test_every_action_of_a_statement_knows_one_of_its_resources() -> None:
    """Source: Service Authorization Reference, as cfn-lint has it."""
    wrong = [
        f"{caller} {statement['Sid']}: {action}"
        for caller, statement in every_statement()
        if statement["Effect"] == "Allow"
        for pattern in listed(statement["Action"])
        for action in fnmatch.filter({row.action for row in ROWS}, pattern)
        if not any(_is_known(action, str(each)) for each in listed(statement["Resource"]))
    ]
    assert wrong == []


def _is_known(action: str, resource: str) -> bool:
    prefix, _, name = action.partition(":")
    service = _reference()[prefix]
    kinds = service["Actions"][name.lower()].get("Resources", [])
    formats = [text for kind in kinds for text in service["Resources"][kind.lower()]["ARNFormats"]]
    return resource == "*" or resource in NAMED_ELSEWHERE or any(_fits(each, resource) for each in formats)


def _fits(arn_format: str, resource: str) -> bool:
    """Whether a resource of a policy may name what the format describes."""
    return overlap(re.sub(r"\$\{\w+\}|\.\*", "*", arn_format), resource)

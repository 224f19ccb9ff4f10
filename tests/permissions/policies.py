"""The statements that allow each caller its calls, and what they come to for one permission.

The evaluation is that of the sandbox's emulator, conditions included, which is a program of its own make.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from ministack.core import iam_evaluator
from tests.permissions.calls import Need
from tests.unit.aws.fakes import FakeAws
from tests.unit.infra.rendered import ACCOUNT, REGION, Rendered, listed

from awsit.aws.deployment.deployer import deployer_policy
from awsit.model.permissions import AwsLocation

HERE = AwsLocation("aws", REGION, ACCOUNT)
TABLE = HERE.arn("dynamodb", "table/orders")
FUNCTION = HERE.arn("lambda", "function:orders")
PARAMETERS = {
    "AllowedTableArns": TABLE,
    "AllowedFunctionArns": FUNCTION,
    "AllowedApiArns": HERE.arn("execute-api", "api/prod/GET/orders"),
    "AllowedQueueArns": HERE.arn("sqs", "orders"),
    "AllowedTopicArns": HERE.arn("sns", "orders"),
    "AllowedBusArns": f"{HERE.arn('events', 'event-bus/orders')},{HERE.arn('events', 'event-bus/default')}",
    "AllowedBucketArns": HERE.global_arn("s3", "orders"),
    "AllowedStreamArns": HERE.arn("kinesis", "stream/orders"),
    "AllowedStateMachineArns": HERE.arn("states", "stateMachine:orders"),
    "AllowedLogGroupArns": HERE.arn("logs", "log-group:orders"),
    "AllowTraces": "true",
    "AllowedSecretArns": HERE.arn("secretsmanager", "secret:orders-AbCdEf"),
    "AllowedParameterArns": HERE.arn("ssm", "parameter/orders/url"),
    "AllowedKeyArns": HERE.arn("kms", "key/1"),
    "AllowedRoleArns": "arn:aws:iam::210987654321:role/tests",
    "AllowedStackArns": HERE.arn("cloudformation", "stack/orders/*"),
    "Mocks": "true",
    "NotificationTopicArn": HERE.arn("sns", "developers"),
    "VpcSubnetIds": "subnet-1",
    "VpcSecurityGroupIds": "sg-1",
}
"""A stack that allows its actions one thing of each kind."""

OWNERS: Mapping[str, tuple[str, ...]] = {
    "function": ("InvokerRole", "AssumeActionsRole"),
    "actions": ("ActionsRole",),
    "mocks": ("MocksRole",),
    "state machine": ("StateMachineRole",),
    "suite flow": ("SuiteFlowRole",),
    "run": ("CliPolicy",),
    "look": ("ReadOnlyPolicy",),
    "schedule": ("SchedulePolicy",),
    "scheduler": ("SchedulerRole",),
    "deploy": ("deployer_policy.json",),
}
"""By caller, the roles and policies whose statements are its own."""

Statement = Mapping[str, Any]


@cache
def statements(caller: str) -> tuple[Statement, ...]:
    """The statements of a caller."""
    if caller == "deploy":
        policy: Any = deployer_policy(FakeAws(), "awsit")  # type: ignore[arg-type]
        return tuple(policy["Statement"])
    stack = Rendered(**PARAMETERS)
    return tuple(each for owner in OWNERS[caller] for each in stack.statements(owner))


def is_allowed(need: Need, policy: Iterable[Statement]) -> bool:
    """Whether the statements allow it (IAM user guide, "Policy evaluation logic")."""
    parsed = iam_evaluator.parse_policy_document({"Statement": list(policy)})
    context = iam_evaluator.EvalContext(
        principal_arn=HERE.global_arn("iam", "role/caller"),
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=need.action,
        resource_arn=need.resource,
        region=REGION,
        service_context={
            key.lower(): values[0] if len(values) == 1 else list(values) for key, values in need.context.items()
        },
    )
    return bool(iam_evaluator.evaluate(context, [parsed]).decision == "Allow")


def allowing(caller: str, need: Need) -> list[str]:
    """The names of the statements without any of which it is denied; else of those that allow it by themselves."""
    return [each["Sid"] for each in statements(caller) if each["Effect"] == "Allow" and is_allowed(need, [each])]


def asked_for(caller: str, action: str) -> set[str]:
    """The condition keys that a caller's statements ask for on an action."""
    return {
        key
        for each in statements(caller)
        if action in listed(each["Action"])
        for condition in each.get("Condition", {}).values()
        for key in condition
    }


def granted(caller: str) -> Iterator[tuple[str, str]]:
    """Each action that a statement allows, with the statement's name."""
    for each in statements(caller):
        if each["Effect"] == "Allow":
            yield from ((each["Sid"], action) for action in listed(each["Action"]))


def trusts(trust: Statement, provider: str, **claims: str) -> bool:
    """Whether a trust policy lets the bearer of an identity provider's token take the role; claims by condition key."""
    context = iam_evaluator.EvalContext(
        principal_arn=provider,
        principal_type="FederatedUser",
        principal_account=ACCOUNT,
        action="sts:AssumeRoleWithWebIdentity",
        resource_arn="*",
        region=REGION,
        service_context={key.lower(): value for key, value in claims.items()},
    )
    return bool(iam_evaluator.evaluate_trust_policy(dict(trust), provider, context))

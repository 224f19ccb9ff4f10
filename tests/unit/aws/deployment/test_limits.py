"""What `awsit deploy` refuses before it changes anything."""

from __future__ import annotations

import json
import re
from string import ascii_letters, digits
from types import SimpleNamespace
from typing import Any

import pytest
from tests.unit.aws.fakes import FakeAws, client_error
from tests.unit.infra.rendered import ACCOUNT, REGION, Rendered

from awsit.aws.deployment import limits, package, template
from awsit.errors import UsageError

DECLARED = template.read(package.infra_folder() / "template.yaml")["Parameters"]


def values(**given: str) -> dict[str, str]:
    return {name: str(given.get(name, each.get("Default", ""))) for name, each in DECLARED.items()}


def aws(unreserved: int | None = 1000) -> Any:
    def get_account_settings() -> Any:
        if unreserved is None:
            raise client_error("AccessDeniedException", "no", "GetAccountSettings")
        return {"AccountLimit": {"UnreservedConcurrentExecutions": unreserved}}

    return FakeAws(**{"lambda": SimpleNamespace(get_account_settings=get_account_settings)})


def refusal(stack_name: str = "awsit", *, unreserved: int | None = 1000, reserved: str = "-1", **given: str) -> str:
    try:
        limits.check_limits(aws(unreserved), stack_name, values(**given), {"ReservedConcurrency": reserved})
    except UsageError as error:
        return f"{error.message} | {error.hint}"
    return ""


def test_the_defaults_are_right() -> None:
    assert refusal() == ""
    assert refusal("s" * 44) == ""


def test_a_stack_name_that_the_names_of_its_function_do_not_fit() -> None:
    assert "has 45 characters | 44 are the most" in refusal("s" * 45)
    name = "s" * 44 + "-AtomicLambdaInvoker"
    assert len(name) == 64


@pytest.mark.parametrize(
    ("wanted", "unreserved", "reserved", "said"),
    [
        ("0", 1000, "-1", "lets the function run nothing"),
        ("900", 1000, "-1", ""),
        ("901", 1000, "-1", "is more than this account has left, which is 900"),
        ("1", 50, "-1", "which is 0"),
        ("40", 100, "40", ""),
        ("41", 100, "40", "which is 40"),
        ("901", None, "-1", ""),
    ],
)
def test_concurrency_that_the_account_does_not_have(
    wanted: str, unreserved: int | None, reserved: str, said: str
) -> None:
    refused = refusal(ReservedConcurrency=wanted, unreserved=unreserved, reserved=reserved)

    assert said in refused
    assert bool(said) == bool(refused)


@pytest.mark.parametrize(
    ("given", "unreserved", "said"),
    [
        ({}, 100, "MocksConcurrency: 10 is more than this account has left, which is 0"),
        ({}, 110, ""),
        ({"MocksConcurrency": "-1"}, 10, ""),
        ({"MocksConcurrency": "0"}, 1000, "lets the function run nothing"),
        (
            {"ReservedConcurrency": "20"},
            129,
            "ReservedConcurrency: 20 and MocksConcurrency: 10 are more than this account has left, which is 29",
        ),
        ({"ReservedConcurrency": "20"}, 130, ""),
        ({}, None, ""),
    ],
)
def test_mocks_reserve_what_the_account_has(given: dict[str, str], unreserved: int | None, said: str) -> None:
    refused = refusal(Mocks="true", unreserved=unreserved, **given)

    assert said in refused
    assert bool(said) == bool(refused)


def test_what_mocks_have_reserved_is_theirs() -> None:
    before = {"Mocks": "true", "MocksConcurrency": "10"}

    limits.check_limits(aws(100), "awsit", values(Mocks="true"), before)
    limits.check_limits(aws(100), "awsit", values(Mocks="false"), before)


@pytest.mark.parametrize(
    ("given", "unreserved", "said"),
    [
        ({"ProvisionedConcurrency": "900"}, 1000, ""),
        ({"ProvisionedConcurrency": "901"}, 1000, "more than this function may have, which is 900 | Lambda keeps 100"),
        ({"ProvisionedConcurrency": "1"}, 50, "which is 0"),
        ({"ProvisionedConcurrency": "901"}, None, ""),
        ({"ProvisionedConcurrency": "5", "ReservedConcurrency": "5"}, 1000, ""),
        (
            {"ProvisionedConcurrency": "6", "ReservedConcurrency": "5"},
            1000,
            "which is 5 | raise ReservedConcurrency too",
        ),
        ({"ProvisionedConcurrency": "1", "FunctionSnapStart": "on"}, 1000, "exclude each other | give"),
        ({"FunctionSnapStart": "on"}, 1000, ""),
    ],
)
def test_workers_that_lambda_would_not_start(given: dict[str, str], unreserved: int | None, said: str) -> None:
    refused = refusal(unreserved=unreserved, **given)

    assert said in refused
    assert bool(said) == bool(refused)


def test_workers_that_are_started_already_are_not_counted_again() -> None:
    started = values(ProvisionedConcurrency="50")

    limits.check_limits(aws(unreserved=120), "awsit", started, started)


@pytest.mark.parametrize(("namespace", "is_taken"), [("AWS/Lambda", False), ("AWS", True), ("e2e/AWS/orders", True)])
def test_a_namespace_of_aws_is_refused(namespace: str, is_taken: bool) -> None:
    said = refusal(MetricsNamespace=namespace)

    assert (said == "") is is_taken
    assert is_taken or "AWS/Lambda begins with AWS/, which is AWS's own | choose another name" in said
    assert bool(re.fullmatch(DECLARED["MetricsNamespace"]["AllowedPattern"], namespace)) is is_taken


@pytest.mark.parametrize("namespace", ["team#e2e", "e2e orders", "", "/e2e", "e" * 256])
def test_a_namespace_that_no_tag_can_name_is_refused(namespace: str) -> None:
    assert "is not made of up to 255 letters" in refusal(MetricsNamespace=namespace)
    assert not re.fullmatch(DECLARED["MetricsNamespace"]["AllowedPattern"], namespace)


def test_a_parameter_in_a_tag_takes_nothing_that_no_tag_takes() -> None:
    """AWS Step Functions API Reference, "Tag": letters, digits, white space and `_ . : / = + - @`."""
    resources = template.read(package.infra_folder() / "template.yaml")["Resources"]
    tags = [value for each in resources.values() for value in (each.get("Properties", {}).get("Tags") or {}).values()]
    free = [name for name, each in DECLARED.items() if {"Ref": name} in tags and "AllowedValues" not in each]
    patterns = [DECLARED[name]["AllowedPattern"] for name in free]
    taken = {each for each in map(chr, range(32, 127)) if any(re.fullmatch(known, f"a{each}a") for known in patterns)}

    assert free == ["MetricsNamespace"]
    assert {"a", "/"} < taken <= {*ascii_letters, *digits, *" _.:/=+-@"}


def test_a_vpc_needs_both_parameters() -> None:
    assert "belong together" in refusal(VpcSubnetIds="subnet-1")
    assert "belong together" in refusal(VpcSecurityGroupIds="sg-1")
    assert refusal(VpcSubnetIds="subnet-1, subnet-2", VpcSecurityGroupIds="sg-1") == ""


def arns(count: int) -> dict[str, str]:
    """As many ARNs of each kind."""

    def listed(start: str) -> str:
        return ",".join(f"arn:aws:{start}{number}" for number in range(count))

    return {
        "AllowedTableArns": listed(f"dynamodb:{REGION}:{ACCOUNT}:table/orders"),
        "AllowedFunctionArns": listed(f"lambda:{REGION}:{ACCOUNT}:function:worker"),
        "AllowedApiArns": listed(f"execute-api:{REGION}:{ACCOUNT}:abc/prod/GET/orders"),
        "AllowedQueueArns": listed(f"sqs:{REGION}:{ACCOUNT}:orders"),
        "AllowedTopicArns": listed(f"sns:{REGION}:{ACCOUNT}:orders"),
        "AllowedBusArns": listed(f"events:{REGION}:{ACCOUNT}:event-bus/orders"),
        "AllowedBucketArns": listed("s3:::orders"),
        "AllowedStreamArns": listed(f"kinesis:{REGION}:{ACCOUNT}:stream/orders"),
        "AllowedStateMachineArns": listed(f"states:{REGION}:{ACCOUNT}:stateMachine:orders"),
        "AllowedLogGroupArns": listed(f"logs:{REGION}:{ACCOUNT}:log-group:orders"),
        "AllowedSecretArns": listed(f"secretsmanager:{REGION}:{ACCOUNT}:secret:api-key-AbCdEf"),
        "AllowedParameterArns": listed(f"ssm:{REGION}:{ACCOUNT}:parameter/orders/url"),
        "AllowedKeyArns": listed(f"kms:{REGION}:{ACCOUNT}:key/"),
        "AllowedStackArns": listed(f"cloudformation:{REGION}:{ACCOUNT}:stack/orders/"),
    }


@pytest.mark.parametrize("count", [0, 1, 5, 11])
def test_the_characters_of_the_policies_are_never_more_than_what_is_said_of_them(count: int) -> None:
    given = arns(count)
    policies = Rendered(**given).properties("ActionsRole")["Policies"]
    sent = sum(len(json.dumps(each["PolicyDocument"], separators=(",", ":"))) for each in policies)
    longer_names = 11 * (limits.LONGEST_STACK_NAME - len("awsit"))

    assert sent + longer_names <= limits.policy_characters(values(**given)) <= sent + 2000


def test_more_tables_than_the_policies_of_a_role_hold() -> None:
    assert refusal(AllowedTableArns=arns(30)["AllowedTableArns"]) == ""
    refused = refusal(AllowedTableArns=arns(80)["AllowedTableArns"])

    assert "AllowedTableArns lists 80 | name several by one ARN with *" in refused


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("AllowedTableArns", "orders", "cannot be orders | the whole ARN"),
        ("AllowedTableArns", "arn:aws:dynamodb:eu-west-1:123456789012:table/orders-*", ""),
        ("AllowedTableArns", "arn:aws:dynamodb:eu-west-1:123456789012:table/a,orders", "cannot be orders"),
        ("AllowedBucketArns", "arn:aws:s3:::orders", ""),
        ("AllowedRoleArns", "*", ""),
        ("ActionPolicyArns", "arn:aws:iam::aws:policy/ReadOnlyAccess", ""),
        ("ActionPolicyArns", "*", "cannot be *"),
        ("PermissionsBoundary", "boundary", "cannot be boundary"),
        ("NotificationTopicArn", "topic", "cannot be topic"),
        ("VpcSubnetIds", "subnet-0a1b,10.0.0.0/8", "cannot be 10.0.0.0/8 | IDs of subnets"),
        ("VpcSecurityGroupIds", "default", "cannot be default | IDs of security groups"),
    ],
)
def test_values_on_which_aws_would_fail_when_half_is_made(name: str, value: str, said: str) -> None:
    refused = refusal(**{name: value})

    assert said in refused
    assert bool(said) == bool(refused)


@pytest.mark.parametrize("name", ["9th", "a b", "", "a_b", "é", "s" * 129])
def test_a_name_that_no_stack_may_have(name: str) -> None:
    with pytest.raises(UsageError, match="no stack can be called"):
        limits.check_stack_name(name)

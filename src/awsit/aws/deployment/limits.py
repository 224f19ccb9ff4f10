"""What the stack of awsit itself would fail on, found before anything is changed."""

from __future__ import annotations

import re
from collections.abc import Mapping

from awsit.aws.client import errors
from awsit.errors import AwsitError, UsageError
from awsit.model.ports import Aws

LONGEST_STACK_NAME = 44
"""Characters: the function is called `STACK-AtomicLambdaInvoker`, 64 at most (AWS Lambda API, "CreateFunction")."""

_STACK_NAME = re.compile(r"[a-zA-Z][-a-zA-Z0-9]{0,127}")
"""AWS CloudFormation API, "CreateChangeSet", `StackName`."""

_FORMS: Mapping[str, tuple[re.Pattern[str], str]] = {
    "VpcSubnetIds": (re.compile(r"subnet-[0-9a-f]+"), "IDs of subnets, such as subnet-0123456789abcdef0"),
    "VpcSecurityGroupIds": (re.compile(r"sg-[0-9a-f]+"), "IDs of security groups, such as sg-0123456789abcdef0"),
}
_ARN = (
    re.compile(r"arn:[^:\s]+:[^:\s]+:[^:\s]*:[^:\s]*:\S+"),
    "the whole ARN, such as arn:aws:dynamodb:REGION:ACCOUNT:table/NAME",
)
"""Of each value: what IAM and Lambda refuse otherwise, when half of the stack is made."""

LEFT_FOR_OTHERS = 100
"""Executions at once that must stay for functions without a reservation (AWS Lambda developer guide, "Configuring
reserved concurrency for a function")."""

_WORKERS = ("ProvisionedConcurrency", "ReservedConcurrency")

_RESERVED_NAMESPACE = "AWS/"
"""Begins the namespaces of AWS's services (Amazon CloudWatch API, "PutMetricData")."""

_NAMESPACE = re.compile(r"[a-zA-Z0-9][a-zA-Z0-9_./-]{0,254}")
"""What a namespace may be that is the value of a tag too, by which the CLI finds it: CloudWatch would take `#` as well.

Sources: Amazon CloudWatch API, "PutMetricData", and AWS Step Functions API, "Tag".
"""

LARGEST_POLICIES = 10_240
"""Characters of all inline policies of a role, white space aside (IAM user guide, "IAM and AWS STS quotas")."""

OWN_POLICIES = 3_000
"""Characters at most of the policies of the actions' role, taps' included, but for listed ARNs and `_POLICIES`."""

_PLACES: Mapping[str, tuple[int, int]] = {
    "AllowedTableArns": (2, len("/index/*")),
    "AllowedFunctionArns": (2, len(":*")),
    "AllowedApiArns": (1, 0),
    "AllowedQueueArns": (1, 0),
    "AllowedTopicArns": (2, 0),
    "AllowedBusArns": (3, 2 * len("/awsit-run-*")),
    "AllowedBucketArns": (2, len("/*")),
    "AllowedStreamArns": (1, 0),
    "AllowedStateMachineArns": (3, len(":*")),
    "AllowedLogGroupArns": (1, len(":*")),
    "AllowedSecretArns": (1, 0),
    "AllowedParameterArns": (1, 0),
    "AllowedKeyArns": (1, 0),
    "AllowedRoleArns": (1, 0),
    "AllowedStackArns": (1, 0),
}
"""How often the policies name each ARN of a parameter, and what one of these names has more."""

_POLICIES: Mapping[str, int] = {
    "AllowedQueueArns": 220,
    "AllowedTopicArns": 490,
    "AllowedBusArns": 500,
    "AllowedBucketArns": 290,
    "AllowedStreamArns": 270,
    "AllowedStateMachineArns": 510,
    "AllowedLogGroupArns": 260,
}
"""Characters at most of the policy of a parameter that lists any, but for the ARNs; of the others, in OWN_POLICIES."""

_PUNCTUATION = len('"",')


def check_stack_name(name: str) -> None:
    """Raise UsageError for a name that no stack may have."""
    if not _STACK_NAME.fullmatch(name):
        raise UsageError(
            f"no stack can be called {name}",
            code="bad_stack_name",
            hint="a name begins with a letter and has letters, digits and hyphens, 128 at most",
        )


def check_limits(aws: Aws, stack_name: str, values: Mapping[str, str], previous: Mapping[str, str]) -> None:
    """Find what CloudFormation would fail on half-way. `values` and `previous` are parameters, by name.

    Raises UsageError.
    """
    if len(stack_name) > LONGEST_STACK_NAME:
        raise UsageError(
            f"the stack name {stack_name} has {len(stack_name)} characters",
            code="long_stack_name",
            hint=f"{LONGEST_STACK_NAME} are the most, since the names of its function and state machine begin with it",
        )
    _check_namespace(values["MetricsNamespace"])
    _check_forms(values)
    _check_policies(values)
    _check_concurrency(aws, values, previous)
    _check_started_workers(aws, values, previous)
    if bool(values["VpcSubnetIds"]) != bool(values["VpcSecurityGroupIds"]):
        raise UsageError(
            "VpcSubnetIds and VpcSecurityGroupIds belong together", code="bad_parameter", hint="give both, or none"
        )


def _check_namespace(name: str) -> None:
    wrong = f"begins with {_RESERVED_NAMESPACE}, which is AWS's own" if name.startswith(_RESERVED_NAMESPACE) else ""
    if not wrong and not _NAMESPACE.fullmatch(name):
        wrong = "is not made of up to 255 letters, digits, and the characters _ . / -, the first a letter or a digit"
    if wrong:
        hint = "choose another name, such as e2e/orders"
        raise UsageError(f"MetricsNamespace: {name} {wrong}", code="bad_parameter", hint=hint)


def _check_forms(values: Mapping[str, str]) -> None:
    """Find what is neither an ARN, where the name of a parameter asks for one, nor an ID of the network."""
    for name, value in values.items():
        is_arn = name.endswith(("Arn", "Arns")) or name == "PermissionsBoundary"
        form, hint = _ARN if is_arn else _FORMS.get(name, (None, ""))
        listed = filter(None, map(str.strip, value.split(",")))  # CloudFormation drops the spaces too
        wrong = [each for each in listed if form and not form.fullmatch(each)]
        if wrong and not (name in _PLACES and wrong == ["*"]):
            raise UsageError(f"the parameter {name} cannot be {wrong[0]}", code="bad_parameter", hint=hint)


def policy_characters(values: Mapping[str, str]) -> int:
    """What the inline policies of the actions' role have at most, in characters."""
    listed = 0
    for name, (places, more) in _PLACES.items():
        arns = [arn for arn in values[name].split(",") if arn]
        listed += sum(places * (len(arn) + _PUNCTUATION) + more for arn in arns) + (
            _POLICIES.get(name, 0) if arns else 0
        )
    return OWN_POLICIES + listed


def _check_policies(values: Mapping[str, str]) -> None:
    characters = policy_characters(values)
    if characters > LARGEST_POLICIES:
        longest = max(_PLACES, key=lambda name: len(values[name]))
        raise UsageError(
            f"the policies of the actions' role would have about {characters:,} characters, and IAM takes "
            f"{LARGEST_POLICIES:,}: {longest} lists {values[longest].count(',') + 1}",
            code="long_policies",
            hint="name several by one ARN with *, such as table/orders-*, or give managed policies: ActionPolicyArns",
        )


def _check_concurrency(aws: Aws, values: Mapping[str, str], previous: Mapping[str, str]) -> None:
    """Find reservations that leave too little for others, or nothing for a function itself."""
    wanted, reserved = _reservations(values), _reservations(previous)
    for name, number in wanted.items():
        if number == 0:
            raise UsageError(
                f"{name}: 0 lets the function run nothing", code="bad_parameter", hint="1 or more, or -1 for none"
            )
    raised = [name for name, number in wanted.items() if number > reserved[name]]
    free = _unreserved(aws) if raised else None
    if free is None:
        return
    most = free + _total(reserved) - LEFT_FOR_OTHERS - _total({**wanted, **dict.fromkeys(raised, 0)})
    if sum(wanted[name] for name in raised) > most:
        given = " and ".join(f"{name}: {wanted[name]}" for name in raised)
        raise UsageError(
            f"{given} {'is' if len(raised) == 1 else 'are'} more than this account has left, which is {max(most, 0)}",
            code="bad_parameter",
            hint=f"Lambda keeps {LEFT_FOR_OTHERS} for functions without a reservation; "
            f"`--parameter {raised[-1]}=-1` reserves none",
        )


def _reservations(values: Mapping[str, str]) -> dict[str, int]:
    """What the stack reserves for its functions, by the parameters' names; -1 for nothing."""
    of_mocks = values.get("MocksConcurrency", "-1") if values.get("Mocks") == "true" else "-1"
    return {"ReservedConcurrency": int(values.get("ReservedConcurrency", "-1")), "MocksConcurrency": int(of_mocks)}


def _total(reservations: Mapping[str, int]) -> int:
    return sum(max(number, 0) for number in reservations.values())


def _check_started_workers(aws: Aws, values: Mapping[str, str], previous: Mapping[str, str]) -> None:
    """Find workers that Lambda does not start.

    AWS Lambda developer guide, "Improving startup performance with Lambda SnapStart", and "Configuring provisioned
    concurrency for a function".
    """
    wanted, reserved = int(values["ProvisionedConcurrency"]), int(values["ReservedConcurrency"])
    if wanted and values["FunctionSnapStart"] == "on":
        raise UsageError(
            "FunctionSnapStart and ProvisionedConcurrency exclude each other",
            code="bad_parameter",
            hint="give `--parameter FunctionSnapStart=off`, or `--parameter ProvisionedConcurrency=0`",
        )
    if not wanted or all(values[name] == previous.get(name) for name in _WORKERS):
        return
    free = _unreserved(aws) if reserved < 0 else None
    most = reserved if reserved >= 0 else None if free is None else max(free - LEFT_FOR_OTHERS, 0)
    if most is not None and wanted > most:
        raise UsageError(
            f"ProvisionedConcurrency: {wanted} is more than this function may have, which is {most}",
            code="bad_parameter",
            hint="raise ReservedConcurrency too"
            if reserved >= 0
            else f"Lambda keeps {LEFT_FOR_OTHERS} for functions without a reservation",
        )


def _unreserved(aws: Aws) -> int | None:
    """What no function of the account has reserved; None when that cannot be read: CloudFormation would tell it."""
    try:
        with errors.reported("read the limits of Lambda in this account"):
            answer = aws.client("lambda").get_account_settings()
    except AwsitError:
        return None
    return int(answer["AccountLimit"]["UnreservedConcurrentExecutions"])

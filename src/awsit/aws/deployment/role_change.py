"""What the owner of a stack must do when an update gives its actions another role than they had: their function's.

That role is removed by the update. A policy that names it as a principal then has its unique ID in the place of the
ARN, and allows nothing any more (IAM user guide, "AWS JSON policy elements: Principal", "IAM role principals").
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from awsit.aws.client import error_codes, errors
from awsit.aws.deployment.events import StackState
from awsit.errors import AwsitError, ErrorKind
from awsit.model.ports import Aws

ROLE_OUTPUT = "ActionsRoleArn"
"""The output that names the role of actions. Stacks of earlier versions have none: the function's role was theirs."""

_POLICIES: Mapping[str, Callable[[Aws, str], str]] = {
    "AllowedTableArns": lambda aws, arn: aws.client("dynamodb").get_resource_policy(ResourceArn=arn)["Policy"],
    "AllowedFunctionArns": lambda aws, arn: aws.client("lambda").get_policy(FunctionName=arn)["Policy"],
    "AllowedApiArns": lambda aws, arn: aws.client("apigateway").get_rest_api(restApiId=_api(arn)).get("policy", ""),
    "AllowedSecretArns": lambda aws, arn: (
        aws.client("secretsmanager").get_resource_policy(SecretId=arn).get("ResourcePolicy", "")
    ),
    "AllowedKeyArns": lambda aws, arn: aws.client("kms").get_key_policy(KeyId=arn)["Policy"],
}
"""What reads the resource policy of each resource that a parameter lists."""


def changes_role(before: StackState | None, after: Mapping[str, object]) -> bool:
    """Whether an update gives actions a role of their own; `after` has the names of the stack's outputs then."""
    return before is not None and ROLE_OUTPUT in after and ROLE_OUTPUT not in before.outputs


def notes_before(aws: Aws, before: StackState) -> Iterator[str]:
    """What is to be known before the old role goes: its ARN, and which policies name it, as far as they can be read."""
    role = _role_of(aws, before)
    yield (
        f"its actions get a role of their own, and that of its function, {role or 'FunctionRole'}, is removed: "
        "whatever policies of yours name that one (of keys, secrets, tables, functions, APIs, buckets, queues, topics) "
        f"must name the new one. Its ARN is told when it is made, and is the output {ROLE_OUTPUT}"
    )
    if not role:
        return
    naming, unread = [], []
    for parameter, arn in _listed(before):
        policy = None if "*" in arn else _policy(aws, parameter, arn)
        if policy is None:
            unread.append(arn)
        elif role in policy.replace("\\/", "/"):
            naming.append(arn)
    yield f"{role} is named by the policies of: {', '.join(naming) or 'nothing that could be looked at'}"
    others = "those of resources that no parameter lists, such as buckets, queues and topics"
    yield f"not looked at are {', '.join(['the policies of ' + ', '.join(unread), others] if unread else [others])}"


def note_after(outputs: Mapping[str, str]) -> str:
    """What policies must name from now on."""
    return (
        f"its actions have a role of their own now, {outputs[ROLE_OUTPUT]}: policies of keys, secrets, tables, "
        "functions and other resources of yours that named the role of awsit's function must name this one"
    )


def _role_of(aws: Aws, stack: StackState) -> str:
    """The ARN of the function's role; empty when it cannot be read."""
    try:
        with errors.reported("read the role of the function"):
            function = aws.client("lambda").get_function(FunctionName=stack.outputs["FunctionName"])
    except (AwsitError, KeyError):
        return ""
    return str(function["Configuration"]["Role"])


def _listed(stack: StackState) -> Iterator[tuple[str, str]]:
    """The resources that actions may reach, with the parameter that lists each."""
    for parameter in _POLICIES:
        yield from ((parameter, arn) for arn in stack.parameters.get(parameter, "").split(",") if arn)


def _policy(aws: Aws, parameter: str, arn: str) -> str | None:
    """A resource's policy: empty without one, None when it cannot be read."""
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return _POLICIES[parameter](aws, arn)
    except ClientError as error:
        return "" if error_codes.kind_of(errors.code_of(error)) is ErrorKind.NOT_FOUND else None
    except BotoCoreError:
        return None


def _api(arn: str) -> str:
    """The ID of an API from an ARN such as `arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/PATH`."""
    return arn.split(":")[5].partition("/")[0]

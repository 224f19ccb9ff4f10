"""What a deployment says before it removes the role that policies of users may name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from tests.unit.aws.fakes import FakeAws, client_error

from awsit.aws.deployment.events import StackState
from awsit.aws.deployment.role_change import changes_role, note_after, notes_before

ACCOUNT = "eu-west-1:123456789012"
OLD, NEW = (
    "arn:aws:iam::123456789012:role/awsit-FunctionRole-1A2B",
    "arn:aws:iam::123456789012:role/awsit-ActionsRole-3C",
)
NAMES_IT = f'{{"Statement": [{{"Principal": {{"AWS": "{OLD}"}}}}]}}'
KEY, OTHER_KEY = f"arn:aws:kms:{ACCOUNT}:key/1", f"arn:aws:kms:{ACCOUNT}:key/2"
TABLE, TABLES = f"arn:aws:dynamodb:{ACCOUNT}:table/orders", f"arn:aws:dynamodb:{ACCOUNT}:table/test-*"
FUNCTION = f"arn:aws:lambda:{ACCOUNT}:function:checkout"
SECRET = f"arn:aws:secretsmanager:{ACCOUNT}:secret:login-1a2b3c"
API = f"arn:aws:execute-api:{ACCOUNT}:a1b2c3/prod/GET/orders"


class Policies:
    """Clients of all services: a policy or an error for each resource, and the function's role."""

    def __init__(self, answers: Mapping[str, str | Exception], role: str = OLD) -> None:
        self.answers = answers
        self.role = role

    def answer(self, resource: str) -> str:
        answer = self.answers[resource]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def get_function(self, **_: Any) -> Any:
        if not self.role:
            raise client_error("AccessDeniedException", "GetFunction")
        return {"Configuration": {"Role": self.role}}

    def get_resource_policy(self, ResourceArn: str = "", SecretId: str = "") -> Any:  # noqa: N803 - as boto3 has it
        policy = self.answer(ResourceArn or SecretId)
        return {"Policy": policy} if ResourceArn else {"ResourcePolicy": policy} if policy else {}

    def get_policy(self, **arguments: str) -> Any:
        return {"Policy": self.answer(arguments["FunctionName"])}

    def get_rest_api(self, **arguments: str) -> Any:
        return {"policy": self.answer(arguments["restApiId"]).replace("/", "\\/")}

    def get_key_policy(self, **arguments: str) -> Any:
        return {"Policy": self.answer(arguments["KeyId"])}


def stack(**parameters: str) -> StackState:
    return StackState(
        "arn:stack/awsit/1", "UPDATE_COMPLETE", "", {"FunctionName": "awsit-AtomicLambdaInvoker"}, parameters
    )


def aws(policies: Policies) -> FakeAws:
    return FakeAws(**dict.fromkeys(("lambda", "dynamodb", "secretsmanager", "kms", "apigateway"), policies))


@pytest.mark.parametrize(("outputs", "expected"), [({"FunctionName": "f"}, True), ({"ActionsRoleArn": OLD}, False)])
def test_the_role_of_actions_changes_where_the_stack_had_none_for_them(outputs: dict[str, str], expected: bool) -> None:
    before = StackState("arn:stack/awsit/1", "UPDATE_COMPLETE", "", outputs)

    assert changes_role(before, {"ActionsRoleArn": {}}) is expected
    assert not changes_role(before, {"Other": {}})
    assert not changes_role(None, {"ActionsRoleArn": {}})


def test_the_policies_that_name_the_old_role_are_told() -> None:
    naming = dict.fromkeys((KEY, TABLE, FUNCTION, SECRET, "a1b2c3"), NAMES_IT)
    before = stack(
        AllowedKeyArns=f"{KEY},{OTHER_KEY}",
        AllowedTableArns=TABLE,
        AllowedFunctionArns=FUNCTION,
        AllowedSecretArns=SECRET,
        AllowedApiArns=API,
    )

    warning, named, unread = notes_before(aws(Policies({**naming, OTHER_KEY: "{}"})), before)

    assert f"that of its function, {OLD}, is removed" in warning
    assert named == f"{OLD} is named by the policies of: {TABLE}, {FUNCTION}, {API}, {SECRET}, {KEY}"
    assert unread == "not looked at are those of resources that no parameter lists, such as buckets, queues and topics"


def test_what_cannot_be_looked_at_is_told_and_what_has_no_policy_is_not() -> None:
    denied = client_error("AccessDeniedException", "GetKeyPolicy")
    none = client_error("PolicyNotFoundException", "GetResourcePolicy")
    policies = Policies({KEY: denied, TABLE: none, SECRET: ""})

    _, named, unread = notes_before(
        aws(policies), stack(AllowedKeyArns=KEY, AllowedTableArns=f"{TABLE},{TABLES}", AllowedSecretArns=SECRET)
    )

    assert named == f"{OLD} is named by the policies of: nothing that could be looked at"
    assert unread.startswith(f"not looked at are the policies of {TABLES}, {KEY}, those of resources")


def test_a_role_that_cannot_be_read_is_told_of_by_its_name() -> None:
    (warning,) = notes_before(aws(Policies({}, role="")), stack(AllowedKeyArns=KEY))

    assert "that of its function, FunctionRole, is removed" in warning


def test_the_new_role_is_told_when_it_is_there() -> None:
    assert NEW in note_after({"ActionsRoleArn": NEW})

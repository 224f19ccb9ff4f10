import json

import boto3
import pytest
from moto import mock_aws

from awsit.aws.actions_role import policies_of
from awsit.errors import EnvironmentFailure

TRUST = {
    "Version": "2012-10-17",
    "Statement": {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
}


def policy(action):
    return {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": action, "Resource": "*"}]}


@pytest.fixture
def aws(monkeypatch):
    """An account with a role that has an inline policy, and a managed one in its second version."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    with mock_aws():
        iam = boto3.client("iam", region_name="eu-west-1")
        role = iam.create_role(RoleName="reader", AssumeRolePolicyDocument=json.dumps(TRUST), Path="/service/")["Role"]
        iam.put_role_policy(RoleName="reader", PolicyName="own", PolicyDocument=json.dumps(policy("s3:GetObject")))
        managed = iam.create_policy(PolicyName="managed", PolicyDocument=json.dumps(policy("sqs:*")))["Policy"]["Arn"]
        newer = json.dumps(policy("sqs:SendMessage"))
        iam.create_policy_version(PolicyArn=managed, PolicyDocument=newer, SetAsDefault=True)
        iam.attach_role_policy(RoleName="reader", PolicyArn=managed)
        yield Account(role["Arn"])


class Account:
    """The clients; the role of a function's actions is as it was given, and beside its own where it `has_other`."""

    def __init__(self, role):
        self.role = role
        self.has_other = True

    def client(self, service):
        return self if service == "lambda" else boto3.client(service, region_name="eu-west-1")

    def get_function_configuration(self, **_):
        if not self.has_other:
            return {"Role": self.role}
        own = "arn:aws:iam::123456789012:role/own"
        return {"Role": own, "Environment": {"Variables": {"AWSIT_ACTIONS_ROLE": self.role}}}


def test_inline_and_managed_policies_are_read(aws):
    assert policies_of(aws, "f") == [policy("s3:GetObject"), policy("sqs:SendMessage")]


def test_in_a_stack_of_an_earlier_version_actions_have_the_role_of_the_function(aws):
    aws.has_other = False

    assert policies_of(aws, "f") == [policy("s3:GetObject"), policy("sqs:SendMessage")]


def test_a_role_that_is_not_there_is_no_bug(aws):
    aws.role = "arn:aws:iam::123456789012:role/gone"

    with pytest.raises(EnvironmentFailure, match="could not read the policies of the function f"):
        policies_of(aws, "f")

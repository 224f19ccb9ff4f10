from types import SimpleNamespace

import pytest
from tests.unit.aws.fakes import FakeAws, FakeCloudFormation, FakeS3, Pages, client_error

from awsit.aws.deployment.artifacts import Artifacts
from awsit.aws.deployment.destroy import destroy, kept
from awsit.aws.deployment.model import BucketEmptied, BucketKept, Destroyed, ResourceProgress, StackNote
from awsit.errors import EnvironmentFailure
from awsit.system.clock import FakeClock

BUCKET = "awsit-artifacts-123456789012-eu-west-1"


def world(status="CREATE_COMPLETE", buckets=("b",)):
    resources = [
        {
            "LogicalResourceId": "T",
            "PhysicalResourceId": "t",
            "ResourceType": "AWS::DynamoDB::Table",
            "ResourceStatus": "X",
        },
        *(
            {
                "LogicalResourceId": name,
                "PhysicalResourceId": name,
                "ResourceType": "AWS::S3::Bucket",
                "ResourceStatus": "X",
            }
            for name in buckets
        ),
    ]
    stack = {"StackName": "awsit", "StackId": "arn:1", "StackStatus": status, "Resources": resources}
    cloudformation = FakeCloudFormation(stacks={"awsit": stack})
    return FakeAws(cloudformation=cloudformation, s3=FakeS3()), cloudformation


def test_buckets_are_emptied_of_every_version_before_the_stack_goes():
    aws, cloudformation = world()
    aws.client("s3").buckets["b"] = {"one": [b"1", b"2"], "two": [b"1"]}

    emptied, note, *progress, destroyed = destroy(aws, FakeClock(), "awsit")

    assert emptied == BucketEmptied("b", objects=5)  # three versions, and a delete marker of each key
    assert aws.client("s3").buckets["b"] == {}
    assert note == StackNote("awsit", "it is deleted")
    assert {type(event) for event in progress} == {ResourceProgress}
    assert destroyed == Destroyed("awsit", existed=True)
    assert cloudformation.calls == ["delete_stack"]


def test_a_bucket_that_is_gone_already_stops_nothing():
    aws, _ = world()

    assert next(iter(destroy(aws, FakeClock(), "awsit"))) == BucketEmptied("b", objects=0)


def test_no_stack_is_no_failure():
    aws = FakeAws(cloudformation=FakeCloudFormation())

    assert list(destroy(aws, FakeClock(), "awsit")) == [Destroyed("awsit", existed=False)]


def test_a_protected_stack_keeps_what_its_buckets_hold():
    aws, cloudformation = world()
    cloudformation.stacks["awsit"]["EnableTerminationProtection"] = True
    aws.client("s3").buckets["b"] = {"kept": [b"1"]}

    with pytest.raises(EnvironmentFailure, match="the stack awsit is protected") as raised:
        list(destroy(aws, FakeClock(), "awsit"))
    assert raised.value.code == "stack_protected"
    assert "--no-enable-termination-protection --stack-name awsit" in raised.value.hint
    assert aws.client("s3").buckets["b"] == {"kept": [b"1"]}
    assert cloudformation.calls == []


@pytest.mark.parametrize(
    ("pages", "is_refused"),
    [
        ([{"Imports": ["orders"]}, {"Imports": ["mails"]}], True),
        ([client_error("ValidationError", "Export 'Url' is not imported by any stack.")], False),
        ([client_error("AccessDenied", "no")], False),
    ],
)
def test_a_stack_that_others_need_keeps_what_its_buckets_hold(monkeypatch, pages, is_refused):
    aws, cloudformation = world()
    cloudformation.stacks["awsit"]["Outputs"] = [
        {"OutputKey": "Url", "OutputValue": "https://x", "ExportName": "Url"},
        {"OutputKey": "Own", "OutputValue": "1"},
    ]
    usual = cloudformation.get_paginator
    paginator = Pages(pages)
    monkeypatch.setattr(
        FakeCloudFormation, "get_paginator", lambda _, name: paginator if name == "list_imports" else usual(name)
    )
    aws.client("s3").buckets["b"] = {"kept": [b"1"]}

    if not is_refused:
        assert list(destroy(aws, FakeClock(), "awsit"))[-1] == Destroyed("awsit", existed=True)
        assert paginator.asked == [{"ExportName": "Url"}]
        return
    with pytest.raises(EnvironmentFailure, match="orders, mails import Url") as raised:
        list(destroy(aws, FakeClock(), "awsit"))
    assert raised.value.code == "exports_in_use"
    assert aws.client("s3").buckets["b"] == {"kept": [b"1"]}
    assert cloudformation.calls == []


def test_an_object_that_cannot_be_deleted_stops_before_the_stack():
    aws, cloudformation = world()
    aws.client("s3").buckets["b"] = {"kept": [b"1"]}
    aws.client("s3").undeletable = frozenset({"kept"})

    with pytest.raises(EnvironmentFailure, match="could not delete kept from the bucket b: Access Denied"):
        list(destroy(aws, FakeClock(), "awsit"))
    assert cloudformation.calls == []


def test_a_resource_that_cannot_be_deleted_is_named():
    aws, cloudformation = world(buckets=())
    cloudformation.failing = {"Function": "it is in use"}

    with pytest.raises(
        EnvironmentFailure,
        match=r"was not deleted and is DELETE_FAILED: Function \(AWS::Lambda::Function\): it is in use",
    ):
        list(destroy(aws, FakeClock(), "awsit"))


def test_a_busy_stack_is_left_alone():
    aws, cloudformation = world("UPDATE_IN_PROGRESS")

    with pytest.raises(EnvironmentFailure, match="another operation goes on"):
        list(destroy(aws, FakeClock(), "awsit"))
    assert cloudformation.calls == []


@pytest.mark.parametrize(
    ("is_emulated", "command"), [(False, f"aws s3 rb --force s3://{BUCKET}"), (True, "awsit sandbox reset")]
)
def test_the_artifact_bucket_stays_with_the_command_that_removes_it(is_emulated, command):
    aws = FakeAws(s3=FakeS3())
    artifacts = Artifacts(aws)
    assert list(kept(artifacts, is_emulated=is_emulated)) == []
    artifacts.put(b"package", ".zip")
    assert list(kept(artifacts, is_emulated=is_emulated)) == [BucketKept(artifacts.bucket, command)]


def attached(*, roles=(), users=(), denied=False):
    pages = [{"PolicyRoles": [{"RoleName": name} for name in roles], "PolicyUsers": [{"UserName": n} for n in users]}]
    found = [client_error("AccessDenied", "no", "ListEntitiesForPolicy")] if denied else pages
    return SimpleNamespace(get_paginator=lambda _: Pages(found))


def with_policy(iam):
    aws, cloudformation = world()
    cloudformation.stacks["awsit"]["Resources"].append(
        {"LogicalResourceId": "P", "PhysicalResourceId": "arn:p", "ResourceType": "AWS::IAM::ManagedPolicy"}
        | {"ResourceStatus": "X"}
    )
    aws.client("s3").buckets["b"] = {"one": [b"1"]}
    aws.clients["iam"] = iam
    return aws


def test_a_policy_that_others_have_is_told_before_anything_is_removed():
    aws = with_policy(attached(roles=["ci"], users=["ada"]))

    said = "the policy arn:p is attached to the role ci; the policy arn:p is attached to the user ada"
    with pytest.raises(EnvironmentFailure, match=said) as raised:
        list(destroy(aws, FakeClock(), "awsit"))

    assert "aws iam detach-user-policy --user-name ada --policy-arn arn:p" in raised.value.hint
    assert raised.value.code == "policy_attached"
    assert aws.client("s3").buckets["b"] == {"one": [b"1"]}


@pytest.mark.parametrize("iam", [attached(), attached(denied=True)])
def test_a_policy_that_nobody_has_or_that_may_not_be_looked_at_is_in_no_way(iam):
    *_, destroyed = destroy(with_policy(iam), FakeClock(), "awsit")

    assert destroyed == Destroyed("awsit", existed=True)

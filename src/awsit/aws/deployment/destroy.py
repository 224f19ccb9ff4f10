"""`awsit destroy`: empty the stack's buckets and delete the stack."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

from awsit.aws.client import errors
from awsit.aws.deployment.artifacts import Artifacts
from awsit.aws.deployment.events import StackState, StackWatch, state_of
from awsit.aws.deployment.failures import explain, first_failure
from awsit.aws.deployment.model import BucketEmptied, BucketKept, Destroyed, DestroyEvent, ResourceProgress, StackNote
from awsit.errors import AwsitError, EnvironmentFailure
from awsit.model.ports import Aws, Clock


def destroy(aws: Aws, clock: Clock, stack_name: str, timeout_seconds: float = 1800.0) -> Iterator[DestroyEvent]:
    """Delete all versions of all objects in the stack's buckets, then the stack; the last event is Destroyed.

    The artifact bucket stays, since other stacks use it: `kept` tells of it. Raises EnvironmentFailure when a resource
    is left.
    """
    state = state_of(aws, stack_name)
    if state is None:
        yield Destroyed(stack_name, existed=False)
        return
    if not state.is_settled and state.status != "DELETE_IN_PROGRESS":
        raise EnvironmentFailure(
            f"the stack {stack_name} is {state.status}: another operation goes on",
            code="stack_busy",
            hint="wait until it has ended, then destroy it again",
        )
    _check_protection(state, stack_name)
    _check_exports(aws, state)
    _check_policies(aws, stack_name)
    for bucket in _buckets(aws, stack_name):
        yield BucketEmptied(bucket, _empty(aws, bucket))
    yield StackNote(stack_name, "it is deleted")
    yield from delete_stack(aws, clock, stack_name, timeout_seconds)
    yield Destroyed(stack_name, existed=True)


def kept(artifacts: Artifacts, *, is_emulated: bool) -> Iterator[BucketKept]:
    """The artifact bucket, if it is still there: nobody can tell whether another stack needs a package of it."""
    with suppress(EnvironmentFailure):  # what may not be looked at is not there to be removed either
        if artifacts.exists():
            command = "awsit sandbox reset" if is_emulated else f"aws s3 rb --force s3://{artifacts.bucket}"
            yield BucketKept(artifacts.bucket, command)


def delete_stack(aws: Aws, clock: Clock, stack_name: str, timeout_seconds: float) -> Iterator[ResourceProgress]:
    """Delete the stack and yield the events of its resources. Raises EnvironmentFailure when one is left."""
    state = state_of(aws, stack_name)
    if state is None:
        return
    _check_protection(state, stack_name)
    watch = StackWatch(aws, clock, state.stack_id, timeout_seconds)
    with errors.reported(f"delete the stack {stack_name}"):
        aws.client("cloudformation").delete_stack(StackName=state.stack_id)
    yield from watch.follow()
    remaining = watch.settled()
    if remaining and remaining.status != "DELETE_COMPLETE":
        reason = explain(aws, first_failure(watch.events), remaining.reason)
        raise EnvironmentFailure(
            f"the stack {stack_name} was not deleted and is {remaining.status}: {reason}",
            code="stack_not_deleted",
            hint="mend what it says and run the command again",
        )


def _buckets(aws: Aws, stack_name: str) -> list[str]:
    return _resources(aws, stack_name, "AWS::S3::Bucket")


def _resources(aws: Aws, stack_name: str, resource_type: str) -> list[str]:
    """The physical IDs of the stack's resources of a type, those that are there."""
    with errors.reported(f"list the resources of the stack {stack_name}"):
        pages = aws.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack_name)
        return [
            resource["PhysicalResourceId"]
            for page in pages
            for resource in page["StackResourceSummaries"]
            if resource["ResourceType"] == resource_type and _exists(resource)
        ]


def _check_protection(state: StackState, stack_name: str) -> None:
    """Find a stack that CloudFormation would not delete, before anything that it holds is gone.

    Source: AWS CloudFormation user guide, "Protect CloudFormation stacks from being deleted".
    """
    if state.is_protected:
        raise EnvironmentFailure(
            f"the stack {stack_name} is protected: CloudFormation would not delete it",
            code="stack_protected",
            hint="where that is wanted all the same: `aws cloudformation update-termination-protection "
            f"--no-enable-termination-protection --stack-name {shlex.quote(stack_name)}`",
        )


def _check_exports(aws: Aws, state: StackState) -> None:
    """Find outputs that other stacks import: CloudFormation would delete no stack that they need.

    Source: AWS CloudFormation user guide, "Get exported outputs from a deployed CloudFormation stack".
    """
    found = [(name, stacks) for name in state.exports if (stacks := _importers(aws, name))]
    if found:
        said = "; ".join(
            f"{', '.join(stacks)} {'import' if stacks[1:] else 'imports'} {name}" for name, stacks in found
        )
        raise EnvironmentFailure(
            f"CloudFormation would not delete what other stacks need: {said}",
            code="exports_in_use",
            hint="delete those stacks first, or change them, and run the command again",
        )


def _importers(aws: Aws, export: str) -> list[str]:
    """The stacks that import an output; none when that may not be read, since CloudFormation tells it as well.

    Of an output that no stack imports, ListImports says so by an error.
    """
    try:
        with errors.reported(f"look for stacks that import {export}"):
            pages = aws.client("cloudformation").get_paginator("list_imports").paginate(ExportName=export)
            return [name for page in pages for name in page["Imports"]]
    except AwsitError:
        return []


def _check_policies(aws: Aws, stack_name: str) -> None:
    """Find managed policies that are attached elsewhere: IAM deletes none such, and the rest would be gone by then."""
    held = {arn: _holders(aws, arn) for arn in _resources(aws, stack_name, "AWS::IAM::ManagedPolicy")}
    found = [(arn, kind, name) for arn, holders in held.items() for kind, name in holders]
    if found:
        said = "; ".join(f"the policy {arn} is attached to the {kind} {name}" for arn, kind, name in found)
        commands = (
            f"aws iam detach-{kind}-policy --{kind}-name {name} --policy-arn {arn}" for arn, kind, name in found
        )
        raise EnvironmentFailure(
            f"IAM would not delete what others have: {said}",
            code="policy_attached",
            hint=f"detach it there, and run the command again: {'; '.join(commands)}",
        )


def _holders(aws: Aws, arn: str) -> list[tuple[str, str]]:
    """Kind and name of who has a policy; nobody when that may not be read, since CloudFormation tells it as well."""
    try:
        with errors.reported(f"look for who has the policy {arn}"):
            pages = list(aws.client("iam").get_paginator("list_entities_for_policy").paginate(PolicyArn=arn))
    except AwsitError:
        return []
    return [
        (kind.lower(), each[f"{kind}Name"])
        for page in pages
        for kind in ("Role", "User", "Group")
        for each in page.get(f"Policy{kind}s", ())
    ]


def _exists(resource: dict[str, Any]) -> bool:
    return bool(resource.get("PhysicalResourceId")) and resource["ResourceStatus"] != "DELETE_COMPLETE"


def _empty(aws: Aws, bucket: str) -> int:
    """Delete every version and delete marker; returns their number. A page has 1000, the limit of one request."""
    s3, deleted = aws.client("s3"), 0
    try:
        with errors.reported(f"empty the bucket {bucket}"):
            for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
                versions = [*page.get("Versions", ()), *page.get("DeleteMarkers", ())]
                keys = [{"Key": item["Key"], "VersionId": item["VersionId"]} for item in versions]
                if keys:
                    answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})
                    _check_deleted(bucket, answer.get("Errors", ()))
                deleted += len(keys)
    except EnvironmentFailure as failure:
        if failure.code != "no_bucket":  # a bucket that is gone needs no emptying
            raise
    return deleted


def _check_deleted(bucket: str, failed_keys: Iterable[Mapping[str, str]]) -> None:
    for error in failed_keys:
        raise EnvironmentFailure(
            f"could not delete {error['Key']} from the bucket {bucket}: {error.get('Message') or error.get('Code')}",
            code="bucket_not_empty",
            hint="allow s3:DeleteObject and s3:DeleteObjectVersion, or empty the bucket in the console",
        )

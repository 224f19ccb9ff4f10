"""An AWS in memory, with the calls that awsit makes and botocore's own errors."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from botocore.exceptions import ClientError

ACCOUNT = "123456789012"
REGION = "eu-west-1"


def client_error(code: str, message: str = "", operation: str = "Operation", **metadata: Any) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": message}, "ResponseMetadata": metadata}, operation)


class FakeAws:
    """An `Aws` port with these clients, and with the account and partition that deployments need."""

    region = REGION
    account = ACCOUNT
    partition = "aws"

    def __init__(self, **clients: Any) -> None:
        self.clients = clients

    def client(self, service: str) -> Any:
        return self.clients[service]


class Pages:
    """A paginator of these pages, where an exception is raised. `asked` are the arguments of its calls."""

    def __init__(self, pages: Iterable[Any]) -> None:
        self.pages = list(pages)
        self.asked: list[dict[str, Any]] = []
        self.read = 0

    def paginate(self, **arguments: Any) -> Any:
        self.asked.append(arguments)
        for page in self.pages:
            self.read += 1
            if isinstance(page, Exception):
                raise page
            yield page


class Built:
    def __init__(self, pages: list[Any]) -> None:
        self.pages = pages

    def __iter__(self) -> Any:
        return iter(self.pages)

    def build_full_result(self) -> Any:
        return self.pages[0]


@dataclass
class FakeS3:
    """Buckets with versions. `calls` are the names of the calls that write."""

    buckets: dict[str, dict[str, list[bytes]]] = field(default_factory=dict)
    calls: list[str] = field(default_factory=list)
    settings: dict[str, Any] = field(default_factory=dict)
    foreign: frozenset[str] = frozenset()
    undeletable: frozenset[str] = frozenset()
    exceptions: Any = field(default_factory=lambda: SimpleNamespace(ClientError=ClientError))

    def head_bucket(self, Bucket: str, **_: Any) -> None:  # noqa: N803 - S3's names
        if Bucket in self.foreign:
            raise client_error("403", "Forbidden", "HeadBucket")
        if Bucket not in self.buckets:
            raise client_error("404", "Not Found", "HeadBucket")

    def create_bucket(self, Bucket: str, **more: Any) -> None:  # noqa: N803
        self.buckets[Bucket] = {}
        self.settings["place"] = more

    def put_public_access_block(self, **settings: Any) -> None:
        self.settings["public"] = settings["PublicAccessBlockConfiguration"]

    def put_bucket_encryption(self, **settings: Any) -> None:
        self.settings["encryption"] = settings["ServerSideEncryptionConfiguration"]

    def put_bucket_policy(self, **settings: Any) -> None:
        self.settings["policy"] = settings["Policy"]

    def put_object(self, Bucket: str, Key: str, Body: bytes, **_: Any) -> None:  # noqa: N803
        self.calls.append(f"put {Key}")
        self._bucket(Bucket).setdefault(Key, []).append(Body)

    def head_object(self, Bucket: str, Key: str, **_: Any) -> None:  # noqa: N803
        if Key not in self._bucket(Bucket):
            raise client_error("404", "Not Found", "HeadObject")

    def get_object(self, Bucket: str, Key: str) -> Any:  # noqa: N803
        if Bucket not in self.buckets:
            raise client_error("NoSuchBucket", "The specified bucket does not exist.", "GetObject")
        if Key not in self.buckets[Bucket]:
            raise client_error("NoSuchKey", "The specified key does not exist.", "GetObject")
        return {"Body": BytesIO(self.buckets[Bucket][Key][-1])}

    def delete_objects(self, Bucket: str, Delete: Any) -> Any:  # noqa: N803
        kept = [item["Key"] for item in Delete["Objects"] if item["Key"] in self.undeletable]
        for item in Delete["Objects"]:
            self._bucket(Bucket).pop(item["Key"], None)
        return {"Errors": [{"Key": key, "Code": "AccessDenied", "Message": "Access Denied"} for key in kept]}

    def get_paginator(self, name: str) -> Any:
        return SimpleNamespace(paginate=getattr(self, f"_{name}"))

    def _list_objects_v2(self, Bucket: str, Prefix: str, Delimiter: str) -> Any:  # noqa: N803
        keys = [key for key in sorted(self._bucket(Bucket)) if Delimiter not in key.removeprefix(Prefix)]
        for key in keys:  # one on each page, so that code which reads only the first page fails
            yield {"Contents": [{"Key": key}]}

    def _list_object_versions(self, Bucket: str) -> Any:  # noqa: N803
        for key, versions in list(self._bucket(Bucket).items()):
            found = [{"Key": key, "VersionId": str(number)} for number in range(len(versions))]
            yield {"Versions": found, "DeleteMarkers": [{"Key": key, "VersionId": "marker"}]}

    def _bucket(self, name: str) -> dict[str, list[bytes]]:
        if name not in self.buckets:
            raise client_error("NoSuchBucket", "The specified bucket does not exist", "AnyOperation")
        return self.buckets[name]


@dataclass
class FakeCloudFormation:
    """Stacks that are settled after `polls` polls. `failing` maps a logical ID to the reason of its failure."""

    stacks: dict[str, dict[str, Any]] = field(default_factory=dict)
    failing: Mapping[str, str] = field(default_factory=dict)
    refusal: str = ""
    validation: tuple[dict[str, Any], ...] = ()
    polls: int = 1
    events: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    change_sets: list[dict[str, Any]] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    _left: int = 0

    def describe_stacks(self, StackName: str) -> Any:  # noqa: N803 - CloudFormation's names
        stack = self._find(StackName)
        if stack is None:
            raise client_error("ValidationError", f"Stack with id {StackName} does not exist", "DescribeStacks")
        if self._left and self.events.get(stack["StackName"]):
            self._left -= 1
            if not self._left:
                self._settle(stack)
        return {"Stacks": [stack]}

    def create_change_set(self, **asked: Any) -> Any:
        name = asked["StackName"]
        stack = self._find(name) or self._new(name)
        self.change_sets.append(asked)
        self.calls.append(f"create_change_set {asked['ChangeSetType']}")
        return {"Id": f"arn:changeset/{len(self.change_sets)}", "StackId": stack["StackId"]}

    def describe_change_set(self, **_: Any) -> Any:
        if self.refusal:
            return {"Status": "FAILED", "StatusReason": self.refusal}
        return {"Status": "CREATE_COMPLETE"}

    def delete_change_set(self, **_: Any) -> None:
        self.calls.append("delete_change_set")

    def execute_change_set(self, StackName: str, **_: Any) -> None:  # noqa: N803
        stack = self._find(StackName)
        assert stack
        kind = "CREATE" if stack["StackStatus"] == "REVIEW_IN_PROGRESS" else "UPDATE"
        self.calls.append(f"execute {kind}")
        self._begin(stack, kind)

    def delete_stack(self, StackName: str) -> None:  # noqa: N803
        stack = self._find(StackName)
        assert stack
        self.calls.append("delete_stack")
        if stack["StackStatus"] == "REVIEW_IN_PROGRESS":
            del self.stacks[stack["StackName"]]
        else:
            self._begin(stack, "DELETE")

    def get_paginator(self, name: str) -> Any:
        return SimpleNamespace(paginate=getattr(self, f"_{name}"))

    def _describe_stack_events(self, StackName: str) -> Any:  # noqa: N803
        stack = self._find(StackName)
        yield {"StackEvents": list(reversed(self.events.get(stack["StackName"], []))) if stack else []}

    def _describe_events(self, **_: Any) -> Any:
        return Built([{"OperationEvents": list(self.validation)}])

    def _list_stack_resources(self, StackName: str) -> Any:  # noqa: N803
        stack = self._find(StackName)
        assert stack
        for resource in stack["Resources"]:
            yield {"StackResourceSummaries": [resource]}

    def _find(self, name: str) -> dict[str, Any] | None:
        return next((stack for stack in self.stacks.values() if name in {stack["StackName"], stack["StackId"]}), None)

    def _new(self, name: str) -> dict[str, Any]:
        identity = hashlib.sha256(f"{name}{len(self.calls)}".encode()).hexdigest()[:8]
        self.stacks[name] = {
            "StackName": name,
            "StackId": f"arn:stack/{name}/{identity}",
            "StackStatus": "REVIEW_IN_PROGRESS",
            "Resources": [],
        }
        return self.stacks[name]

    def _begin(self, stack: dict[str, Any], kind: str) -> None:
        stack["StackStatus"] = f"{kind}_IN_PROGRESS"
        self._left = self.polls
        self._event(stack, "Bucket", "AWS::S3::Bucket", f"{kind}_IN_PROGRESS")

    def _settle(self, stack: dict[str, Any]) -> None:
        kind = stack["StackStatus"].removesuffix("_IN_PROGRESS")
        for logical_id, reason in self.failing.items():
            self._event(stack, logical_id, "AWS::Lambda::Function", f"{kind}_FAILED", reason)
        end = f"{kind}_COMPLETE"
        if self.failing or (self.validation and kind != "DELETE"):
            self._event(stack, stack["StackName"], "AWS::CloudFormation::Stack", f"{kind}_FAILED", "see DescribeEvents")
            end = {"CREATE": "ROLLBACK_COMPLETE", "UPDATE": "UPDATE_ROLLBACK_COMPLETE"}.get(kind, "DELETE_FAILED")
        self._event(stack, stack["StackName"], "AWS::CloudFormation::Stack", end)
        stack["StackStatus"] = end
        stack["Outputs"] = [{"OutputKey": "BucketName", "OutputValue": "the-bucket"}]

    def _event(self, stack: dict[str, Any], logical_id: str, kind: str, status: str, reason: str = "") -> None:
        events = self.events.setdefault(stack["StackName"], [])
        events.append(
            {
                "EventId": f"{stack['StackName']}-{len(events)}",
                "Timestamp": datetime(2030, 1, 1, tzinfo=UTC) + timedelta(seconds=len(events)),
                "LogicalResourceId": logical_id,
                "ResourceType": kind,
                "ResourceStatus": status,
                "ResourceStatusReason": reason,
            }
        )

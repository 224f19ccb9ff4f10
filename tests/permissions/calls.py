"""The AWS calls of a process, and the IAM permissions that each of them takes."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
from botocore.session import Session

from awsit.actions.aws_api.permissions import required_permissions
from awsit.actions.aws_api.service_model import method_name
from awsit.aws.client.assumed_role import AssumedRole
from awsit.aws.client.clients import AwsClients
from awsit.model.permissions import AwsLocation, Permission

Params = Mapping[str, Any]

_TRANSACTIONS = {
    "Put": "PutItem",
    "Update": "UpdateItem",
    "Delete": "DeleteItem",
    "ConditionCheck": "ConditionCheckItem",
}
_NAMED_BY = {
    "AssumeRole": "RoleArn",
    "ListTagsForResource": "resourceArn",
    "ListEntitiesForPolicy": "PolicyArn",
    "DescribeMapRun": "mapRunArn",
}
"""Operations whose resource `aws_api` does not know, and the parameter that holds its ARN."""
_TAGGING = {"CreateQueue": "sqs:TagQueue", "PutRule": "events:TagResource"}


@dataclass(frozen=True)
class Need:
    """One IAM action on one resource, with the condition keys of the request."""

    action: str
    resource: str
    context: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Call:
    """One call of the SDK, by who made it."""

    caller: str
    service: str
    operation: str
    params: Params

    def __str__(self) -> str:
        return f"{self.service}.{self.operation}"

    def needs(self, location: AwsLocation) -> list[Need]:
        """The permissions of the call."""
        own = _OWN.get(self.service) or _OWN.get(self.operation)
        if own:
            return own(self, location)
        if self.operation == "StartQuery":
            names = self.params.get("logGroupNames") or [self.params["logGroupName"]]
            groups = (location.arn("logs", f"log-group:{name}:*") for name in names)
            return [Need("logs:StartQuery", group) for group in groups]
        if self.operation == "PutEvents":
            buses = dict.fromkeys(entry["EventBusName"] for entry in self.params["Entries"])
            return [Need("events:PutEvents", location.arn("events", f"event-bus/{bus}")) for bus in buses]
        if self.operation == "GetRecords":
            stream = base64.b64decode(self.params["ShardIterator"]).decode().split(":")[0]  # as moto makes iterators
            return [Need("kinesis:GetRecords", location.arn("kinesis", f"stream/{stream}"))]
        found = _found(self, location)
        named = self.params.get(_NAMED_BY.get(self.operation, ""))
        namespace = self.params.get("Namespace")
        context = {"cloudwatch:namespace": (str(namespace),)} if namespace else {}
        return [Need(each.action, named or each.resource, context) for each in found]


def _found(call: Call, location: AwsLocation) -> tuple[Permission, ...]:
    params = {"service": call.service, "operation": method_name(call.operation), "params": dict(call.params)}
    found = required_permissions(params, location)
    assert not found.unknown
    return found.permissions


@contextmanager
def recorded(owner: str, assumed: str = "") -> Iterator[list[Call]]:
    """The calls of all clients that awsit makes: `owner` makes them, `assumed` those with a role that was assumed."""
    calls: list[Call] = []
    patch = pytest.MonkeyPatch()
    for kind, caller in ((AwsClients, owner), (AssumedRole, assumed)):
        patch.setattr(kind, "_new_session", _watching(kind._new_session, caller, calls))
    try:
        yield calls
    finally:
        patch.undo()


def _watching(new_session: Any, caller: str, calls: list[Call]) -> Any:
    def make(clients: AwsClients) -> Session:
        session: Session = new_session(clients)

        def note(params: Params, model: Any, **_: Any) -> None:
            calls.append(Call(caller, model.service_model.service_name, model.name, params))

        session.register("before-parameter-build.*.*", note)
        return session

    return make


def _of_items(call: Call, location: AwsLocation) -> list[Need]:
    """DynamoDB's own: a transaction takes the permissions of its parts, an index is a resource of its own."""
    if "RequestItems" in call.params:
        tables = call.params["RequestItems"].items()
        parts = [(call.operation, {"TableName": name, **part}) for name, items in tables for part in _of_batch(items)]
    elif "TransactItems" in call.params:
        parts = [(_TRANSACTIONS[kind], part) for each in call.params["TransactItems"] for kind, part in each.items()]
    else:
        parts = [(call.operation, call.params)]
    return [Need(f"dynamodb:{operation}", _table(part, location), _context(part)) for operation, part in parts]


def _of_batch(requests: Any) -> list[Params]:
    """The parts of a batch of writes; of one of reads, which has a mapping, as if it were one."""
    return [part for each in requests for part in each.values()] if isinstance(requests, list) else [{}]


def _of_schedules(call: Call, location: AwsLocation) -> list[Need]:
    """A schedule lies in a group; whoever makes one gives it a role.

    Source: EventBridge Scheduler user guide, "Set up the execution role".
    """
    action = f"scheduler:{call.operation}"
    if call.operation == "ListSchedules":
        return [Need(action, "*")]
    needs = [Need(action, location.arn("scheduler", f"schedule/{call.params['GroupName']}/{call.params['Name']}"))]
    role = call.params.get("Target", {}).get("RoleArn")
    context = {"iam:PassedToService": ("scheduler.amazonaws.com",)}
    return [*needs, Need("iam:PassRole", role, context)] if role else needs


def _of_tagged(call: Call, location: AwsLocation) -> list[Need]:
    """What is made with tags takes the permission to tag it, too.

    Source: Service Authorization Reference, "aws:RequestTag/${TagKey}" of Amazon SQS and of Amazon EventBridge.
    """
    tags = call.params.get("tags") or {each["Key"]: each["Value"] for each in call.params.get("Tags", ())}
    context = {f"aws:RequestTag/{name}": (value,) for name, value in tags.items()}
    (made,) = _found(call, location)
    return [Need(action, made.resource, context) for action in (made.action, _TAGGING[call.operation])]


def _table(params: Params, location: AwsLocation) -> str:
    index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
    return location.arn("dynamodb", f"table/{params['TableName']}{index}")


def _context(params: Params) -> dict[str, tuple[str, ...]]:
    """`LeadingKeys` and `Attributes`, as far as the request names them.

    Source: DynamoDB developer guide, "Using IAM policy conditions for fine-grained access control".
    """
    values = params.get("ExpressionAttributeValues", {})
    key = params.get("Key") or params.get("Item") or {"run_id": values.get(":run")}
    leading = [value for value in [(key.get("run_id") or {}).get("S")] if value]
    expressions = " ".join(
        str(params.get(name, "")) for name in ("UpdateExpression", "ConditionExpression", "ProjectionExpression")
    )
    names = params.get("ExpressionAttributeNames", {})
    plain = set(re.findall(r"(?<![#:\w.])[a-z_]\w*(?!\w*\()", expressions)) - _FUNCTIONS
    attributes = [*params.get("Key", ()), *params.get("Item", ()), *names.values(), *sorted(plain)]
    return {
        name: tuple(dict.fromkeys(found))
        for name, found in {"dynamodb:LeadingKeys": leading, "dynamodb:Attributes": attributes}.items()
        if found
    }


_FUNCTIONS = frozenset(
    {"attribute_exists", "attribute_not_exists", "attribute_type", "begins_with", "contains", "size"}
) | {
    "if_not_exists",
    "list_append",
}


_OWN = {
    "dynamodb": _of_items,
    "scheduler": _of_schedules,
    "CreateQueue": _of_tagged,
    "PutRule": _of_tagged,
}
"""What some services and operations take, by their names."""

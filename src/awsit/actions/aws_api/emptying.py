"""`empty_first`: what is in a thing is removed before the thing itself, where AWS refuses to remove it otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from typing import Any

from awsit.errors import ActionError
from awsit.model.action.call import ActionContext
from awsit.model.json import Json

_AT_ONCE = {"s3": 1000, "events": 100}
"""Objects of one DeleteObjects (Amazon S3 API Reference), targets of one RemoveTargets (Amazon EventBridge API)."""


def empty_bucket(params: Mapping[str, Json], context_data: ActionContext) -> None:
    """Delete all objects of a bucket, with all their versions and delete markers."""
    client = context_data.aws.client("s3")
    pages = client.get_paginator("list_object_versions").paginate(Bucket=params["Bucket"])
    versions = (each for page in pages for each in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())))
    keys = ({"Key": each["Key"], "VersionId": each["VersionId"]} for each in versions)
    while batch := list(islice(keys, _AT_ONCE["s3"])):
        answer = client.delete_objects(Bucket=params["Bucket"], Delete={"Objects": batch, "Quiet": True})
        for error in answer.get("Errors", ()):
            raise _not_emptied(
                f"the bucket {params['Bucket']}", error["Key"], error.get("Code", ""), error.get("Message", "")
            )


def remove_targets(params: Mapping[str, Json], context_data: ActionContext) -> None:
    """Remove all targets of a rule."""
    rule = {"Rule": params["Name"], **{name: params[name] for name in ("EventBusName",) if name in params}}
    ids = target_ids(rule, context_data)
    while batch := list(islice(ids, _AT_ONCE["events"])):
        answer = context_data.aws.client("events").remove_targets(**rule, Ids=batch)
        for error in answer.get("FailedEntries", ()):
            target, code = error.get("TargetId", ""), error.get("ErrorCode", "")
            raise _not_emptied(f"the rule {params['Name']}", target, code, error.get("ErrorMessage", ""))


def _not_emptied(name: str, part: str, code: str, message: str) -> ActionError:
    """The error of one part: a batch that was carried out only in part is answered as if all were well."""
    return ActionError(f"{name} cannot be emptied: {part}: {code}: {message}", service_code=code)


def target_ids(rule: Mapping[str, Any], context_data: ActionContext) -> Iterator[str]:
    """The IDs of a rule's targets, read before the first is given back."""
    pages = context_data.aws.client("events").get_paginator("list_targets_by_rule").paginate(**rule)
    return iter([target["Id"] for page in pages for target in page["Targets"]])


EMPTYING: Mapping[tuple[str, str], Callable[[Mapping[str, Json], ActionContext], None]] = {
    ("events", "delete_rule"): remove_targets,
    ("s3", "delete_bucket"): empty_bucket,
}
"""The operations that take `empty_first`, by service and name, and what comes first."""

CALLS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("events", "delete_rule"): ("ListTargetsByRule", "RemoveTargets"),
    ("s3", "delete_bucket"): ("ListObjectVersions", "DeleteObjects"),
}
"""The operations that this calls, for `plan --policy`."""

"""`empty_first`: what is in a bucket, and the targets of a rule, are removed before the thing itself."""

from __future__ import annotations

from typing import Any

import pytest
from tests.unit.actions.conftest import Bench


class Service:
    """S3 and EventBridge with one bucket or rule; `answer` is that to each request that removes its contents."""

    def __init__(self, pages: list[dict[str, Any]], answer: dict[str, Any] | None = None) -> None:
        self.pages = pages
        self.answer = answer or {}
        self.removed: list[Any] = []
        self.calls: list[str] = []

    def get_paginator(self, _: str) -> Service:
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        return self.pages

    def delete_objects(self, *, Delete: Any, **_: Any) -> Any:  # noqa: N803 - botocore's names
        self.calls.append("delete_objects")
        self.removed += Delete["Objects"]
        return self.answer

    def remove_targets(self, *, Ids: list[str], **_: Any) -> Any:  # noqa: N803
        self.calls.append("remove_targets")
        self.removed += Ids
        return self.answer

    def delete_bucket(self, **_: Any) -> Any:
        self.calls.append("delete_bucket")
        return {}

    def delete_rule(self, **_: Any) -> Any:
        self.calls.append("delete_rule")
        return {}


BUCKET = {"service": "s3", "operation": "delete_bucket", "params": {"Bucket": "b"}, "empty_first": True}
RULE = {"service": "events", "operation": "delete_rule", "params": {"Name": "r"}, "empty_first": True}


def version(number: int) -> dict[str, str]:
    return {"Key": "k", "VersionId": str(number)}


def test_all_versions_and_delete_markers_go_a_thousand_at_once(bench: Bench) -> None:
    pages = [{"Versions": [version(number) for number in range(1500)]}, {"DeleteMarkers": [version(1500)]}]
    bench.client = service = Service(pages)

    bench.run("aws_api", BUCKET)

    assert service.removed == [version(number) for number in range(1501)]
    assert service.calls == ["delete_objects", "delete_objects", "delete_bucket"]


def test_the_targets_go_a_hundred_at_once(bench: Bench) -> None:
    bench.client = service = Service([{"Targets": [{"Id": str(number)} for number in range(150)]}])

    bench.run("aws_api", RULE)

    assert service.removed == [str(number) for number in range(150)]
    assert service.calls == ["remove_targets", "remove_targets", "delete_rule"]


@pytest.mark.parametrize(
    ("call", "service", "message", "code"),
    [
        (
            BUCKET,
            Service(
                [{"Versions": [version(1)]}], {"Errors": [{**version(1), "Code": "AccessDenied", "Message": "no"}]}
            ),
            "the bucket b cannot be emptied: k: AccessDenied: no",
            "AccessDenied",
        ),
        (
            RULE,
            Service(
                [{"Targets": [{"Id": "t"}]}],
                {"FailedEntries": [{"TargetId": "t", "ErrorCode": "ConcurrentModification", "ErrorMessage": "busy"}]},
            ),
            "the rule r cannot be emptied: t: ConcurrentModification: busy",
            "ConcurrentModification",
        ),
    ],
)
def test_what_could_not_be_removed_is_the_error(
    bench: Bench, call: dict[str, Any], service: Service, message: str, code: str
) -> None:
    bench.client = service

    error = bench.refused("aws_api", call)

    assert (error.message, error.service_code) == (message, code)
    assert len(service.calls) == 1

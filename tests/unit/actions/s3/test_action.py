from __future__ import annotations

import io
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from tests.unit.actions.services import Clients, compensations

from awsit.actions.registry import BY_TYPE
from awsit.actions.s3.action import S3Action
from awsit.errors import ActionError, ErrorKind
from awsit.model.action.protocol import Summary
from awsit.model.permissions import AwsLocation, Permission

HERE = AwsLocation.of("eu-central-1", "123456789012")
OBJECT = {"bucket": "orders", "key": "7.json"}
STORED = {"ETag": '"e"', "VersionId": "v1"}
HEADERS = {
    **STORED,
    "ContentType": "application/json",
    "ContentLength": 4,
    "LastModified": datetime(2030, 1, 1, tzinfo=UTC),
}


class Files:
    """A scenario's files: one."""

    def read(self, name: str) -> bytes:
        return {"pixel.png": b"\x89PNG"}[name]


@pytest.mark.parametrize(
    ("params", "body", "content_type"),
    [
        ({"body": {"total": Decimal("1.50")}}, b'{"total":1.50}', "application/json"),
        ({"body": "text"}, b"text", "text/plain; charset=utf-8"),
        ({"body": "a,b", "content_type": "text/csv"}, b"a,b", "text/csv"),
        ({"file": "pixel.png"}, b"\x89PNG", "image/png"),
    ],
)
def test_documents_text_and_files_are_put(bench: Any, params: dict[str, Any], body: bytes, content_type: str) -> None:
    bench.script(put_object=[STORED])

    done = bench.run("s3", {"operation": "put", **OBJECT, **params}, files=Files())

    assert bench.client.calls == [
        (
            "put_object",
            {"Bucket": "orders", "Key": "7.json", "Body": body, "ContentType": content_type, "Metadata": {}},
        )
    ]
    assert done.result == {"etag": "e", "version_id": "v1"}
    assert ("digest" in done.request) is ("file" in params)


def test_a_document_is_read(bench: Any) -> None:
    bench.script(get_object=[{**HEADERS, "Body": io.BytesIO(b'{"total": 1.50}')}])

    done = bench.run("s3", {"operation": "get", **OBJECT, "version_id": "v1"})

    assert bench.client.calls == [("get_object", {"Bucket": "orders", "Key": "7.json", "VersionId": "v1"})]
    assert done.result == {
        "body": {"total": Decimal("1.50")},
        "content_type": "application/json",
        "content_length": 4,
        "etag": "e",
        "version_id": "v1",
        "last_modified": "2030-01-01T00:00:00Z",
        "metadata": {},
    }


def test_an_object_that_is_too_large_is_refused(bench: Any) -> None:
    bench.script(get_object=[{**HEADERS, "Body": io.BytesIO(b"12345")}])

    refused = bench.refused("s3", {"operation": "get", **OBJECT, "max_body_bytes": 4})

    assert refused.message.endswith("the body is larger than 4 bytes")


def test_a_refusal_names_the_object(bench: Any, errors: Any) -> None:
    bench.script(head_object=[errors.service("404")])

    assert str(bench.refused("s3", {"operation": "head", **OBJECT})).startswith("head s3://orders/7.json: ")


@pytest.mark.parametrize(
    ("params", "said"),
    [
        ({"operation": "put", "key": "k"}, "put needs exactly one of `body` and `file`"),
        ({"operation": "put", "key": "k", "body": 1, "file": "f"}, "put needs exactly one of `body` and `file`"),
        ({"operation": "get"}, "get needs `key`"),
        ({"operation": "list", "key": "k"}, "list does not take `key`"),
        ({"operation": "list", "bucket": "arn:aws:s3:::orders"}, "must be the bucket's name"),
    ],
)
def test_what_does_not_fit_is_refused(bench: Any, params: dict[str, Any], said: str) -> None:
    assert said in bench.refused("s3", {"bucket": "orders", **params}).message


@pytest.mark.parametrize(
    ("params", "head", "expected"),
    [
        ({"operation": "put", "body": 1}, "404", ["delete_object"]),
        ({"operation": "put", "body": 1}, {**HEADERS, "VersionId": "v1"}, ["copy_object"]),
        ({"operation": "delete"}, "404", []),
    ],
)
def test_what_was_there_before_is_put_back(params: dict[str, Any], head: Any, expected: list[str]) -> None:
    made = compensations(S3Action(), Clients(head_object=head), **OBJECT, **params)

    assert [each.params["operation"] for each in made] == expected


@pytest.mark.parametrize(("version", "most"), [("v1", 5 * 1024**3), ("null", 1024**2)])
def test_what_could_not_be_put_back_is_not_overwritten(version: str, most: int) -> None:
    """Amazon S3 API Reference, "CopyObject": one call copies 5 GB at most."""
    put = {**OBJECT, "operation": "put", "body": 1}
    fits, larger = ({**HEADERS, "VersionId": version, "ContentLength": length} for length in (most, most + 1))

    assert compensations(S3Action(), Clients(head_object=fits, get_object={"Body": io.BytesIO(b"")}), **put)
    with pytest.raises(ActionError, match=f"more than {most} bytes to put back") as raised:
        compensations(S3Action(), Clients(head_object=larger), **put)
    assert raised.value.kind is ErrorKind.VALIDATION


def test_what_only_reads_is_not_taken_back() -> None:
    with pytest.raises(ActionError, match="get changes nothing"):
        compensations(S3Action(), Clients(), operation="get", **OBJECT)

    action = S3Action()
    assert action.planned_compensation({"operation": "get"}).problem == "get changes nothing"
    assert action.planned_compensation({"operation": "{{ vars.o }}"}).problem == ""
    assert [each.params["operation"] for each in action.planned_compensation({"operation": "put"}).inverses] == [
        "delete_object",
        "put_object",
        "copy_object",
    ]


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        ({"operation": "put", **OBJECT}, ["s3:PutObject /7.json"]),
        ({"operation": "get", **OBJECT}, ["s3:GetObject /7.json", "s3:ListBucket "]),
        ({"operation": "get", **OBJECT, "version_id": "v"}, ["s3:GetObjectVersion /7.json", "s3:ListBucket "]),
        ({"operation": "delete", "bucket": "orders", "key": "{{ run.id }}/a"}, ["s3:DeleteObject /*/a"]),
        ({"operation": "list", "bucket": "orders"}, ["s3:ListBucket "]),
    ],
)
def test_the_permissions_of_an_operation(params: dict[str, Any], expected: list[str]) -> None:
    required = BY_TYPE["s3"].permissions(params, HERE).permissions

    assert required == tuple(
        Permission(action, f"arn:aws:s3:::orders{place}") for action, place in (each.split(" ") for each in expected)
    )


def test_plan_names_the_object() -> None:
    assert BY_TYPE["s3"].summary({"operation": "get", **OBJECT}) == Summary("get s3://orders/7.json", "orders")
    listed = BY_TYPE["s3"].summary({"operation": "list", "bucket": "orders", "prefix": "2030/"})
    assert listed.text == "list s3://orders/2030/"
    assert BY_TYPE["s3"].permissions({"operation": "{{ vars.o }}"}, HERE).unknown


def test_a_write_may_be_done_twice() -> None:
    action = BY_TYPE["s3"]
    params = action.params_model.model_validate({"operation": "put", **OBJECT, "body": 1})

    assert action.is_safe_to_repeat(params)
    assert not action.only_reads(params)

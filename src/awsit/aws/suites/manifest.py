"""The manifest of a suite: its runs, each with the input of its execution, as a distributed map reads them.

It is a JSON array in the bucket, `suites/<suite ID>/manifest.json`; an item is `{"run_id": …, "input": {…}}`. Source:
Step Functions Developer Guide, "ItemReader (Map)", section "JSON file in an Amazon S3 bucket".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from awsit.aws.client import errors
from awsit.aws.client.objects import read_object
from awsit.errors import NotFoundError
from awsit.model.codec import decode
from awsit.model.json import Json, dumps, loads
from awsit.model.ports import Aws
from awsit.model.result import Repetition
from awsit.model.run import SuiteRun


class Manifests:
    """The manifests of one installation."""

    def __init__(self, aws: Aws, bucket: str) -> None:
        self._aws = aws
        self._bucket = bucket

    def put(self, suite_id: str, items: Sequence[Mapping[str, Json]]) -> None:
        """Upload the manifest of a suite: an item a run."""
        with errors.reported(f"upload the manifest of {suite_id}"):
            self._aws.client("s3").put_object(
                Bucket=self._bucket, Key=key_of(suite_id), Body=dumps(items).encode(), ContentType="application/json"
            )

    def get(self, suite_id: str) -> tuple[SuiteRun, ...]:
        """The runs of a suite, in their order. Raises NotFoundError when there is no such suite (any more)."""
        try:
            with errors.reported(f"read the manifest of {suite_id}"):
                items = loads(read_object(self._aws.client("s3"), self._bucket, key_of(suite_id)))
        except NotFoundError:
            hint = "`awsit run` prints its ID; another stack or region may have it, and it expires with the reports"
            raise NotFoundError(f"there is no suite {suite_id} in the bucket {self._bucket}", hint=hint) from None
        return runs_of(items)


def item_of(run_id: str, started_with: Mapping[str, Json]) -> dict[str, Json]:
    """The item of a run: its ID, and the input of its execution."""
    return {"run_id": run_id, "input": started_with}


def key_of(suite_id: str) -> str:
    """Where the manifest of a suite lies in the bucket."""
    return f"suites/{suite_id}/manifest.json"


def results_of(suite_id: str) -> str:
    """The prefix below which the distributed map writes what came of its child executions."""
    return f"suites/{suite_id}/results"


def runs_of(items: Iterable[Mapping[str, Json]]) -> tuple[SuiteRun, ...]:
    """The runs that items of a manifest are."""
    return tuple(map(_run, items))


def _run(item: Mapping[str, Json]) -> SuiteRun:
    started_with = item["input"]
    repetition = started_with.get("repetition")
    return SuiteRun(
        str(item["run_id"]),
        str(started_with["label"]),
        str(started_with["file"]),
        decode(Repetition, repetition) if repetition else None,
        bool(started_with.get("hold")),
        str(started_with.get("suite_run") or ""),
    )

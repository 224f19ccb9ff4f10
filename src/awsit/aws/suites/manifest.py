"""The manifest of a suite: its runs, each with the input of its execution, as a distributed map reads them.

It is a JSON array in the bucket, `suites/<suite ID>/manifest.json`; an item is `{"run_id": …, "input": {…}}`. Source:
Step Functions Developer Guide, "ItemReader (Map)", section "JSON file in an Amazon S3 bucket".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO
from tempfile import TemporaryFile

from awsit.aws.client import errors
from awsit.aws.client.objects import read_object
from awsit.errors import NotFoundError
from awsit.model.codec import decode
from awsit.model.json import Json, dumps, loads
from awsit.model.ports import Aws
from awsit.model.result import Repetition
from awsit.model.run import SuiteRun

AHEAD_SECONDS = 1
"""How long before its first action an iteration is started, at the latest: what comes before has that time."""
WARM_UP_SECONDS, WARMING_SECONDS = 4, 2.0
"""Iterations of the first two seconds are started four seconds before the load begins, all at once. While they wait for
their moments, as many calls of the function go on as later at the whole rate: those find functions that have started
(AWS Lambda Developer Guide, "Understanding the Lambda execution environment lifecycle", section "Cold starts")."""

BETWEEN = b",\n"
"""Between two items, and in none: so one after the other can be read."""


class Manifests:
    """The manifests of one installation."""

    def __init__(self, aws: Aws, bucket: str) -> None:
        self._aws = aws
        self._bucket = bucket

    def put(self, suite_id: str, items: Iterable[Mapping[str, Json]]) -> None:
        """Upload the manifest of a suite: an item a run, and a line. Memory holds one of them at a time."""
        with TemporaryFile() as file:
            file.write(b"[")
            for number, item in enumerate(items):
                file.write((BETWEEN if number else b"") + dumps(item).encode())
            file.write(b"]")
            file.seek(0)
            with errors.reported(f"upload the manifest of {suite_id}"):
                self._aws.client("s3").put_object(
                    Bucket=self._bucket, Key=key_of(suite_id), Body=file, ContentType="application/json"
                )

    def get(self, suite_id: str) -> tuple[SuiteRun, ...]:
        """The runs of a suite, in their order. Raises NotFoundError when there is no such suite (any more)."""
        return runs_of(self._items(suite_id))

    def iterations(self, load_id: str) -> tuple[tuple[SuiteRun, ...], dict[str, float]]:
        """The iterations of a load, and by their IDs the moments at which they are to start. Raises NotFoundError."""
        times: dict[str, float] = {}

        def noted(item: Mapping[str, Json]) -> Mapping[str, Json]:
            times[item["run_id"]] = float(item["input"]["start_at"])
            return item

        return runs_of(map(noted, self._items(load_id))), times

    def _items(self, suite_id: str) -> Iterator[Mapping[str, Json]]:
        try:
            with errors.reported(f"read the manifest of {suite_id}"):
                text = read_object(self._aws.client("s3"), self._bucket, key_of(suite_id))
        except NotFoundError:
            hint = "`awsit run` prints its ID; another stack or region may have it, and it expires with the reports"
            raise NotFoundError(f"there is no suite {suite_id} in the bucket {self._bucket}", hint=hint) from None
        if BETWEEN not in text:  # of one item, or as versions before wrote it
            yield from loads(text)
            return
        for line in BytesIO(text):
            yield loads(line.strip(b"[,]\n"))


def item_of(run_id: str, started_with: Mapping[str, Json]) -> dict[str, Json]:
    """The item of a run: its ID, and the input of its execution."""
    return {"run_id": run_id, "input": started_with}


def timed_item_of(run_id: str, started_with: Mapping[str, Json], start_at: float, begins: float) -> dict[str, Json]:
    """The item of an iteration that starts at a moment of a load that `begins`, both in seconds since the epoch.

    A Wait state takes whole seconds of a timestamp and cuts off the rest (Step Functions Developer Guide, "Wait
    workflow state"): it ends `AHEAD_SECONDS`, or up to one more, before the moment. The function waits for that time.
    """
    is_first = start_at - begins < WARMING_SECONDS
    wait_until = datetime.fromtimestamp(int(begins - WARM_UP_SECONDS if is_first else start_at - AHEAD_SECONDS), UTC)
    item = item_of(run_id, {**started_with, "start_at": round(start_at, 3)})
    return {**item, "wait_until": f"{wait_until:%Y-%m-%dT%H:%M:%SZ}"}


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

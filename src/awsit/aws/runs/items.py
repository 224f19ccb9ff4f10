"""How a run lies in the runs table.

| key (`run_id`, `sk`) | holds |
|---|---|
| `run` | the run: state, verdict, deadline, context, what was started, the ledger |
| `action#00012` | the newest record of step 12 |
| `cleanup#00003` | the newest record of clean-up step 3 |
| `cache#<hash>`, of `suite#<suite>` | a cached result of the runs of a suite |
| `<started_at>#<run ID>`, of `history` and of `history#<scenario>` | a run that is over (`awsit.aws.runs.history`) |
| `given`, of `given#<run ID>` | secret variables and environment, from the CLI to the run that begins |

`action#` sorts before `cleanup#` and `run`, so that one query from the first open step on reads all that may have
changed.
Documents are JSON text in one attribute: exact numbers, and no attribute of theirs meets one of ours. A text too large
for an item lies in S3, and the attribute holds its key.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from awsit.engine.store.records import (
    RecordedCompensation,
    RunRecord,
    RunState,
    SecretInputs,
    Started,
    StepRecord,
)
from awsit.model.codec import decode, encode
from awsit.model.json import Json, dumps, loads
from awsit.model.plan import Phase
from awsit.model.result import AssertionResult, ErrorInfo, RunStatus

Item = Mapping[str, Any]
"""DynamoDB attribute values by name, such as `{"sk": {"S": "run"}}`."""

RUN_KEY = "run"
LEASE = "lease_ends_at"
OPEN_RUNS = "open-runs"
"""The index of runs that are not over or left something: only items with a lease are in it."""
LEFT_SOMETHING = 10**15
"""The lease of a run that is over and left something: it stays in the index, and no sweep ever takes it up."""
LEASE_MARGIN = 60
"""Seconds from a run's deadline until nothing of its actions can be under way any more."""
GIVEN_SECONDS = 24 * 3600
"""How long secret variables wait for the execution that was started with them."""
KEEP_SECONDS = 30 * 24 * 3600
"""How long after its start a run's records stay in the table (its TTL)."""


def step_key(phase: Phase, index: int) -> str:
    """The sort key of a step's record; steps of all phases but clean-up are numbered together."""
    return f"{'cleanup' if phase is Phase.CLEANUP else 'action'}#{index:05d}"


def new_run(run: RunRecord) -> dict[str, Any]:
    """The item of a run that begins. `verdict` and `error` are absent until there are any."""
    item = {
        "run_id": {"S": run.run_id},
        "sk": {"S": RUN_KEY},
        "scenario": {"S": run.scenario},
        "engine": {"S": run.engine},
        "started_at": {"S": run.started_at},
        "deadline_at": {"N": repr(run.deadline_at)},
        "execution_arn": {"S": run.execution_arn},
        "suite": {"S": run.suite},
        "state": {"S": str(run.state)},
        "total_steps": {"N": str(run.total_steps)},
        "context": {"M": {}},
        "started": {"M": {}},
        "ledger": ledger(run.ledger),
        "recorded": {"M": {}},
        "keep": {"BOOL": run.keep},
        "expires_at": {"N": str(int(run.deadline_at) + KEEP_SECONDS)},
        LEASE: {"N": str(int(run.deadline_at) + LEASE_MARGIN)},
    }
    if run.verdict is not RunStatus.RUNNING:
        item["verdict"] = {"S": str(run.verdict)}
    if run.given:
        item["given"] = {"S": dumps(encode(run.given))}
    if run.error:
        item["error"] = {"S": dumps(encode(run.error))}
    return item


def ended(left: int) -> dict[str, Any]:
    """The arguments of UpdateItem that mark a run as over, with how much it left behind."""
    lease = ", #lease = :lease" if left else " REMOVE #lease"
    values = {":closed": {"S": str(RunState.CLOSED)}, ":left": {"N": str(left)}}
    return {
        "UpdateExpression": f"SET #state = :closed, left_behind = :left{lease}",
        "ExpressionAttributeNames": {"#state": "state", "#lease": LEASE},
        "ExpressionAttributeValues": {**values, **({":lease": {"N": str(LEFT_SOMETHING)}} if left else {})},
    }


def ledger(entries: tuple[int, ...]) -> dict[str, Any]:
    """Ledger entries as a list attribute."""
    return {"L": [{"N": str(entry)} for entry in entries]}


def read_run(item: Item, fetch: Callable[[str], str]) -> RunRecord:
    """The run that an item holds; `fetch` reads a text that lies in S3."""
    return RunRecord(
        run_id=item["run_id"]["S"],
        scenario=item["scenario"]["S"],
        engine=item["engine"]["S"],
        started_at=item["started_at"]["S"],
        deadline_at=float(item["deadline_at"]["N"]),
        execution_arn=item["execution_arn"]["S"],
        suite=item["suite"]["S"] if "suite" in item else "",
        state=RunState(item["state"]["S"]),
        verdict=RunStatus(item["verdict"]["S"]) if "verdict" in item else RunStatus.RUNNING,
        total_steps=int(item["total_steps"]["N"]),
        context={name: read_text(value, fetch) for name, value in item["context"]["M"].items()},
        started={index: _started(value["M"]) for index, value in item["started"]["M"].items()},
        ledger=tuple(int(entry["N"]) for entry in item["ledger"]["L"]),
        recorded=_recorded(item, fetch),
        error=decode(ErrorInfo, loads(item["error"]["S"])) if "error" in item else None,
        assertions=_assertions(item),
        keep=item["keep"]["BOOL"],
        cleaner=item["cleaner"]["S"] if "cleaner" in item else "",
        hidden=tuple(sorted(item["secret_paths"]["SS"])) if "secret_paths" in item else (),
        given=decode(SecretInputs, loads(item["given"]["S"])) if "given" in item else SecretInputs(),
    )


def _recorded(item: Item, fetch: Callable[[str], str]) -> dict[str, RecordedCompensation]:
    """The recorded inverses; a reader that fetches nothing goes without the large ones."""
    documents = {index: read_text(value, fetch) for index, value in item["recorded"]["M"].items()}
    return {index: decode(RecordedCompensation, each) for index, each in documents.items() if each is not None}


def _assertions(item: Item) -> tuple[AssertionResult, ...]:
    if "assertions" not in item:
        return ()
    return tuple(decode(AssertionResult, each) for each in loads(item["assertions"]["S"]))


def _started(value: Item) -> Started:
    return Started(int(value["sequence"]["N"]), value["at"]["S"], value["latest"]["S"])


def read_text(value: Item, fetch: Callable[[str], str]) -> Json:
    """The document of an attribute: in place, or in S3."""
    return loads(value["S"] if "S" in value else fetch(value["M"]["s3"]["S"]))


def read_record(item: Item, fetch: Callable[[str], str]) -> StepRecord:
    """The step record that an item holds."""
    return decode(StepRecord, read_text(item["body"], fetch))

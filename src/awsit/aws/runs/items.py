"""How a run lies in the runs table.

| key (`run_id`, `sk`) | holds |
|---|---|
| `run` | the run: state, verdict, deadline, the scenario's own clean-up |
| `action#00012` | the newest record of step 12 |
| `begun#00012` | the calls of step 12 that were begun, and its entries in the ledger (`awsit.aws.runs.begun`) |
| `cleanup#00003` | the newest record of clean-up step 3 |
| `<name>`, of `context#<run ID>` | a value of the context |
| `$<type>.<index>`, of `context#<run ID>` | what a step keeps for later ones of its type |
| `$hidden#<name>`, of `context#<run ID>` | the places of secrets among the values that came together with that one |
| `100000`, of `inverses#<run ID>` | a recorded compensation |
| `$secret#100000`, of `inverses#<run ID>` | that there are secrets in this one |
| `cache#<hash>`, of `suite#<suite>` | a result that a suite has cached, or who computes it; a run alone is a suite |
| `<started_at>#<run ID>`, of `history` and of `history#<scenario>` | a run that is over (`awsit.aws.runs.history`) |
| `<ended_at>#<run ID>`, of `results#<suite ID>` | a run of a suite that has its report (`awsit.aws.runs.history`) |
| `given`, of `given#<run ID>` | secret variables and environment, from the CLI to the run that begins |
| `of-run`, of `given#<run ID>` | those that the run has; its own item says only that there are any (`has_given`) |

`action#` sorts before `begun#`, `cleanup#` and `run`, so that one query from the first open step on reads all that may
have changed. No item grows with the number of steps, since an item has 400 KB at most, and every write of one costs a
unit for each KB of it. Earlier versions kept the context, the calls, the ledger and the secret variables in the run's
own item (`context`, `started`, `ledger`, `recorded`, `secret_paths`, `given`); what is there is still read.

Documents are JSON text in one attribute: exact numbers, and no attribute of theirs meets one of ours. A text too large
for an item lies in S3, and the attribute holds its key.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from awsit.aws.runs.dynamodb.table import Item
from awsit.engine.store.records import (
    RecordedCompensation,
    RunRecord,
    RunState,
    SecretInputs,
    Started,
    StepRecord,
)
from awsit.engine.store.rules import is_settled
from awsit.model import codec
from awsit.model.json import Json, dumps, loads_record
from awsit.model.plan import Phase
from awsit.model.result import AssertionResult, ErrorInfo, RunStatus
from awsit.model.text.encoding import unencodable
from awsit.records import replace
from awsit.system.clock import parse_iso

RUN_KEY = "run"
CONTEXT, INVERSES, SUITE = "context#", "inverses#", "suite#"
"""What the `run_id` of a run's values, of its recorded compensations, and of what a suite has cached, begins with."""
FIRST_ACTION, LAST_ACTION = "action#", "action#~"
FIRST_CLEANUP, LAST_CLEANUP = "cleanup#", "cleanup#~"
"""The ranges of the sort keys of the records of steps, and of clean-up steps."""
LARGEST_RECORD = 256 * 1024
"""Bytes of JSON of a record that stay in the table; what is larger goes to S3."""
HIDDEN = "$hidden#"
HAS_GIVEN = "has_given"
"""The attribute of a run that has secret variables, which lie where few may read them."""
LEASE = "lease_ends_at"
OPEN_RUNS = "open-runs"
"""The index of runs that are not over or left something: only items with a lease are in it."""
LEFT_SOMETHING = 10**15
"""The lease of a run that is over and left something: it stays in the index, and no sweep ever takes it up."""
DUE = 0
"""The lease of a run that is closing, or whose clean-up the platform cut short: a sweep looks whether its execution is
over."""
LEASE_MARGIN = 60
"""Seconds from a run's deadline until nothing of its actions can be under way any more."""
HELD_SECONDS = 24 * 3600
"""How long a suite's setup waits for its clean-up: then a sweep takes it that whoever started it has died."""
GIVEN_SECONDS = 24 * 3600
"""How long secret variables wait for the execution that was started with them."""
KEEP_SECONDS = 30 * 24 * 3600
"""How long after its start a run's records stay in the table (its TTL)."""


def cache_key(suite: str, key: str) -> tuple[str, str]:
    """The key of what a suite has cached under `key`, or of the claim of who computes it."""
    return f"{SUITE}{suite}", f"cache#{key}"


def step_key(phase: Phase, index: int) -> str:
    """The sort key of a step's record; steps of all phases but clean-up are numbered together."""
    return f"{'cleanup' if phase is Phase.CLEANUP else 'action'}#{index:05d}"


def new_run(run: RunRecord) -> Item:
    """The item of a run that begins.

    `verdict` and `error` are absent until there are any. The empty attributes are for readers of earlier versions.
    """
    item = {
        "run_id": run.run_id,
        "sk": RUN_KEY,
        "scenario": run.scenario,
        "engine": run.engine,
        "started_at": run.started_at,
        "deadline_at": run.deadline_at,
        "execution_arn": run.execution_arn,
        "suite": run.suite,
        "state": str(run.state),
        "total_steps": run.total_steps,
        "context": {},
        "started": {},
        "ledger": tuple(run.ledger),
        "recorded": {},
        "keep": run.keep,
        "expires_at": int(run.deadline_at) + KEEP_SECONDS,
        LEASE: int(run.deadline_at) + LEASE_MARGIN,
    }
    if run.verdict is not RunStatus.RUNNING:
        item["verdict"] = str(run.verdict)
    if run.hold:
        item["hold"] = True
    if run.suite_run:
        item["suite_run"] = run.suite_run
    if run.trace_id:
        item["trace_id"] = run.trace_id
    if run.given:
        item[HAS_GIVEN] = True
    if run.error:
        item["error"] = codec.text(run.error)
    return item


def read_run(item: Item, fetch: Callable[[str], str]) -> RunRecord:
    """The run that an item holds; `fetch` reads a text that lies in S3."""
    return RunRecord(
        run_id=item["run_id"],
        scenario=item["scenario"],
        engine=item["engine"],
        started_at=item["started_at"],
        deadline_at=float(item["deadline_at"]),
        execution_arn=item["execution_arn"],
        trace_id=item.get("trace_id", ""),
        suite=item.get("suite", ""),
        state=RunState(item["state"]),
        verdict=RunStatus(item.get("verdict", RunStatus.RUNNING)),
        total_steps=int(item["total_steps"]),
        context={name: read_text(value, fetch) for name, value in item["context"].items()},
        started={index: _started(value) for index, value in item["started"].items()},
        ledger=tuple(map(int, item["ledger"])),
        recorded=_recorded(item, fetch),
        error=codec.parse(ErrorInfo, item["error"]) if "error" in item else None,
        assertions=tuple(
            codec.decode(AssertionResult, each) for each in read_text(item.get("assertions", "[]"), fetch) or ()
        ),
        keep=item["keep"],
        cleaner=item.get("cleaner", ""),
        hidden=tuple(sorted(map(read_place, item.get("secret_paths", ())))),
        given=read_secrets(item["given"], fetch) if "given" in item else SecretInputs(),
        forgotten=bool(item.get("forgotten")),
        hold=bool(item.get("hold")),
        suite_run=item.get("suite_run", ""),
    )


def _recorded(item: Item, fetch: Callable[[str], str]) -> dict[str, RecordedCompensation]:
    """The recorded compensations; a reader that fetches nothing goes without the large ones."""
    documents = {index: read_text(value, fetch) for index, value in item["recorded"].items()}
    return {index: codec.decode(RecordedCompensation, each) for index, each in documents.items() if each is not None}


def call_in(item: Item, index: int) -> Started | None:
    """The newest call of a step that a run's item has, of an earlier version; None when it has none."""
    value = item["started"].get(str(index))
    return _started(value) if value else None


def _started(value: Item) -> Started:
    return Started(int(value["sequence"]), value["at"], value["latest"])


def read_secrets(value: Any, fetch: Callable[[str], str]) -> SecretInputs:
    """The secret variables of an attribute."""
    inputs = codec.parse(SecretInputs, _stored(value, fetch))
    return replace(inputs, secrets=tuple(inputs.secrets))


def read_text(value: Any, fetch: Callable[[str], str]) -> Json:
    """The document of an attribute: in place, or in S3."""
    return loads_record(_stored(value, fetch))


def _stored(value: Any, fetch: Callable[[str], str]) -> str:
    return value if isinstance(value, str) else fetch(value["s3"])


def record_key(run_id: str, record: StepRecord) -> str:
    """The key in S3 of a record that is too large for the table."""
    return f"runs/{run_id}/records/{step_key(record.kind, record.index)}.json"


def new_record(run_id: str, record: StepRecord, body: Any) -> Item:
    """The item of a step's record; `body` is what its attribute holds. One that is settled is never replaced."""
    return {
        "run_id": run_id,
        "sk": step_key(record.kind, record.index),
        "sequence": record.sequence,
        "body": body,
        "expires_at": int(parse_iso(record.result.started_at).timestamp()) + KEEP_SECONDS,
        **({"settled": True} if is_settled(record) else {}),
    }


def read_record(item: Item, fetch: Callable[[str], str]) -> StepRecord:
    """The step record that an item holds."""
    return codec.parse(StepRecord, _stored(item["body"], fetch))


def written_place(place: str) -> str:
    """The place of a secret as text that DynamoDB keeps: as JSON, where UTF-8 cannot hold the name of a key in it."""
    return dumps(place) if unencodable(place) else place


def read_place(text: str) -> str:
    """The place that such a text writes."""
    return str(loads_record(text)) if text.startswith('"') else text

"""What is told of actions that were refused, cut off or timed out, against what the service really holds.

No run may be clean while something of it is there, and none may have left anything behind when all that it sent was
definitely refused.
"""

from __future__ import annotations

import itertools
import random
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.torture.ground import Ground, Tally
from tests.torture.things import LATE, Things, serving
from ulid import ULID

from awsit.model.events import RunFinished
from awsit.model.result import CleanupOutcome, RunResult
from awsit.model.run import Engine, RunRequest
from awsit.system.clock import parse_iso

REFUSALS = ("400", "401", "404", "409", "422")
UNKNOWN = ("408", "425", "429", "500", "503", "504", "cut", "act-cut", "act-500", "act-503", "act-504", "act-303")
ACTS = ("ok", *REFUSALS, *UNKNOWN, "late-act")
RETRIED = ("act-cut,409-if-there", "act-cut,ok", "act-500,409", "503,ok", "400,ok", "400,422", "act-503,act-503")
UNDOES = ("ok", "400", "500", "act-cut,ok", "act-503,ok", "429,ok")
_TRIES = 3


@dataclass(frozen=True)
class Case:
    """One run: what the service does with the action and its clean-up, and whether the thing's name is known before."""

    acts: str
    undoes: str
    is_named: bool

    def document(self, url: str, run: str) -> dict[str, Any]:
        """The scenario of one action and its clean-up."""
        retry = {"interval_seconds": 0.01, "max_delay_seconds": 0.01, "jitter": False, "retry_on": ["*"]}
        name = f"&name={run}" if self.is_named else ""
        named = run if self.is_named else "{{ context.name }}"
        undo = {"url": f"{url}/things/{named}?acts={self.undoes}", "method": "DELETE"}
        params = {"url": f"{url}/things?acts={self.acts}&run={run}{name}", "method": "POST", "expected_status": 201}
        action = {
            "name": "Make",
            "type": "http_call",
            "timeout_seconds": LATE / 2,
            "settle_seconds": LATE,
            "params": params,
            "cleanup": [{"name": "Remove", "type": "http_call", "params": undo, "retry": {**retry, "max_attempts": 2}}],
        }
        if "," in self.acts:
            action["retry"] = {**retry, "max_attempts": 2}
        if not self.is_named:
            action["pass_to_context"] = {"name": "$.body.name"}
        return {"name": "refusals", "actions": [action]}

    @property
    def was_refused(self) -> bool:
        """Whether every attempt of the action gets a definite refusal."""
        return set(self.acts.split(",")) <= set(REFUSALS)


def cases() -> Iterator[Case]:
    """Each fault of the action with a clean-up that works, and the telling ones with each fault of the clean-up."""
    for acts, is_named in itertools.product((*ACTS, *RETRIED), (True, False)):
        yield Case(acts, "ok", is_named)
    for acts, undoes, is_named in itertools.product(("ok", "422", "act-500", "act-cut"), UNDOES[1:], (True, False)):
        yield Case(acts, undoes, is_named)


def lies(case: Case, result: RunResult, held: set[str]) -> str:
    """What a report says that is not so; empty for one that is true."""
    outcomes = [item.outcome for item in result.cleanup.left_behind]
    if held and not outcomes:
        return f"{case} is told as clean, and the service holds {held}"
    if case.was_refused and outcomes:
        return f"{case} was refused, and is told as {outcomes}"
    if case.acts == "late-act" and case.is_named and (held or outcomes):
        return f"{case} can be removed by its name when it has come, and is told as {outcomes}, held: {held}"
    if not held and CleanupOutcome.FAILED in outcomes and case.undoes == "ok":
        return f"{case} is told as failed, and nothing is there"
    return ""


def carried_out(engine: Engine, things: Things, case: Case) -> str:
    """What is not so in the report of one run of a case.

    A request that reached the service after the caller had given it up, as on a busy machine, acts later than any
    caller can know: the run is made again.
    """
    for _ in range(_TRIES):
        result, held = _run(engine, things, case)
        if case.acts != "late-act" or _came_in_time(things, result):
            return lies(case, result, held)
        time.sleep(LATE)
        things.names.clear()
    return f"{case}: no request reached the service in time in {_TRIES} runs"


def _came_in_time(things: Things, result: RunResult) -> bool:
    """Whether the request of a run that acts late was there while the run waited for its answer."""
    sent_at = parse_iso(result.steps[0].attempts[0].started_at).timestamp()
    return things.came_at(f"POST /things?acts=late-act&run={result.run_id}") - sent_at < LATE / 2


def _run(engine: Engine, things: Things, case: Case) -> tuple[RunResult, set[str]]:
    """The report of one run, and what the service holds after it."""
    run_id = f"run-{ULID()}"
    run = engine.start(RunRequest(run_id, "refusals", case.document(things.url, run_id)))
    results: list[RunResult] = []
    engine.follow(run, lambda event: results.append(event.result) if isinstance(event, RunFinished) else None)
    if "late" in case.acts:
        time.sleep(LATE)
    held = set(things.names)
    things.names.clear()
    return results[-1], held


def refusals(ground: Ground, runs: int, seed: int) -> Tally:
    """Random cases, on the state machine."""
    tally, chosen = Tally("refusals and lost answers"), random.Random(seed)
    every = list(cases())
    engine, start = ground.made.remote(), time.monotonic()
    with serving() as things:
        for case in chosen.choices(every, k=runs):
            lie = carried_out(engine, things, case)
            tally.count_as("not so" if lie else "told truly")
            tally.harmed += bool(lie)
            tally.notes += [lie] if lie else []
    tally.seconds = time.monotonic() - start
    return tally

"""What happens in a run. Engines emit these events and never print; reporters consume them."""

from __future__ import annotations

from awsit.model.result import Attempt, CleanupVerdict, RunResult, StepResult
from awsit.records import dataclass


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The run exists. `total_steps` is 0 until the plan is known; `at` is ISO 8601 UTC."""

    run_id: str
    scenario: str
    engine: str
    at: str
    total_steps: int = 0
    execution_arn: str = ""


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A step of `phase` begins its first attempt."""

    run_id: str
    index: int
    phase: str
    name: str
    type: str
    at: str


@dataclass(frozen=True, slots=True)
class StepAttempted:
    """An attempt ended and another will follow after `attempt.delay_seconds`."""

    run_id: str
    index: int
    phase: str
    name: str
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class StepFinished:
    """A step ended, of any phase."""

    run_id: str
    result: StepResult


@dataclass(frozen=True, slots=True)
class CleanupStarted:
    """The actions are over; the ledger has `entries` entries to undo."""

    run_id: str
    entries: int


@dataclass(frozen=True, slots=True)
class CleanupFinished:
    """The clean-up is over."""

    run_id: str
    verdict: CleanupVerdict


@dataclass(frozen=True, slots=True)
class RunFinished:
    """Always the last event of a run."""

    run_id: str
    result: RunResult


Event = RunStarted | StepStarted | StepAttempted | StepFinished | CleanupStarted | CleanupFinished | RunFinished

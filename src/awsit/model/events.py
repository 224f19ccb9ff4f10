"""What happens in a run. Engines emit these events and never print; reporters consume them."""

from __future__ import annotations

from msgspec import Struct

from awsit.model.result import Attempt, CleanupVerdict, RunResult, StepResult


class RunStarted(Struct, frozen=True):
    """The run exists. `total_steps` is 0 until the plan is known; `at` is ISO 8601 UTC."""

    run_id: str
    scenario: str
    engine: str
    at: str
    total_steps: int = 0
    execution_arn: str = ""


class StepStarted(Struct, frozen=True):
    """A step of `phase` begins its first attempt."""

    run_id: str
    index: int
    phase: str
    name: str
    type: str
    at: str


class StepAttempted(Struct, frozen=True):
    """An attempt ended and another will follow after `attempt.delay_seconds`."""

    run_id: str
    index: int
    phase: str
    name: str
    attempt: Attempt


class StepFinished(Struct, frozen=True):
    """A step ended, of any phase."""

    run_id: str
    result: StepResult


class CleanupStarted(Struct, frozen=True):
    """The actions are over; the ledger has `entries` entries to undo."""

    run_id: str
    entries: int


class CleanupFinished(Struct, frozen=True):
    """The clean-up is over."""

    run_id: str
    verdict: CleanupVerdict


class RunFinished(Struct, frozen=True):
    """Always the last event of a run."""

    run_id: str
    result: RunResult


Event = RunStarted | StepStarted | StepAttempted | StepFinished | CleanupStarted | CleanupFinished | RunFinished

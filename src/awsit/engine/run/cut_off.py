"""Steps that were waiting when their run was ended: another one failed, the time was over, or somebody stopped it."""

from __future__ import annotations

from collections.abc import Mapping

from awsit.engine.step.policy import RUN_TIMEOUT
from awsit.engine.store.records import RunRecord
from awsit.model.plan import Plan, Step
from awsit.model.result import CUT_OFF, ErrorInfo, RunStatus, Status, StepResult
from awsit.records import replace
from awsit.system.clock import parse_iso


def settled(plan: Plan, run: RunRecord, results: Mapping[int, StepResult]) -> dict[int, StepResult]:
    """The results by index, in which those that were waiting say in what, for how long, and why they did not go on."""
    if run.verdict is RunStatus.RUNNING:
        return dict(results)
    culprit = _culprit(run, results)
    return {
        index: _cut_off(plan.steps[index], result, run, culprit) if result.status is Status.RUNNING else result
        for index, result in results.items()
    }


def _culprit(run: RunRecord, results: Mapping[int, StepResult]) -> StepResult | None:
    """The step whose failure ended the run."""
    bad = (result for result in results.values() if result.status in {Status.FAILED, Status.ERROR})
    return next((each for each in bad if run.error and run.error.message.startswith(f"{each.name}: ")), None)


def _cut_off(step: Step, result: StepResult, run: RunRecord, culprit: StepResult | None) -> StepResult:
    ends = _end(culprit) if culprit else run.deadline_at if run.error and run.error.code == RUN_TIMEOUT else None
    seconds = max(0.0, round(ends - parse_iso(result.started_at).timestamp(), 3)) if ends else None
    lasted = "" if seconds is None else f" after {seconds:.1f} s"
    error = ErrorInfo(CUT_OFF, f"Cut off in its {_activity(step, result)}{lasted}, for {_why(run, culprit)}.")
    duration = result.duration_seconds if seconds is None else seconds
    return replace(result, status=Status.SKIPPED, duration_seconds=duration, error=error)


def _end(result: StepResult) -> float:
    return parse_iso(result.started_at).timestamp() + result.duration_seconds


def _activity(step: Step, result: StepResult) -> str:
    if step.cache_seconds and not result.attempts:
        return "wait for the result that another run had begun to compute"
    if step.type == "wait":
        return "wait"
    return "poll" if step.until or step.during else "wait for the next attempt"


def _why(run: RunRecord, culprit: StepResult | None) -> str:
    if culprit:
        return f"{culprit.name} failed"
    timed_out = run.verdict is RunStatus.TIMED_OUT
    return "the run's time was over" if timed_out else "the run was stopped"

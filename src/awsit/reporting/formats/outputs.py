"""Outputs for a gate: `NAME=value` lines, which GitHub reads as outputs of a step, GitLab as a dotenv report.

No value has a line break: none needs a delimiter, and none can make a line of its own. Only the summary and the path of
the HTML report can have spaces.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from awsit.errors import AwsitError, ExitCode
from awsit.model.result import RunResult
from awsit.model.text.counts import count
from awsit.model.text.visible import on_one_line
from awsit.reporting.totals import Totals
from awsit.reporting.verdicts import Verdict

NOTHING_RAN = "none"
OF_FAILURE = {ExitCode.ENVIRONMENT: "environment", ExitCode.BUG: "bug"}
INVALID = "invalid"
GROUPS = {
    Verdict.PASSED: "PASSED",
    Verdict.FAILED: "FAILED",
    Verdict.ERROR: "ERRORS",
    Verdict.TIMED_OUT: "ERRORS",
    Verdict.LEFT_BEHIND: "LEFT_BEHIND",
}
NOT_FINISHED = "SKIPPED"


def outputs(results: Sequence[RunResult], report: str = "") -> str:
    """The worst verdict, the counts, a summary, and `report`, the path of the HTML report, where there is one."""
    totals = Totals.of(results)
    counts = Counter(GROUPS.get(verdict, NOT_FINISHED) for verdict in totals.verdicts)
    worst = next(iter(totals.tally), NOTHING_RAN)
    groups = {name: str(counts[name]) for name in dict.fromkeys([*GROUPS.values(), NOT_FINISHED])}
    return _lines({"VERDICT": str(worst), "TOTAL": str(len(results)), **groups, "SUMMARY": _summary(totals)}, report)


def of_error(error: AwsitError) -> str:
    """The outputs of an error that kept everything from running: the verdict is `invalid`, `environment` or `bug`."""
    verdict = OF_FAILURE.get(error.exit_code, INVALID)
    return _lines({"VERDICT": verdict, "SUMMARY": " ".join(f"nothing ran: {error.message}".split())})


def _summary(totals: Totals) -> str:
    """The summary in one line: `8 scenarios: 1 failed, 7 passed`."""
    if not totals.verdicts:
        return "no scenarios ran"
    words = ", ".join(f"{number} {verdict.words}" for verdict, number in totals.tally.items())
    return f"{count(len(totals.verdicts), 'scenario')}: {words}"


def _lines(values: dict[str, str], report: str = "") -> str:
    lines = {**values, "REPORT": report} if report else values
    return "".join(f"AWSIT_{name}={on_one_line(value)}\n" for name, value in lines.items())

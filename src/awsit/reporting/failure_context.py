"""What a failure is explained with, beside the result of its run."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct, field

from awsit.model.result import RunResult
from awsit.scenario.reading.source import Source


class FailureContext(Struct, frozen=True):
    """Where to look further, and how to run it again. Each field is empty where it is not known.

    `report` is the path of the run's report, `rerun_command` a command line that runs only this scenario again,
    `try_command` one that evaluates the path of the first failed assertion against what its step answered,
    `console_link` the execution's page in the AWS console, and `source` the scenario as it ran. `log` holds the
    function's log lines of each step, which is named by phase and index. `aws_endpoint` is the sandbox's, which got the
    requests for hosts of AWS.
    """

    report: str = ""
    rerun_command: str = ""
    console_link: str = ""
    source: Source | None = None
    log: Mapping[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)
    try_command: str = ""
    aws_endpoint: str = ""


NO_CONTEXT = FailureContext()

ContextOf = Callable[[RunResult], FailureContext]
"""Finds what the failures of a run are explained with."""


def nothing_known(_: RunResult) -> FailureContext:
    """The context of any run where none is known."""
    return NO_CONTEXT

"""What a person reads."""

from collections.abc import Callable

import pytest
from tests.unit.reporting.results import events_of, plain_console, text_of

from awsit.model.result import RunResult
from awsit.reporting.failure_context import FailureContext
from awsit.reporting.terminal.console import ConsoleReporter


@pytest.fixture
def report() -> Callable[..., str]:
    """What a person reads of some runs, on a terminal without colour."""

    def shown(
        *results: RunResult,
        verbosity: int = 0,
        width: int = 80,
        encoding: str = "utf-8",
        around: FailureContext = FailureContext(".awsit/reports/run.json"),  # noqa: B008 - it is frozen
        expected: int = 1,
    ) -> str:
        console = plain_console(width, encoding)
        with ConsoleReporter(console, verbosity) as reporter:
            reporter.expect(expected)
            for result in results:
                for event in events_of(result):
                    reporter.handle(event, around)
            reporter.summary(results)
        return text_of(console)

    return shown

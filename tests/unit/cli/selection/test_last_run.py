"""What is run again."""

from pathlib import Path

import pytest

from awsit import config
from awsit.cli.selection.last_run import Failed, failed_before, keep
from awsit.errors import NotFoundError
from awsit.model.result import ErrorInfo, RunResult, RunStatus


def skipped(code: str) -> RunResult:
    error = ErrorInfo(code, "Not run.")
    return RunResult("run-1", "orders", RunStatus.SKIPPED, "stepfunctions", "", "", 0.0, error=error)


def test_what_its_suite_in_the_account_did_not_come_to_is_run_again() -> None:
    assert Failed.of(skipped("suite_ended")) == Failed("orders")
    assert Failed.of(skipped("not_run")) is None


@pytest.mark.parametrize(
    ("runs", "unfinished", "said"),
    [(1, 0, "it passed"), (3, 0, "all 3 passed"), (3, 2, "2 of 3 had no end")],
)
def test_where_nothing_failed_it_is_told_how_many_passed(tmp_path: Path, runs: int, unfinished: int, said: str) -> None:
    settings = config.load({}, {}, tmp_path)
    keep(settings, runs, (), "seed", unfinished)

    with pytest.raises(NotFoundError, match=f"nothing failed in the last run: {said}$"):
        failed_before(settings)

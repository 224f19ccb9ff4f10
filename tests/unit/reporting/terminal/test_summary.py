"""What a run left behind, and the command that removes it."""

import io

import pytest

from awsit.model.result import CleanupOutcome, CleanupResult, CleanupVerdict, LeftBehind
from awsit.reporting.terminal.summary import show_left_behind
from awsit.reporting.terminal.terminal import Console
from awsit.reporting.terminal.values import Limits


@pytest.mark.parametrize(
    ("outcomes", "words"),
    [
        ((CleanupOutcome.FAILED,), "to remove it"),
        ((CleanupOutcome.NOT_TRIED,), "to remove it"),
        ((CleanupOutcome.MAY_BE_THERE, CleanupOutcome.NOT_TRIED), "to remove it"),
        ((CleanupOutcome.MAY_BE_THERE,), "to look again"),
    ],
)
def test_what_is_there_is_to_be_removed_and_what_may_be_there_to_be_looked_for(
    outcomes: tuple[CleanupOutcome, ...], words: str
) -> None:
    left = tuple(LeftBehind("Del", "http_call", None, "", "awsit cleanup run-1", outcome) for outcome in outcomes)
    file = io.StringIO()
    show_left_behind(
        CleanupResult(CleanupVerdict.LEFT_BEHIND, (), left), Console({"COLUMNS": "100"}, file=file), Limits()
    )
    assert f"  {words}: awsit cleanup run-1\n" in file.getvalue()

"""The state of a run on the terminal."""

import io

from awsit.model.result import RunStatus
from awsit.model.run import RunSnapshot
from awsit.reporting.terminal.status import show_snapshot
from awsit.reporting.terminal.terminal import Console
from awsit.reporting.terminal.values import Limits


def shown(snapshot: RunSnapshot) -> str:
    text = io.StringIO()
    show_snapshot(snapshot, Console({"COLUMNS": "100"}, file=text), Limits())
    return text.getvalue()


def test_of_a_setup_that_is_held_it_says_when_it_is_cleaned_up() -> None:
    assert "clean-up  after the runs within it" in shown(RunSnapshot("run-1", "s", RunStatus.RUNNING, is_held=True))
    assert "clean-up" not in shown(RunSnapshot("run-1", "s", RunStatus.RUNNING))

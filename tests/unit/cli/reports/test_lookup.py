"""Reports that a reference stands for."""

from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from tests.functional.fakes import FakeWiring

from awsit.cli.main import cli
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.model.result import CleanupOutcome, CleanupResult, CleanupVerdict, LeftBehind, RunResult, RunStatus
from awsit.model.run import SuiteRun

RUN, SUITE = "run-01J9ZK3M4N5P6Q7R8S9T0V1W2X", "suite-01J9ZK3M4N5P6Q7R8S9T0V1W2X"


class OfSuite(FakeWiring):
    """An account with a suite whose only run left something behind."""

    def suite_follower(self, settings: Settings, suite_id: str, reference: str = "") -> SimpleNamespace:
        assert suite_id == SUITE
        left = LeftBehind("Del", "http_call", CleanupOutcome.FAILED, "404", command=f"awsit cleanup {RUN}")
        cleanup = CleanupResult(CleanupVerdict.LEFT_BEHIND, left_behind=(left,))
        at = "2026-11-29T20:00:00.000Z"
        result = RunResult(RUN, "orders", RunStatus.PASSED, "stepfunctions", at, at, 1.0, cleanup=cleanup)
        return SimpleNamespace(
            suites=SimpleNamespace(runs=lambda _: (SuiteRun(RUN, "orders"),)), results_so_far=lambda _: iter([result])
        )


@pytest.mark.parametrize("flags", [["--stack", "other"], ["--sandbox"]], ids=["stack", "sandbox"])
def test_the_report_of_a_suite_names_whole_commands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    wiring = OfSuite(tmp_path)

    result = CliRunner().invoke(cli, ["report", SUITE, *flags], obj=Session(wiring))

    assert result.exit_code == 0, result.output
    assert f"to remove it: awsit cleanup {RUN} {' '.join(flags)}\n" in result.stdout

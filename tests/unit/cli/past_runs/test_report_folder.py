"""Reports that are kept, found again and thrown away."""

from pathlib import Path

import pytest

from awsit import config
from awsit.cli.past_runs import report_folder
from awsit.errors import InvalidInputError
from awsit.model.result import RunResult, RunStatus
from awsit.records import replace

AT = "2030-01-01T00:00:00.000Z"
RESULT = RunResult(f"run-{1:026d}", "order_is_stored", RunStatus.PASSED, "local", AT, AT, 0.5)
ARN = f"arn:aws:states:eu-west-1:123456789012:execution:awsit:{RESULT.run_id}"


@pytest.fixture
def settings(tmp_path: Path) -> config.Settings:
    return replace(config.load({}, {}, tmp_path), keep_reports=2)


def test_a_report_is_found_by_the_run_and_by_its_own_execution(settings):
    report_folder.keep(settings, replace(RESULT, execution_arn=ARN))
    assert report_folder.kept(settings, RESULT.run_id) == report_folder.kept(settings, ARN)
    assert report_folder.kept(settings, ARN.replace("eu-west-1", "eu-west-2")) is None
    assert report_folder.kept(settings, f"run-{2:026d}") is None


def test_a_report_that_is_an_empty_list_is_no_report(settings):
    settings.report_folder.mkdir(parents=True)
    (settings.report_folder / f"{RESULT.run_id}.json").write_text("[]")
    assert report_folder.kept(settings, RESULT.run_id) is None


def test_only_a_run_of_this_machine_has_its_state_here(settings):
    report_folder.keep(settings, RESULT)
    snapshot = report_folder.snapshot(settings, RESULT.run_id)
    assert snapshot is not None
    assert (snapshot.scenario, snapshot.status) == ("order_is_stored", RunStatus.PASSED)

    report_folder.keep(settings, replace(RESULT, engine="stepfunctions", execution_arn=ARN))
    assert report_folder.snapshot(settings, RESULT.run_id) is None


def test_no_run_waits_until_its_report_is_on_the_disk(settings, monkeypatch):
    monkeypatch.setattr("os.fsync", lambda _: pytest.fail("the report waits for the disk"))
    report_folder.keep(settings, RESULT)
    assert report_folder.kept(settings, RESULT.run_id) == RESULT


def test_the_newest_reports_are_kept_with_their_pages(settings):
    for number in range(1, 5):
        report_folder.keep(settings, replace(RESULT, run_id=f"run-{number:026d}"))
        (settings.report_folder / f"run-{number:026d}.html").touch()
    report_folder.keep(settings, replace(RESULT, run_id=f"run-{5:026d}"))
    names = sorted(path.name for path in settings.report_folder.iterdir())
    assert names == [f"run-{4:026d}.html", f"run-{4:026d}.json", f"run-{5:026d}.json"]


def test_a_torn_report_is_left_out_of_lists_and_an_error_when_it_is_named(settings):
    report_folder.keep(settings, RESULT)
    (settings.report_folder / f"run-{2:026d}.json").write_text('{"version":')
    assert [entry.run_id for entry in report_folder.entries(settings.report_folder)] == [RESULT.run_id]
    assert report_folder.summary(settings.report_folder / f"run-{2:026d}.json") is None
    with pytest.raises(InvalidInputError, match="is not JSON"):
        report_folder.kept(settings, f"run-{2:026d}")

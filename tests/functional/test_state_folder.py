"""The state folder of a cloned repository: what lies there already leads no command anywhere."""

import json
import os
from pathlib import Path
from stat import S_IMODE

import pytest
from tests.functional.fakes import FAILING, PASSING

WRITERS = ("init", "run order_is_stored", "run order_is_shipped", "run order_is_stored --keep")
DEBUG = "--debug run order_is_stored"


def use(awsit, scenario, *commands: str) -> None:
    """Call every command that writes to the state folder, and others."""
    scenario(PASSING)
    scenario(FAILING, "order_is_shipped.yaml")
    for command in (*WRITERS, *commands):
        awsit(*command.split())


def written(root: Path) -> list[Path]:
    """All that lies in a state folder, relative to it."""
    return sorted(path.relative_to(root) for path in root.rglob("*"))


@pytest.mark.parametrize("umask", [0o000, 0o022, 0o077])
def test_all_of_it_is_for_its_user_only_whoever_makes_it_first(awsit, scenario, tmp_path, umask):
    before = os.umask(umask)
    try:
        use(awsit, scenario, DEBUG)
    finally:
        os.umask(before)

    root = tmp_path / ".awsit"
    names = {path.name for path in root.iterdir()}
    assert {"journal", "reports", "logs", "last-run.json", "config.schema.json", ".gitignore"} <= names
    open_to_others = [path for path in (root, *root.rglob("*")) if S_IMODE(path.stat().st_mode) & 0o077]
    assert open_to_others == []
    assert S_IMODE((tmp_path / "awsit.toml").stat().st_mode) == 0o666 & ~umask


def test_nothing_is_written_through_a_link_of_any_name(awsit, scenario, tmp_path):
    use(awsit, scenario, DEBUG)
    root, outside = tmp_path / ".awsit", tmp_path / "outside"
    outside.mkdir()
    for number, path in enumerate(name for name in written(root) if (root / name).is_file()):
        (outside / str(number)).write_text("precious")
        (root / path).unlink()
        (root / path).symlink_to(outside / str(number))

    use(awsit, scenario, DEBUG)

    assert {path.read_text() for path in outside.iterdir()} == {"precious"}


@pytest.mark.parametrize("folder", ["journal", "reports", "logs"])
def test_nothing_is_written_into_a_folder_that_is_a_link(awsit, scenario, tmp_path, folder):
    (tmp_path / "outside").mkdir()
    (tmp_path / ".awsit").mkdir()
    (tmp_path / ".awsit" / folder).symlink_to(tmp_path / "outside")

    use(awsit, scenario, *([DEBUG] if folder == "logs" else []))

    assert list((tmp_path / "outside").iterdir()) == []


def test_what_failed_for_somebody_else_is_not_run_again(awsit, scenario, tmp_path):
    file = scenario(PASSING)
    (tmp_path / ".awsit").mkdir()
    failed = [{"scenario": "order_is_stored", "file": str(file)}]
    planted = {"runs": 1, "failed": failed, "version": "awsit.last-run/1"}
    (tmp_path / ".awsit" / "last-run.json").write_text(json.dumps(planted))

    refused = awsit("run", "--rerun-failed")
    assert refused.exit_code == 4
    assert ".awsit/last-run.json has no mark of this machine and user, and is not obeyed" in refused.stderr
    assert "awsit cleanup --adopt" in refused.stderr

    assert "adopted .awsit/last-run.json" in awsit("cleanup", "--adopt").stderr
    assert awsit("run", "--rerun-failed").exit_code == 0


@pytest.mark.parametrize("command", ["runs", "history", "runs --json", "cleanup --all", "report .awsit/reports"])
def test_a_link_to_what_never_ends_is_passed_over(awsit, scenario, tmp_path, command):
    scenario(PASSING)
    awsit("run", "order_is_stored")
    for folder, ending in (("reports", "json"), ("journal", "jsonl")):
        (tmp_path / ".awsit" / folder / f"run-01J9ZK3M4N5P6Q7R8S9T0V1W2X.{ending}").symlink_to("/dev/zero")

    assert awsit(*command.split()).exit_code in {0, 2}

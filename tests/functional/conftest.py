"""The command line with fakes behind it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from tests.functional.fakes import PASSING, FakeWiring

from awsit.cli.main import cli
from awsit.cli.past_runs.interrupted import FOLDER
from awsit.cli.session import Session

LOCAL_RUN = f"run-{1:026d}"
"""The first run of a test."""


@pytest.fixture
def wiring(tmp_path: Path) -> FakeWiring:
    return FakeWiring(tmp_path)


@pytest.fixture
def awsit(wiring: FakeWiring) -> Callable[..., Result]:
    """`awsit` with these arguments, as a shell would call it."""

    def call(*arguments: str, stdin: str | bytes = "", env: Mapping[str, str] | None = None) -> Result:
        result = CliRunner().invoke(
            cli, list(arguments), input=stdin, env=env, obj=Session(wiring), prog_name="awsit", catch_exceptions=False
        )
        assert "Traceback" not in result.output
        return result

    return call


@pytest.fixture
def scenario(tmp_path: Path) -> Callable[..., Path]:
    """Write a scenario file into the project's `scenarios` folder."""

    def write(text: str = PASSING, name: str = "order_is_stored.yaml", folder: str = "scenarios") -> Path:
        path = tmp_path / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    return write


@pytest.fixture
def left_behind(awsit: Callable[..., Result], scenario: Callable[..., Path], tmp_path: Path) -> str:
    """The ID of a local run that was told to leave what it made, and whose process has ended."""
    scenario(PASSING)
    awsit("run", "order_is_stored", "--keep")
    return abandoned(tmp_path)


def abandoned(tmp_path: Path) -> str:
    """The ID of the local run, whose process has ended."""
    journal = tmp_path / ".awsit" / FOLDER / f"{LOCAL_RUN}.jsonl"
    text = journal.read_bytes()
    journal.unlink()
    journal.write_bytes(text)  # a file that nobody has locked: this process holds the lock on the first one to its end
    return LOCAL_RUN

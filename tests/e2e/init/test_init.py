"""What `awsit init` writes passes on the sandbox, as it is, on both engines."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.deployed import Deployed

AWSIT = Path(sys.executable).with_name("awsit")
Awsit = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture
def variables(deployed: Deployed, tmp_path: Path) -> dict[str, str]:
    """An environment where only the sandbox is known."""
    return {
        "PATH": f"{AWSIT.parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "AWSIT_STATE_FOLDER": str(deployed.sandbox.state_folder),
    }


@pytest.fixture
def awsit(variables: dict[str, str], tmp_path: Path) -> Awsit:
    """`awsit` in the project's folder."""

    def call(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(AWSIT), *arguments]
        return subprocess.run(
            command, env=variables, cwd=tmp_path, capture_output=True, text=True, timeout=180, check=False
        )

    return call


@pytest.mark.parametrize("engine", ["local", "stepfunctions"])
def test_the_first_scenario_passes_and_leaves_nothing_behind(awsit: Awsit, engine: str) -> None:
    assert awsit("init").returncode == 0
    done = awsit("run", "first", "--sandbox", "--engine", engine, "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert (report["engine"], report["status"], report["cleanup"]["verdict"]) == (engine, "passed", "clean")

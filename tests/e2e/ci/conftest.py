"""A wheel of this checkout, and a machine with a project that has it."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.ci.machine import BIN, PROJECT, ROOT, TEMPLATES, Machine


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([BIN / "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, capture_output=True, check=True)
    return next(folder.glob("awsit-*.whl"))


@pytest.fixture
def machine(wheel: Path, tmp_path: Path) -> Iterator[Machine]:
    """A project with a template and a wheel in it, on a machine that has Python and nothing else."""
    folder = tmp_path / "repository"
    shutil.copytree(PROJECT, folder)
    (folder / "wheels").mkdir()
    shutil.copy(wheel, folder / "wheels")
    variables = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "CI": "true", "RUNNER_TEMP": str(tmp_path)}
    runner = Machine(folder, variables)
    init = runner.ran(f"{BIN}/awsit init --package wheels/{wheel.name}")
    assert f"CI installs ./wheels/{wheel.name}[sandbox]" in init
    with (folder / "awsit.toml").open("a", encoding="utf-8") as file:
        file.write(TEMPLATES)
    yield runner
    runner.sh(f"{BIN}/awsit sandbox stop")


@pytest.fixture
def offline(machine: Machine, tmp_path: Path) -> Machine:
    """The machine, with a pip that installs the package itself and takes the rest from this environment."""
    site = tmp_path / "site"
    pip = {"PIP_TARGET": str(site), "PIP_NO_DEPS": "1", "PIP_NO_INDEX": "1", "PIP_NO_COMPILE": "1"}
    pip["PIP_NO_BUILD_ISOLATION"] = "0"  # pip reads it as the value of build isolation
    path = os.pathsep.join([str(site / "bin"), str(BIN), machine.variables["PATH"]])
    return Machine(machine.folder, {**machine.variables, **pip, "PYTHONPATH": str(site), "PATH": path})

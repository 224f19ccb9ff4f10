"""A project with a service that is not awsit's, on a machine that has Python and nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import yaml
from junitparser import JUnitXml

ROOT = Path(__file__).parents[3]
PROJECT = Path(__file__).parent / "project"
BIN = Path(sys.executable).parent
TEMPLATES = '\n[[sandbox.templates]]\npath = "template.yaml"\nstack = "greetings"\nparameters = {Word = "good day"}\n'
SHELL = ("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c")


@dataclass(frozen=True)
class Machine:
    """A folder with a checked-out project, and the variables of a runner."""

    folder: Path
    variables: Mapping[str, str]

    def sh(self, line: str, **variables: str) -> subprocess.CompletedProcess[str]:
        environment = {**self.variables, **variables}
        command = [*SHELL, line]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=600, check=False
        )

    def ran(self, line: str, **variables: str) -> str:
        done = self.sh(line, **variables)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout + done.stderr

    def passed(self) -> list[str]:
        """The test cases of the JUnit report."""
        return sorted(
            case.name for suite in JUnitXml.fromfile(str(self.folder / "awsit-reports/junit.xml")) for case in suite
        )


def run_workflow(machine: Machine) -> dict[str, subprocess.CompletedProcess[str]]:
    """Run the job as GitHub does; the commands by their first two words. `always()` steps run after a failure too."""
    workflow = yaml.safe_load((machine.folder / ".github" / "workflows" / "e2e.yml").read_text(encoding="utf-8"))
    done: dict[str, subprocess.CompletedProcess[str]] = {}
    for step in workflow["jobs"]["sandbox"]["steps"]:
        failed = any(each.returncode for each in done.values())
        if "run" in step and (not failed or "always()" in step.get("if", "")):
            command = next(line for line in step["run"].splitlines() if line.startswith(("awsit ", "pip ")))
            variables = {**workflow["env"], "GITHUB_STEP_SUMMARY": str(machine.folder / "summary.md")}
            done[" ".join(command.split()[:3])] = machine.sh(step["run"], **variables)
    return done


def with_venv(machine: Machine) -> Machine:
    """The machine, with a new environment of Python first in its PATH."""
    machine.ran("python3 -m venv ../venv")
    path = f"{machine.folder.parent}/venv/bin:{os.environ['PATH']}"
    return Machine(machine.folder, {**machine.variables, "PATH": path})

"""What CI servers run, on new machines: everything is installed from an index. `make nightly` runs it, in some minutes.

The shell lines are those of the files themselves: the workflow that `awsit init` writes, the action, GitLab's jobs, and
the script that docs/ci.md shows.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import yaml
from tests.e2e.ci.machine import ROOT, Machine, run_workflow, with_venv


def test_the_workflow_installs_all_that_it_needs(machine: Machine) -> None:
    done = run_workflow(with_venv(machine))
    assert [each.stderr for each in done.values() if each.returncode] == []
    assert machine.passed() == ["first", "greets"]


def test_the_action_installs_itself_and_runs_on_the_sandbox(machine: Machine) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
    output, summary = machine.folder / "output", machine.folder / "summary.md"
    inputs: dict[str, Any] = {name: str(each.get("default", "")) for name, each in action["inputs"].items()}
    inputs |= {"sandbox": "true", "scenarios": "scenarios/greets.yaml\nscenarios/first.yaml\n"}
    runner = {"GITHUB_ACTION_PATH": str(ROOT), "GITHUB_OUTPUT": str(output), "GITHUB_STEP_SUMMARY": str(summary)}
    for step in action["runs"]["steps"]:
        if "run" in step:
            values = step.get("env", {}).items()
            given = {
                name: re.sub(r"\$\{\{ inputs\.(\w+) \}\}", lambda each: inputs[each[1]], text) for name, text in values
            }
            machine.ran(step["run"], **runner, **given)
    assert "AWSIT_VERDICT=passed" in output.read_text(encoding="utf-8")
    assert machine.passed() == ["first", "greets"]
    assert (machine.folder / "awsit-reports" / "sandbox.log").is_file()


def test_gitlabs_job_starts_from_nothing(machine: Machine, wheel: Path) -> None:
    job = yaml.safe_load((ROOT / "ci" / "gitlab.yml").read_text(encoding="utf-8").replace("!reference", ""))[".awsit"]
    runner = with_venv(machine)
    variables = {**job["variables"], "AWSIT_PACKAGE": f"./wheels/{wheel.name}[sandbox]", "PIP_CACHE_DIR": ""}
    del variables["PIP_CACHE_DIR"]  # the cache of this machine will do
    runner.ran("\n".join([*job["before_script"], *job["script"]]), **variables)
    runner.ran("\n".join(job["after_script"]), **variables)
    assert runner.passed() == ["first", "greets"]
    assert {path.name for path in (runner.folder / "awsit-reports").iterdir()} >= {"outputs.env", "sandbox.log"}


def test_the_script_of_the_page_keeps_the_exit_code_and_stops_the_sandbox(machine: Machine, wheel: Path) -> None:
    page = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"^```sh\n(#!.*?)^```", page, re.DOTALL | re.MULTILINE)
    package = f"./wheels/{wheel.name}[sandbox]"
    assert "The sandbox has stopped." in machine.ran(script, AWSIT_PACKAGE=package)
    scenario = machine.folder / "scenarios" / "greets.yaml"
    scenario.write_text(scenario.read_text(encoding="utf-8").replace("good day", "good night"), encoding="utf-8")
    done = machine.sh(script, AWSIT_PACKAGE=package)
    assert done.returncode == 1
    assert "The sandbox has stopped." in done.stderr

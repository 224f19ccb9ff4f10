"""What CI servers run, on new machines: nearly all is installed from an index. `make nightly` runs it, in some minutes.

The shell lines are those of the files themselves: the workflow that `awsit init` writes, the action, GitLab's jobs, and
the script that docs/run/ci.md shows.
"""

from __future__ import annotations

import re
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
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
    page = (ROOT / "docs/run/ci.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"^```sh\n(#!.*?)^```", page, re.DOTALL | re.MULTILINE)
    package = f"./wheels/{wheel.name}[sandbox]"
    assert "The sandbox has stopped." in machine.ran(script, AWSIT_PACKAGE=package)
    scenario = machine.folder / "scenarios" / "greets.yaml"
    scenario.write_text(scenario.read_text(encoding="utf-8").replace("good day", "good night"), encoding="utf-8")
    done = machine.sh(script, AWSIT_PACKAGE=package)
    assert done.returncode == 1
    assert "The sandbox has stopped." in done.stderr


@pytest.fixture
def git_url(tmp_path: Path) -> Iterator[str]:
    """The URL of this checkout's last commit, on a server of git."""
    subprocess.run(["git", "clone", "--quiet", "--bare", ROOT, tmp_path / "git" / "awsit.git"], check=True)
    subprocess.run(["git", "update-server-info"], cwd=tmp_path / "git" / "awsit.git", check=True)
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path / "git"))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"git+http://127.0.0.1:{server.server_port}/awsit.git"
        server.shutdown()


@pytest.mark.parametrize("source", ["wheel", "folder", "git", "name"])
def test_init_takes_over_from_where_it_was_installed(offline: Machine, wheel: Path, git_url: str, source: str) -> None:
    (offline.folder / "tools").symlink_to(ROOT)
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    version = wheel.name.split("-")[1]
    package, written = {
        "wheel": (f"./wheels/{wheel.name}[sandbox]", f"./wheels/{wheel.name}[sandbox]"),
        "folder": ("./tools[sandbox]", ""),  # it leads out of the project
        "git": (f"awsit[sandbox] @ {git_url}", f"awsit[sandbox] @ {git_url}@{head.strip()}"),
        "name": (f"awsit[sandbox]=={version}", f"awsit[sandbox]=={version}"),
    }[source]
    runner = Machine(offline.folder, {**offline.variables, "PIP_FIND_LINKS": "wheels"})
    runner.ran('rm -r .github; pip install --quiet "$AWSIT_PACKAGE"', AWSIT_PACKAGE=package)
    said = runner.ran("awsit init")
    assert f"CI installs {written}\n" in said if written else "CI does not know where to get awsit" in said

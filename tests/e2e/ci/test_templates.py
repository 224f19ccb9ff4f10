"""The shell parts of the CI templates do on the sandbox what they say."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.deployed import Deployed, deployed  # noqa: F401 - a fixture is used by its name

CI = Path(__file__).parents[3] / "ci"
BIN = Path(sys.executable).parent
FAILING = """
name: fails
actions:
  - name: Identity
    type: aws_api
    params: {service: sts, operation: get_caller_identity}
    assert: [{path: $.Account, equals: nobody}]
"""

Shell = Callable[..., "subprocess.CompletedProcess[str]"]


def template(name: str) -> Any:
    return yaml.safe_load((CI / name).read_text(encoding="utf-8"))


@pytest.fixture
def shell(deployed: Deployed, tmp_path: Path) -> Shell:  # noqa: F811
    """Run lines as a CI server does, in a project that `awsit init` made."""
    variables = {
        "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "AWSIT_STATE_FOLDER": str(deployed.info.state_folder),
        "AWSIT_SANDBOX": "true",
        "SCENARIOS": "scenarios/",
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md"),
    }

    def run(*lines: str) -> subprocess.CompletedProcess[str]:
        command = ["bash", "-eo", "pipefail", "-c", "\n".join(lines)]
        return subprocess.run(
            command, env=variables, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )

    assert run("awsit init").returncode == 0
    return run


def action_script() -> str:
    return next(step["run"] for step in template("github/action.yml")["runs"]["steps"] if step.get("id") == "run")


def test_the_action_tells_a_gate_what_came_out(shell: Shell, tmp_path: Path) -> None:
    done = shell(action_script())
    assert done.returncode == 0, done.stdout + done.stderr
    assert (tmp_path / "output").read_text(encoding="utf-8") == "status=passed\nexit-code=0\n"
    assert "first" in (tmp_path / "summary.md").read_text(encoding="utf-8")
    assert {path.name for path in (tmp_path / "awsit").iterdir()} == {"junit.xml", "report.html"}


def test_the_action_fails_when_a_scenario_does(shell: Shell, tmp_path: Path) -> None:
    (tmp_path / "scenarios" / "fails.yaml").write_text(FAILING, encoding="utf-8")
    assert shell(action_script()).returncode == 1
    assert (tmp_path / "output").read_text(encoding="utf-8") == "status=failed\nexit-code=1\n"


def test_each_output_and_input_of_the_action_is_used() -> None:
    text = (CI / "github" / "action.yml").read_text(encoding="utf-8")
    action = template("github/action.yml")
    assert [name for name in action["inputs"] if f"inputs.{name} " not in text] == []
    assert [name for name in action["outputs"] if f'echo "{name}=' not in text] == []


@pytest.mark.parametrize(
    ("name", "lines", "files"),
    [
        ("gitlab.yml", lambda found: found[".awsit"]["script"], {"junit.xml", "report.html"}),
        (
            "buildspec.yml",
            lambda found: found["phases"]["build"]["commands"],
            {"junit.xml", "report.html", "summary.md"},
        ),
    ],
)
def test_the_commands_of_a_template_pass_and_write_the_reports(
    shell: Shell, tmp_path: Path, name: str, lines: Callable[[Any], list[str]], files: set[str]
) -> None:
    done = shell(*lines(template(name)))
    assert done.returncode == 0, done.stdout + done.stderr
    assert {path.name for path in (tmp_path / "awsit").iterdir()} == files

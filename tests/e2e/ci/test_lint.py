"""What runs in CI is linted, and the check of its shell parts finds what is wrong."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CLOUDFORMATION = """
Resources:
  Project:
    Properties:
      Name: !Sub ${AWS::StackName}-tests
      BuildSpec: |
        phases: {build: {commands: ["cd $FOLDER"]}}
"""


def test_workflows_action_and_templates_are_clean() -> None:
    done = subprocess.run(
        ["make", "--no-print-directory", "workflows"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("#!/bin/sh\ncat $1\n", "SC2086"),
        ("jobs: {a: {steps: [{run: 'rm -r $FOLDER/${{ inputs.name }}'}]}}", "SC2086"),
        ("job: {script: [cd a, 'echo $(ls *.txt']}", "SC1073"),
        (CLOUDFORMATION, "SC2086"),
    ],
    ids=["script", "workflow", "jobs", "buildspec in a template"],
)
def test_a_mistake_in_the_shell_is_found(tmp_path: Path, text: str, problem: str) -> None:
    (tmp_path / "file.yml").write_text(text, encoding="utf-8")
    check = [sys.executable, str(ROOT / "scripts" / "check_shell.py"), str(tmp_path / "file.yml")]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert problem in done.stdout

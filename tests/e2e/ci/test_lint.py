"""What runs in CI is linted, and the check of its shell parts finds what is wrong."""

import re
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
    ("servers", "begins"),
    [(["vendor.github-workflows"], "name:"), (["vendor.gitlab-ci", "--data-transform", "gitlab-ci"], "include:")],
    ids=["GitHub", "GitLab"],
)
def test_the_workflows_that_the_pages_show_are_valid(tmp_path: Path, servers: list[str], begins: str) -> None:
    pages = "".join((ROOT / "docs/run" / name).read_text(encoding="utf-8") for name in ("ci.md", "parallel.md"))
    blocks = re.findall(r"^```yml\n(.*?)^```", pages, re.DOTALL | re.MULTILINE)
    assert {block.partition(" ")[0] for block in blocks} == {"name:", "include:"}
    files = [tmp_path / f"{number}.yml" for number, block in enumerate(blocks) if block.startswith(begins)]
    for number, block in enumerate(blocks):
        (tmp_path / f"{number}.yml").write_text(block, encoding="utf-8")
    check = [str(Path(sys.executable).parent / "check-jsonschema"), "--builtin-schema", *servers, *map(str, files)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("#!/bin/sh\ncat $1\n", "SC2086"),
        ("jobs: {a: {steps: [{run: 'rm -r $FOLDER/${{ inputs.name }}'}]}}", "SC2086"),
        ("job: {script: [cd a, 'echo $(ls *.txt']}", "SC1073"),
        (CLOUDFORMATION, "SC2086"),
        ("# Page\n```sh\n#!/bin/sh\ncat $1\n```\n", "SC2086"),
        ("# Page\n```yml\njob: {script: [cd $FOLDER]}\n```\n", "SC2086"),
    ],
    ids=["script", "workflow", "jobs", "buildspec in a template", "script in a page", "jobs in a page"],
)
def test_a_mistake_in_the_shell_is_found(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / ("page.md" if text.startswith("# Page") else "file.yml")
    file.write_text(text, encoding="utf-8")
    check = [sys.executable, str(ROOT / "scripts" / "check_shell.py"), str(file)]
    done = subprocess.run(check, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert problem in done.stdout

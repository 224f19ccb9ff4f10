"""What is installed holds all that the commands need beside the code."""

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).parents[2]
NEEDED = {
    "awsit/infra/template.yaml",
    "awsit/infra/suite_flow.asl.json",
    "awsit/infra/test_flow.asl.json",
    "awsit/infra/function-requirements.txt",
    "awsit/cli/drafts/files/awsit.toml",
    "awsit/cli/drafts/files/e2e.yml",
    "awsit/cli/drafts/files/first.yaml",
    "awsit/cli/drafts/files/new.yaml",
    "awsit/cli/drafts/files/suite.yaml",
}


def test_the_wheel_holds_templates_and_starting_points(tmp_path):
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    built = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=180)
    assert built.returncode == 0, built.stderr
    (wheel,) = tmp_path.glob("awsit-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    assert names >= NEEDED
    assert [name for name in names if name.startswith(("tests/", "docs/"))] == []

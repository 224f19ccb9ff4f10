"""A suite of a thousand scenarios on the sandbox, a hundred of which fail and twenty leave something behind.

`make nightly` runs it. `SUITE_SIZE` is another number of scenarios.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.deployed import Deployed
from tests.e2e.suites.test_in_account import items, scenario

SIZE = int(os.environ.get("SUITE_SIZE", "1000"))
MOST_MEMORY = 115_000_000
"""Bytes that the command may take at most."""

COMMAND = """
import atexit, pathlib
from awsit.cli.main import main
atexit.register(lambda: pathlib.Path("status").write_text(pathlib.Path("/proc/self/status").read_text()))
main()
"""
"""`awsit`, which notes how much memory it has had: what `wait4` tells counts that of the starting process too."""


def test_a_thousand_scenarios_have_the_right_verdicts_in_one_report(
    deployed: Deployed,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "scenarios"
    folder.mkdir()
    failing, leaving = set(range(3, SIZE, 10)), set(range(7, SIZE, 50))
    for number in range(SIZE):
        document = scenario(f"s{number:04}", fails=number in failing, leaves=number in leaving)
        (folder / f"s{number:04}.json").write_text(json.dumps(document), encoding="utf-8")

    files = ["--json", "report.json", "--junit", "junit.xml", "--html", "all.html"]
    with (tmp_path / "said").open("wb") as said:
        process = subprocess.run(
            [sys.executable, "-c", COMMAND, "run", "scenarios/", *files],
            cwd=tmp_path,
            env=deployed.environment(),
            stdout=said,
            stderr=said,
            check=False,
        )
    shown = (tmp_path / "said").read_text(encoding="utf-8")
    results = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))

    assert process.returncode == 1, shown
    assert f"the account makes {SIZE} runs by itself" in shown
    assert [each["scenario"] for each in results] == [f"s{number:04}" for number in range(SIZE)]
    assert {n for n, each in enumerate(results) if each["status"] == "failed"} == failing
    assert {n for n, each in enumerate(results) if each["cleanup"]["verdict"] == "left_behind"} == leaving
    assert {each["status"] for each in results} == {"passed", "failed"}
    assert (tmp_path / "junit.xml").read_text(encoding="utf-8").count("<testcase") == SIZE
    assert items(deployed) == []
    assert most_memory(tmp_path / "status") < MOST_MEMORY


def most_memory(status: Path) -> int:
    """The bytes that a process has had at most, by its status (proc(5), `VmHWM`)."""
    kilobytes = next(line.split()[1] for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(kilobytes) * 1024

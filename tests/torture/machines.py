"""A machine that runs scenarios by the local engine, for trials of what may be wrong with it.

Each run makes things at a service that keeps count; what it holds afterwards was left behind.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.torture.things import Things

Action = dict[str, Any]
AWSIT = Path(sys.executable).with_name("awsit")
MAKES = 2
"""How many things a run makes."""


class Project:
    """A folder with a scenario that makes things at a service, and the command line in it."""

    def __init__(self, folder: Path, things: Things) -> None:
        self.folder = folder
        self.things = things
        self.state = folder / ".awsit"
        self.environment = {"PATH": os.environ["PATH"], "HOME": str(folder), "LANG": "C.UTF-8"}
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "awsit.toml").touch()
        self.write("make")

    def write(self, name: str, *more: Action) -> None:
        """Write a scenario that makes things, and then does `more`."""
        document = {"name": name, "timeout_seconds": 60, "actions": [*makes(self.things.url), *more]}
        (self.folder / f"{name}.json").write_text(json.dumps(document), encoding="utf-8")

    def shell(self, line: str, *, limit: float = 60) -> subprocess.CompletedProcess[str]:
        """Run a line of bash in which `$AWSIT` is the command; returns its output and exit code."""
        environment = {**self.environment, "AWSIT": str(AWSIT)}
        command = ["bash", "-o", "pipefail", "-c", line]
        return subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, timeout=limit, check=False
        )

    def reports(self) -> list[Path]:
        """The reports of runs."""
        return sorted((self.state / "reports").glob("run-*.json"))

    def journals(self) -> list[Path]:
        """The journals of runs that may have left something."""
        return sorted((self.state / "journal").glob("run-*.jsonl"))


def makes(url: str) -> list[Action]:
    """Actions that make a thing each, and remove it."""

    def call(name: str, method: str, path: str) -> Action:
        return {"name": name, "type": "http_call", "params": {"url": f"{url}{path}", "method": method}}

    def make(name: str) -> Action:
        drop = call(f"Drop_{name}", "DELETE", f"/things/{{{{ run.id }}}}-{name}")
        return {**call(f"Make_{name}", "POST", f"/things?name={{{{ run.id }}}}-{name}"), "cleanup": [drop]}

    return [make(f"thing{number}") for number in range(MAKES)]


def killed(project: Project) -> Path:
    """The journal of a run that was killed when it had made its things."""
    project.write("killed", {"name": "Pause", "type": "wait", "params": {"seconds": 60}})
    command = [AWSIT, "run", "killed.json", "--quiet"]
    with subprocess.Popen(command, cwd=project.folder, env=project.environment) as process:
        deadline = time.monotonic() + 30
        while len(project.things.names) < MAKES or b'"index":2' not in project.journals()[0].read_bytes():
            assert time.monotonic() < deadline, "the run made nothing"
            time.sleep(0.02)
        process.kill()
    (journal,) = project.journals()
    return journal

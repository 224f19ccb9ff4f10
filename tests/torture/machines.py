"""What is done to a machine that runs scenarios by the local engine: nobody reads its output, its disk is full, ...

Each run makes things at a service that keeps count; what it holds afterwards was left behind.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.torture.things import Things

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
        self.write("make", scenario(things.url))

    def write(self, name: str, document: dict[str, object]) -> None:
        """Write a scenario."""
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


def scenario(url: str, names: Sequence[str] = ("a", "b")) -> dict[str, object]:
    """A scenario that makes a thing of each name, and removes it."""

    def call(name: str, method: str, path: str) -> dict[str, object]:
        return {"name": name, "type": "http_call", "params": {"url": f"{url}{path}", "method": method}}

    def make(name: str) -> dict[str, object]:
        drop = call(f"Drop_{name}", "DELETE", f"/things/{{{{ run.id }}}}-{name}")
        return {**call(f"Make_{name}", "POST", f"/things?name={{{{ run.id }}}}-{name}"), "cleanup": [drop]}

    return {"name": "make", "actions": [make(name) for name in names]}

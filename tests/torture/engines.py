"""What is done to the local engine: faults on its AWS calls, and the end of its process at any moment."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from pathlib import Path

from tests.torture.faults import faulty, mixture
from tests.torture.ground import Ground, Tally, scenario
from tests.torture.trials import each

from awsit.model.codec import decode
from awsit.model.json import dumps, loads
from awsit.model.result import RunResult
from awsit.sandbox.info import client_environment

AWSIT = Path(sys.executable).with_name("awsit")


class Machine:
    """A project's folder, and the command line in it."""

    def __init__(self, ground: Ground, name: str, endpoint_url: str = "") -> None:
        self.state = ground.made.sandbox.state_folder / name
        self.state.mkdir()
        self.file = self.state / "torture.json"
        self.file.write_text(dumps(scenario(0.3)), encoding="utf-8")
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.state),
            "AWSIT_STATE_FOLDER": str(self.state),
            **client_environment(ground.made.sandbox),
            "AWS_ENDPOINT_URL": endpoint_url or ground.made.sandbox.endpoint_url,
        }

    def awsit(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        command = [AWSIT, *map(str, arguments)]
        return subprocess.run(
            command, env=self.environment, capture_output=True, text=True, timeout=180, check=False, cwd=self.state
        )

    def killed(self, row: str, after: float) -> None:
        """Begin a run, and kill its process some seconds after its first word."""
        command = [AWSIT, "run", self.file, "--engine", "local", "--var", f"row={row}"]
        with subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=self.state
        ) as process:
            assert process.stdout is not None
            process.stdout.readline()
            time.sleep(after)
            process.kill()
            process.stdout.read()

    def runs(self) -> set[str]:
        """The runs that are known here."""
        found = [*(self.state / "journal").glob("run-*.jsonl"), *(self.state / "reports").glob("run-*.json")]
        return {path.stem for path in found}

    def report(self, run_id: str) -> RunResult | None:
        """The report of a run."""
        path = self.state / "reports" / f"{run_id}.json"
        return decode(RunResult, loads(path.read_text(encoding="utf-8"))) if path.is_file() else None

    def journal(self, run_id: str) -> bool:
        """Whether a run's journal is still there."""
        return (self.state / "journal" / f"{run_id}.jsonl").exists()


def dead_engines(ground: Ground, runs: int, seed: int) -> Tally:
    """The local engine's process killed at a random moment; then `awsit cleanup --all`."""
    tally, moments = Tally("killed local engines"), random.Random(seed)
    machine = Machine(ground, "killed")
    with ground.unchanged(tally, runs) as rows:
        for row in rows:
            known = machine.runs()
            machine.killed(row, moments.uniform(0, 0.9))
            cleaned = machine.awsit("cleanup", "--all")
            if cleaned.returncode:
                tally.notes.append(cleaned.stderr)
            for run_id in machine.runs() - known or {""}:
                _judge(tally, machine, run_id)
    return tally


def _judge(tally: Tally, machine: Machine, run_id: str) -> None:
    """A run that had begun must have a report and no journal; one that had not left nothing to tell."""
    if not run_id:
        tally.count_as("not begun")
        return
    tally.count(machine.report(run_id))
    if machine.journal(run_id):
        tally.notes.append(f"the journal of {run_id} is still there")


def local_faults(ground: Ground, runs: int, _seed: int, *, rate: float = 0.25, at_once: int = 2) -> Tally:
    """Faults on the AWS calls of `awsit run --engine local`; then `awsit cleanup --all` without any."""
    tally = Tally("faults, local engine")
    with ground.unchanged(tally, runs) as rows, faulty(ground.made.sandbox.endpoint_url, mixture(rate)) as proxy:
        machine = Machine(ground, "faulty", proxy.url)

        def whole(row: str) -> None:
            done = machine.awsit("run", machine.file, "--engine", "local", "--var", f"row={row}", "--json")
            tally.count(decode(RunResult, loads(done.stdout)) if done.stdout else None)
            if done.returncode not in {0, 1, 4, 5} or "Traceback" in done.stderr:
                tally.notes.append(f"exit {done.returncode}: {done.stderr[-500:]}")

        each(whole, rows, at_once)
        tally.notes.append(f"{proxy.faults} faults on {proxy.calls} calls")
        proxy.inject(())
        machine.awsit("cleanup", "--all")
    return tally

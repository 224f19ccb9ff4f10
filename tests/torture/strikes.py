"""The trials of machines where something is wrong: each run is the command line's, by the local engine.

After each, the service must hold nothing, or `awsit cleanup --all` must have said what.
"""

from __future__ import annotations

import random
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.torture.ground import Ground, Tally
from tests.torture.machines import Project, killed
from tests.torture.things import serving

LOST_OUTPUTS = ("| head -1", "> /dev/full", ">&-", "2>&-", "--json | head -c 1", "--json > /dev/full", "<&- >&- 2>&-")
HANGING_RESOLVER = """
import socket, time
real = socket.getaddrinfo
def look_up(host, *arguments, **options):
    if str(host).endswith(".test"):
        time.sleep(30)
    return real(host, *arguments, **options)
socket.getaddrinfo = look_up
"""
FAKETIME = next(Path("/usr/lib").glob("**/faketime/libfaketime.so.1"), None)
"""Sets the wall clock of one process, where it is installed."""
POLL = {
    "name": "Poll",
    "type": "http_call",
    "until": {"assert": [{"path": "$.status", "equals": 200}], "timeout_seconds": 2, "interval_seconds": 0.2},
}
MachineTrial = Callable[[Ground | None, int, int], Tally]
Strike = Callable[[Project, random.Random], str]
"""Does something to one run, and returns what came of it, in a word or two."""


def lost_output(_: Ground | None, runs: int, seed: int) -> Tally:
    """Runs whose output nobody takes."""

    def strike(project: Project, chosen: random.Random) -> str:
        return _end(project.shell(f"$AWSIT run make.json {chosen.choice(LOST_OUTPUTS)}"))

    return _struck("lost output", runs, seed, strike)


def full_disk(_: Ground | None, runs: int, seed: int) -> Tally:
    """Runs on a disk that takes no more from some moment on."""

    def strike(project: Project, chosen: random.Random) -> str:
        project.environment["PYTHONDONTWRITEBYTECODE"] = "1"  # Python would keep half a module
        line = f"ulimit -f {chosen.randint(0, 7)}; $AWSIT run make.json --json out.json"
        return _end(project.shell(line))

    return _struck("full disk", runs, seed, strike)


def few_descriptors(_: Ground | None, runs: int, seed: int) -> Tally:
    """One suite of so many runs, which may open few files."""

    def strike(project: Project, _: random.Random) -> str:
        line = f"ulimit -n 32; $AWSIT run make.json --quiet --repeat {min(runs, 1000)}"
        return _end(project.shell(line, limit=600))

    return _struck("few descriptors", 1, seed, strike)


def set_clock(_: Ground | None, runs: int, seed: int) -> Tally:
    """Runs in which the wall clock is set, forward or back, while they poll; they end within seconds."""
    if FAKETIME is None:
        return Tally("set clock", runs=1, verdicts={"left out: no libfaketime": 1})

    def strike(project: Project, chosen: random.Random) -> str:
        clock = project.folder / "clock"
        clock.write_text("+0")
        url = f"{project.things.url}/things/none"
        project.write("poll", {**POLL, "params": {"url": url, "expected_status": 404}})
        project.environment |= {"LD_PRELOAD": str(FAKETIME), "FAKETIME_TIMESTAMP_FILE": str(clock)}
        project.environment |= {"FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        setting = f"(sleep {chosen.uniform(0.8, 2):.1f}; echo {chosen.choice((-3, 3)):+}h > clock) &"
        return _end(project.shell(f"{setting} timeout 30 $AWSIT run poll.json"))

    return _struck("set clock", runs, seed, strike)


def dead_resolver(_: Ground | None, runs: int, seed: int) -> Tally:
    """Runs whose next host is never resolved; they end within their time-outs."""

    def strike(project: Project, _: random.Random) -> str:
        (project.folder / "sitecustomize.py").write_text(HANGING_RESOLVER)
        project.environment["PYTHONPATH"] = str(project.folder)
        lost = {"name": "Lost", "type": "http_call", "timeout_seconds": 0.5, "params": {"url": "http://slow.test/"}}
        project.write("lost", lost)
        return _end(project.shell("timeout 20 $AWSIT run lost.json"))

    return _struck("dead resolver", runs, seed, strike)


def damaged_journals(_: Ground | None, runs: int, seed: int) -> Tally:
    """Runs that are killed, and a bit of whose journal changes then; what is left must be told."""

    def strike(project: Project, chosen: random.Random) -> str:
        journal = killed(project)
        content = bytearray(journal.read_bytes())
        content[chosen.randrange(len(content))] ^= 1 << chosen.randrange(8)
        journal.write_bytes(content)
        done = project.shell("$AWSIT cleanup --all")
        is_told = "damaged" in " ".join(done.stdout.split()) and journal.exists()
        if is_told:
            project.things.names.clear()
        return "told" if is_told else "not told"

    return _struck("damaged journals", runs, seed, strike)


def _struck(name: str, runs: int, seed: int, strike: Strike) -> Tally:
    """What came of so many runs, each in a project of its own; what the service holds after one was left behind."""
    tally, chosen, start = Tally(name), random.Random(seed), time.monotonic()
    with serving() as things, tempfile.TemporaryDirectory() as folder:
        for number in range(runs):
            verdict = strike(Project(Path(folder) / str(number), things), chosen)
            tally.count_as(verdict)
            tally.items_left += len(things.names)
            tally.harmed += verdict in {"traceback", "exit 70", "exit 124"}
            things.names.clear()
    tally.seconds = time.monotonic() - start
    return tally


def _end(done: subprocess.CompletedProcess[str]) -> str:
    """How a command ended."""
    is_raw = "Traceback" in done.stderr or "Exception ignored" in done.stderr
    return "traceback" if is_raw else f"exit {done.returncode}"

"""The CPU time, wall time and memory of whole suites of HTTP steps: awsit, its peers, and the bare requests.

    .venv/bin/python benchmarks/peers.py [--rounds N] [--large] [--tavern] [--only SIZE] [--keep]

A suite is scenarios that create an order, read it and delete it, against a server of its own process. The programs
take turns, so that a busy machine slows all of them; a run counts only when it ended well, when the server saw exactly
its requests, and when no order was left there. Peers are installed from PyPI into build/peers, the first time.
`--large` adds the suite of 10,000 scenarios, `--keep` writes the medians to docs/performance.json, from which
`make docs` makes the table of docs/run/performance.md.
"""

import argparse
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

from environment import ENVIRONMENT
from orders import suites

HERE = Path(__file__).parent
RESULTS = HERE.parent / "docs" / "performance.json"
PEERS = HERE.parent / "build" / "peers"
WORK = HERE.parent / "build" / "benchmark" / "peers"
AWSIT = str(Path(sys.executable).with_name("awsit"))
PACKAGES = [
    "requests==2.34.2",
    "robotframework==7.5",
    "robotframework-requests==0.9.7",
    "urllib3==2.8.0",
    "uvicorn[standard]==0.54.0",
]
TAVERN = ["pytest<9", "tavern>=3"]
NO_FILES = ["--output", "NONE", "--log", "NONE", "--report", "NONE"]
SECONDS_TO_START = 20


@dataclass(frozen=True)
class Size:
    """A suite: so many scenarios, each of two steps and so many reads."""

    scenarios: int
    steps: int
    programs: tuple[str, ...]

    @property
    def name(self) -> str:
        """As the results have it: scenarios times steps."""
        return f"{self.scenarios}x{self.steps}"


SIZES = [
    Size(1, 2, ("robot", "awsit")),
    Size(100, 10, ("floor", "robot", "awsit", "awsit -j 2")),
    Size(1, 1000, ("floor", "awsit")),
    Size(1000, 10, ("floor", "awsit", "awsit -j 2")),
]
LARGE = Size(10_000, 10, ("floor", "awsit"))


@dataclass
class Measured:
    """What a program took for a suite, one value a round."""

    cpu_seconds: list[float] = field(default_factory=list)
    wall_seconds: list[float] = field(default_factory=list)
    memory_mb: list[float] = field(default_factory=list)


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    for flag in ("--large", "--tavern", "--keep"):
        parser.add_argument(flag, action="store_true")
    options = parser.parse_args(arguments)
    install(PACKAGES + (TAVERN if options.tavern else []))
    sizes = [*SIZES, LARGE] if options.large else SIZES
    with target() as base:
        results = {
            size.name: measure(with_tavern(size) if options.tavern else size, base, options.rounds)
            for size in sizes
            if options.only in ("", size.name)
        }
    report(results)
    if options.keep:
        RESULTS.write_text(json.dumps(results, indent=2) + "\n")


def install(packages: list[str]) -> None:
    if not PEERS.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS)], check=True)
    pip = [str(PEERS / "bin" / "python"), "-m", "pip", "install", "-qq", "--disable-pip-version-check", *packages]
    subprocess.run(pip, check=True)


def with_tavern(size: Size) -> Size:
    return Size(size.scenarios, size.steps, (*size.programs, "tavern")) if "robot" in size.programs else size


@contextmanager
def target() -> Iterator[str]:
    """The base URL of the server, which is stopped at the end of the block."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    base = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([PEERS / "bin" / "python", HERE / "orders" / "target.py", str(port)])
    try:
        deadline = time.monotonic() + SECONDS_TO_START
        while not answers(base):
            if time.monotonic() > deadline:
                sys.exit(f"{base} did not answer within {SECONDS_TO_START} s")
            time.sleep(0.05)
        yield base
    finally:
        server.terminate()
        server.wait()


def answers(base: str) -> bool:
    try:
        return bool(counted(base))
    except OSError:
        return False


def counted(base: str) -> dict[str, int]:
    with urllib.request.urlopen(f"{base}/count") as response:
        return json.load(response)


def measure(size: Size, base: str, rounds: int) -> dict[str, dict[str, float]]:
    """The medians of each program."""
    shutil.rmtree(WORK, ignore_errors=True)
    for program in {name.split()[0] for name in size.programs} - {"floor"}:
        WRITERS[program](WORK / program, base, size.scenarios, size.steps - 2)
    (WORK / "project").mkdir(parents=True, exist_ok=True)
    measured = {program: Measured() for program in size.programs}
    for program in measured:
        run(program, size, base, Measured())  # warm up: byte code, disk cache
    for _ in range(rounds):
        for program, values in measured.items():
            run(program, size, base, values)
    print(f"{size.name} done", file=sys.stderr)
    return {
        program: {name: round(statistics.median(numbers), 3) for name, numbers in asdict(values).items()}
        for program, values in measured.items()
    }


def run(program: str, size: Size, base: str, values: Measured) -> None:
    """Run a program once, with an empty cache of the user, and add what it took."""
    before, began = counted(base), time.perf_counter()
    with (WORK / "output.txt").open("w") as output, TemporaryDirectory() as cache:
        process = subprocess.Popen(
            command(program, size, base),
            cwd=WORK / "project",
            env={**ENVIRONMENT, "XDG_CACHE_HOME": cache},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
        _, status, usage = os.wait4(process.pid, 0)
    took, after = time.perf_counter() - began, counted(base)
    process.returncode = os.waitstatus_to_exitcode(status)
    requests = after["requests"] - before["requests"]
    if process.returncode or requests != size.scenarios * size.steps or after["orders"]:
        text = (WORK / "output.txt").read_text()[-1000:]
        sys.exit(f"{program}: exit code {process.returncode}, {requests} requests, {after['orders']} left\n{text}")
    values.cpu_seconds.append(usage.ru_utime + usage.ru_stime)
    values.wall_seconds.append(took)
    values.memory_mb.append(usage.ru_maxrss / 1024)


def command(program: str, size: Size, base: str) -> list[str]:
    folder = str(WORK / program.split(maxsplit=1)[0])
    if program == "floor":
        reads = str(size.steps - 2)
        return [python_of_peers(), str(HERE / "orders" / "floor.py"), base, str(size.scenarios), reads]
    if program == "robot":
        return [python_of_peers(), "-m", "robot", *NO_FILES, folder]
    if program == "tavern":
        return [python_of_peers(), "-m", "pytest", "-q", "-p", "no:cacheprovider", folder]
    return [AWSIT, "run", "--engine", "local", *program.split()[1:], folder]


def python_of_peers() -> str:
    return str(PEERS / "bin" / "python")


WRITERS: dict[str, Callable[[Path, str, int, int], None]] = {
    "awsit": suites.awsit,
    "robot": suites.robot,
    "tavern": suites.tavern,
}


def report(results: dict[str, dict[str, dict[str, float]]]) -> None:
    for size, programs in results.items():
        baseline = next(iter(programs))
        print(f"{size} steps, medians; ratios to {baseline}")
        for program, values in programs.items():
            cpu, wall = (values[name] / programs[baseline][name] for name in ("cpu_seconds", "wall_seconds"))
            print(
                f"  {program:<11} CPU {values['cpu_seconds']:7.2f} s {cpu:6.2f}x   "
                f"wall {values['wall_seconds']:7.2f} s {wall:6.2f}x   {values['memory_mb']:5.0f} MB"
            )


if __name__ == "__main__":
    main(sys.argv[1:])

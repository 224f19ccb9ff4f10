"""The CPU time of `awsit --version` and `--help`, compared with `import click`; of the function, with `import boto3`.

A worker of Lambda does not end, so the end of the processes that import these two is not counted.

    .venv/bin/python benchmarks/startup.py [rounds]

Those of a group take turns, so that a busy machine slows all of them. Prints medians and ratios; the goals are 1.5 for
the command line and 1.3 for the function. What a run from cold takes, beside Robot Framework, is the smallest suite of
`benchmarks/peers.py`.
"""

import resource
import statistics
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from environment import ENVIRONMENT

AWSIT = str(Path(sys.executable).with_name("awsit"))


def importing(module: str, then: str = "") -> list[str]:
    return [sys.executable, "-c", f"import {module}; {then}"]


def started(module: str) -> list[str]:
    return importing(module, "import os; os._exit(0)")


GROUPS: Mapping[str, Mapping[str, Sequence[str]]] = {
    "start-up": {
        "import click": importing("click"),
        "awsit --version": [AWSIT, "--version"],
        "awsit --help": [AWSIT, "--help"],
    },
    "the function": {
        "import boto3": started("boto3"),
        "import its handler": started("awsit.lambdas.atomic_invoker"),
    },
}
"""Commands by name; the first of a group is what the others are compared with."""


def main(rounds: int) -> None:
    for title, commands in GROUPS.items():
        for command in commands.values():
            cpu_seconds(command)  # warm up: byte code, disk cache
        times: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                times[name].append(cpu_seconds(command))
        baseline = statistics.median(next(iter(times.values())))
        print(f"{title}, CPU time, median of {rounds}")
        for name, durations in times.items():
            median = statistics.median(durations)
            print(f"  {name:<18} {median * 1000:6.1f} ms   {median / baseline:.2f}x")


def cpu_seconds(command: Sequence[str]) -> float:
    """The CPU time of a command and its children."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=ENVIRONMENT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 21)

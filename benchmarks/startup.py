"""The time of `awsit --version` and `--help`, compared with `python -c "import click"`.

    .venv/bin/python benchmarks/startup.py [rounds]

The three take turns, so that a busy machine slows all of them. Prints medians and ratios; the goal is 1.5. What a run
from cold takes, beside Robot Framework, is the smallest suite of `benchmarks/peers.py`.
"""

import statistics
import subprocess
import sys
import time
from pathlib import Path

AWSIT = str(Path(sys.executable).with_name("awsit"))
BASELINE = "import click"
COMMANDS = {
    BASELINE: [sys.executable, "-c", "import click"],
    "awsit --version": [AWSIT, "--version"],
    "awsit --help": [AWSIT, "--help"],
}


def main(rounds: int) -> None:
    for command in COMMANDS.values():
        seconds(command)  # warm up: byte code, disk cache
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, command in COMMANDS.items():
            times[name].append(seconds(command))
    baseline = statistics.median(times[BASELINE])
    print(f"start-up, median of {rounds}")
    for name, durations in times.items():
        median = statistics.median(durations)
        print(f"  {name:<16} {median * 1000:6.1f} ms   {median / baseline:.2f}x")


def seconds(command: list[str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 21)

"""`make torture`: does to runs whatever may happen to them, and prints what came of it.

Exits with 0 when nothing was left, lost or harmed.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from tests.deployed import ORDERS, sandboxed
from tests.torture import engines, refusals, strikes, suites, trials
from tests.torture.ground import Ground, Tally

TRIALS: dict[str, tuple[trials.Trial, int]] = {
    "faults": (trials.faults, 300),
    "local-faults": (engines.local_faults, 50),
    "stops": (trials.stops, 50),
    "workers": (trials.dead_workers, 50),
    "engines": (engines.dead_engines, 100),
    "at-once": (trials.at_once, 50),
    "suites": (suites.dead_suites, 20),
    "refusals": (refusals.refusals, 150),
    "lost-output": (strikes.lost_output, 30),
    "full-disk": (strikes.full_disk, 40),
    "descriptors": (strikes.few_descriptors, 1000),
    "clock": (strikes.set_clock, 10),
    "resolver": (strikes.dead_resolver, 10),
    "journals": (strikes.damaged_journals, 60),
}
MOST_REASONS = 8
HEAD = f"{'trial':<22}{'runs':>6}{'left':>6}{'lost':>6}{'harmed':>8}{'seconds':>9}  verdicts"


def main() -> int:
    """Run the trials that have a count above 0, and print the table."""
    parser = argparse.ArgumentParser(prog="torture", description=__doc__)
    for name, (_, count) in TRIALS.items():
        parser.add_argument(f"--{name}", type=int, default=count, metavar="RUNS", help=f"default {count}")
    parser.add_argument("--seed", type=int, default=1, help="of the random moments and faults; default 1")
    given = parser.parse_args()
    tallies = []
    with tempfile.TemporaryDirectory() as folder, sandboxed(Path(folder) / "sandbox") as made:
        made.install("orders", ORDERS / "template.yaml")
        ground = Ground(made)
        print(HEAD, flush=True)
        for name, (trial, _) in TRIALS.items():
            count = getattr(given, name.replace("-", "_"))
            if count:
                tallies.append(trial(ground, count, given.seed))
                _print(tallies[-1])
    return 0 if all(tally.is_good for tally in tallies) else 1


def _print(tally: Tally) -> None:
    verdicts = ", ".join(f"{count} {verdict}" for verdict, count in sorted(tally.verdicts.items()))
    numbers = f"{tally.runs:>6}{tally.items_left:>6}{tally.results_lost:>6}{tally.harmed:>8}{tally.seconds:>9.0f}"
    print(f"{tally.name:<22}{numbers}  {verdicts}")
    for note in (*tally.notes, *tally.reasons[:MOST_REASONS]):
        print(f"{'':<22}  {note}")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())

"""`make attack`: gives each payload of the corpus to awsit, in a process with limits, and prints what held.

Exits with 0 when all held, and with 1 when one fell.
"""

from __future__ import annotations

import argparse
import importlib
import pkgutil
import sys
import time
from collections.abc import Sequence

from tests.attack.corpus import CLASSES
from tests.attack.limits import Outcome, machine_slowness, strike
from tests.attack.payload import Payload

import awsit

HEAD = f"{'class':<24}{'tried':>7}{'held':>7}{'fell':>6}{'most CPU':>11}{'most memory':>14}{'seconds':>9}"

_LONGEST = 600


def main() -> int:
    """Give the classes that are named to awsit, all by default, and print the table."""
    parser = argparse.ArgumentParser(prog="attack", description=__doc__)
    parser.add_argument("classes", nargs="*", metavar="CLASS", help=f"of {', '.join(CLASSES)}; default: all")
    parser.add_argument("--each", type=int, metavar="N", help="N payloads of each class, which are always the same")
    chosen = parser.parse_args()
    unknown = set(chosen.classes) - set(CLASSES)
    if unknown:
        parser.error(f"there is no class {', '.join(sorted(unknown))}")
    _import_all()
    print(HEAD, flush=True)
    tried = fell = 0
    for name in chosen.classes or CLASSES:
        outcomes = _row(name, spread([*CLASSES[name]()], chosen.each))
        tried, fell = tried + len(outcomes), fell + sum(1 for each in outcomes if each.fell)
    print(f"{'all':<24}{tried:>7}{tried - fell:>7}{fell:>6}")
    return 1 if fell else 0


def _import_all() -> None:
    """What awsit imports when it needs it, so that it is no part of what a payload takes."""
    needed = ("jsonschema", "openapi_core", "regex", "rich.table", "rich.progress", "rich.traceback", "yaml")
    packages = pkgutil.walk_packages(awsit.__path__, "awsit.")
    for name in (*needed, *(each.name for each in packages if each.name != "awsit.__main__")):
        importlib.import_module(name)


def spread(payloads: Sequence[Payload], most: int | None) -> Sequence[Payload]:
    """As many payloads at most, from all parts of the class."""
    if most is None or len(payloads) <= most:
        return payloads
    return [payloads[index * len(payloads) // most] for index in range(most)]


def _row(name: str, payloads: Sequence[Payload]) -> list[Outcome]:
    began = time.monotonic()
    slowness = machine_slowness()
    outcomes = [strike(each, slowness) for each in payloads]
    fallen = [(payload, outcome) for payload, outcome in zip(payloads, outcomes, strict=True) if outcome.fell]
    seconds = max((each.seconds for each in outcomes), default=0)
    memory = max((each.mebibytes for each in outcomes), default=0)
    numbers = f"{len(payloads):>7}{len(payloads) - len(fallen):>7}{len(fallen):>6}{seconds:>9.1f} s{memory:>10.0f} MiB"
    print(f"{name:<24}{numbers}{time.monotonic() - began:>9.0f}")
    for payload, outcome in fallen:
        print(f"  {payload.name!r} fell: {outcome.fell[:_LONGEST]}")
    sys.stdout.flush()
    return outcomes


if __name__ == "__main__":
    sys.exit(main())

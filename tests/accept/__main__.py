"""`make accept`: deploys awsit to a fresh stack in your account, tries it there, removes everything, prints a table.

It asks before it begins. It runs the main job and holds events and transitions of each execution to `awsit plan`; the
conformance scenarios that need no server of this machine, on both engines; executions that are stopped; runs at once.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.accept.place import Place, account, deployed, emulated
from tests.conformance.cases import Case, all_cases
from tests.conformance.comparing import comparable, difference
from tests.conformance.world import STACK, World, filled
from tests.deployed import ORDERS, Deployed
from tests.torture import trials
from tests.torture.ground import Ground, Tally

from awsit.aws.client.clients import AwsClients
from awsit.aws.installation import from_stack
from awsit.aws.stacks import CloudFormationStacks
from awsit.scenario.compile.compile import needed_env

ALL = 1_000_000
EXAMPLES = sorted((ORDERS / "scenarios").glob("*.yaml"))


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    what: str
    tried: int
    problems: list[str]


def main(arguments: list[str] | None = None) -> int:
    """Try it and print the table; 0 when nothing was wrong."""
    options = _options(arguments)
    where = emulated if options.sandbox else account
    with tempfile.TemporaryDirectory() as folder, where(Path(folder)) as place:
        if not (options.sandbox or options.yes or _is_wanted(place.aws)):
            return 2
        with deployed(place):
            made = Deployed(None, place.aws, from_stack(place.aws, place.stack))
            return _print(list(_lines(place, made, options)))


def _lines(place: Place, made: Deployed, options: argparse.Namespace) -> Iterator[Line]:
    yield main_job(place, EXAMPLES[: options.examples])
    yield conformance(made, options.conformance)
    for trial in (trials.stops, trials.at_once):
        with _ground(made) as ground:
            yield _line(trial(ground, options.runs, 7))


def _is_wanted(aws: AwsClients) -> bool:
    question = f"Make three stacks in account {aws.account}, {aws.region}, and remove them again? [y/N] "
    return input(question).strip().lower() == "y"


def main_job(place: Place, files: list[Path]) -> Line:
    """Run examples by the command line; each execution has the events and transitions that its plan counts."""
    problems = []
    for file in files:
        planned = json.loads(place.awsit("plan", file, "--json"))["execution"]
        report = json.loads(place.awsit("run", file, "--stack", place.stack, "--json", code=None))
        if report["status"] != ("failed" if "on_purpose" in file.stem else "passed"):
            problems.append(f"{file.stem}: {report['status']} {report['error']}")
        events = list(_history(place.aws, report["execution_arn"]))
        entered = sum(each["type"].endswith("StateEntered") for each in events)
        for name, count in (("events", len(events)), ("transitions", entered)):
            exactly = _is_quiet(report) and not place.is_emulated  # whose histories leave out what is inside of a Map
            if count > planned[name]["worst"] or (exactly and count != planned[name]["best"]):
                problems.append(f"{file.stem}: {count} {name}, planned were {planned[name]}")
    return Line("main job", len(files), problems)


def conformance(made: Deployed, most: int) -> Line:
    """Scenarios that need nothing of this machine, on both engines: one report, as expected, nothing left."""
    cases = [case for case in all_cases() if not needed_env(case.document)][:most]
    outputs = dict(CloudFormationStacks(made.aws).outputs(STACK))
    with filled(made, outputs["Bucket"]):
        ran = World(made, {}, outputs).run_all(cases)
        return Line("conformance", len(cases), [each for case in cases for each in _wrong(case, ran[case.name])])


def _wrong(case: Case, ran: dict[str, Any]) -> Iterator[str]:
    reports = [ran[way].result().report for way in ("local", "remote") if way in ran]
    exactly = not case.expected.polls
    first, *others = [comparable(case.document, each, every_attempt=exactly) for each in reports]
    mistakes = [each for report in reports for each in case.expected.mistakes(report)]
    for each in (*mistakes, *(difference(first, other) for other in others)):
        if each:
            yield f"{case.name}: {each}"


@contextmanager
def _ground(made: Deployed) -> Iterator[Ground]:
    ground = Ground(made, f"awsit-accept-{made.aws.account}-{made.aws.region}")
    try:
        yield ground
    finally:
        ground.remove()


def _line(tally: Tally) -> Line:
    if tally.is_good:
        return Line(tally.name, tally.runs, [])
    counts = f"left {tally.items_left}, lost {tally.results_lost}, harmed {tally.harmed}"
    return Line(tally.name, tally.runs, [counts, *tally.notes, *tally.reasons])


def _history(aws: AwsClients, arn: str) -> Iterator[dict[str, Any]]:
    pages = aws.client("stepfunctions").get_paginator("get_execution_history").paginate(executionArn=arn)
    for page in pages:
        yield from page["events"]


def _is_quiet(report: Any) -> bool:
    steps = [*report["steps"], *report["cleanup"]["steps"]]
    return report["status"] == "passed" and all(
        each["status"] == "passed" and len(each["attempts"]) == 1 for each in steps
    )


def _print(lines: list[Line]) -> int:
    print(f"{'':<24}{'tried':>6}{'wrong':>7}")
    for line in lines:
        print(f"{line.what:<24}{line.tried:>6}{len(line.problems):>7}")
        for problem in line.problems:
            print(f"{'':<24}  {problem}")
    return 1 if any(line.problems for line in lines) else 0


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="accept", description=__doc__)
    parser.add_argument("--examples", type=int, default=ALL, help="how many of the example scenarios; default all")
    parser.add_argument("--conformance", type=int, default=ALL, help="how many of these; default all")
    parser.add_argument("--runs", type=int, default=20, help="how many are stopped, and run at once; default 20")
    parser.add_argument("--sandbox", action="store_true", help="try a sandbox of its own, not an account")
    parser.add_argument("--yes", action="store_true", help="do not ask")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())

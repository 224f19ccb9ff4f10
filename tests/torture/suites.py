"""Suites in the account with a setup, whose command, runs, setup or own execution is killed at a random moment."""

from __future__ import annotations

import json
import random
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.e2e.suites.test_in_account import AWSIT, items, scenario, setup
from tests.torture.ground import Ground, Tally

from awsit.aws.suites.follower import SuiteFollower
from awsit.errors import AwsitError
from awsit.model.result import RunResult, RunStatus
from awsit.system.clock import SystemClock

RUNS = 4
LONGEST_MOMENT = 6.0
"""Seconds after the suite was told of in which the last kill comes; a suite takes about as long."""
LONGEST_END = 420.0
"""Seconds after which the sweep, which comes every five minutes, has ended what nobody else has."""
VICTIMS = ("command", "run", "suite", "command and run", "command and suite")


def dead_suites(ground: Ground, suites: int, seed: int) -> Tally:
    """Kill something of each suite. Its report must have every run then, and the table nothing."""
    tally, chosen, start = Tally("suites, killed"), random.Random(seed), time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        for number in range(suites):
            project = _project(Path(folder) / str(number))
            victim = chosen.choice(VICTIMS)
            results = _killed(ground, project, victim, chosen.uniform(0, LONGEST_MOMENT))
            for result in results:
                tally.count(result)
                tally.items_left += len(result.cleanup.left_behind)
            tally.results_lost += 0 if not results else RUNS + 1 - len(results)
            tally.results_lost += sum(result.status is RunStatus.RUNNING for result in results)
            tally.items_left += len(items(ground.made))
            tally.notes.append(f"{victim}: {len(results)} results")
    tally.seconds = time.monotonic() - start
    return tally


def _project(folder: Path) -> Path:
    scenarios = folder / "scenarios"
    scenarios.mkdir(parents=True)
    (scenarios / "suite.yaml").write_text(json.dumps(setup()), encoding="utf-8")
    for number in range(RUNS):
        document = scenario(f"s{number}", kind="{{ suite.kind }}")
        (scenarios / f"s{number}.json").write_text(json.dumps(document), encoding="utf-8")
    return folder


def _killed(ground: Ground, project: Path, victim: str, moment: float) -> list[RunResult]:
    """The results of a suite of which something was killed; none when that was before it had begun."""
    said = project / "said"
    command = [str(AWSIT), "run", "scenarios/", "--in-account", "--jobs", "2"]
    with said.open("wb") as out:
        process = subprocess.Popen(command, cwd=project, env=ground.made.environment(), stdout=out, stderr=out)
        while "suite-" not in said.read_text(encoding="utf-8") and process.poll() is None:
            time.sleep(0.05)
        time.sleep(moment)
        if "command" in victim:
            process.kill()
        if "run" in victim:
            _stop(ground, ground.made.installation.state_machine_arn, "run-", "cleanup-")
        if "suite" in victim:
            _stop(ground, ground.made.installation.suite_machine_arn, "suite-")
        process.wait(LONGEST_END)
    words = said.read_text(encoding="utf-8").split()
    suite_id = next((word.rstrip(":") for word in words if word.startswith("suite-")), "")
    return _results(ground, suite_id) if suite_id else []


def _stop(ground: Ground, machine: str, *prefixes: str) -> None:
    """Stop the newest execution of a state machine that goes on, whose name begins with one of these."""
    client: Any = ground.made.aws.client("stepfunctions")
    running = client.list_executions(stateMachineArn=machine, statusFilter="RUNNING")["executions"]
    for each in [each for each in running if each["name"].startswith(prefixes)][:1]:
        client.stop_execution(executionArn=each["executionArn"])


def _results(ground: Ground, suite_id: str) -> list[RunResult]:
    """The results of a suite when all of its runs are over and nothing is left, or after the longest time."""
    follower = SuiteFollower(ground.made.aws, ground.made.installation, SystemClock(), suite_id)

    def results() -> list[RunResult]:
        with suppress(AwsitError):  # it was killed before it had started the suite
            return list(follower.results_so_far(follower.suites.runs(suite_id)))
        return []

    return _until(results, lambda found: _is_over(found) and not items(ground.made))


def _is_over(results: list[RunResult]) -> bool:
    return all(each.status is not RunStatus.RUNNING and not each.cleanup.left_behind for each in results)


def _until(look: Callable[[], list[RunResult]], is_good: Callable[[list[RunResult]], bool]) -> list[RunResult]:
    ends = time.monotonic() + LONGEST_END
    while not is_good(found := look()) and time.monotonic() < ends:
        time.sleep(1)
    return found

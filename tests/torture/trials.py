"""What is done to runs of the state machine. Each trial takes how often, and returns what came of it."""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.torture.faults import Proxy, faulty, mixture
from tests.torture.ground import Ground, Tally, scenario
from tests.truth import beside
from ulid import ULID

from awsit.aws.client.clients import AwsClients
from awsit.aws.stepfunctions.engine import StepFunctionsEngine
from awsit.errors import AwsitError
from awsit.model.run import RunRequest
from awsit.system.clock import SystemClock

Trial = Callable[[Ground, int, int], Tally]


def faults(ground: Ground, runs: int, _seed: int, *, rate: float = 0.25, at_once: int = 8) -> Tally:
    """Faults on the AWS calls of the function, and of whoever starts and follows the runs."""
    tally = Tally("faults on AWS calls")
    with ground.unchanged(tally, runs) as rows, faulty(ground.made.sandbox.endpoint_url, mixture(rate)) as proxy:
        followed(ground, proxy, rows, tally, at_once)
    return tally


def followed(ground: Ground, proxy: Proxy, rows: list[str], tally: Tally, at_once: int) -> None:
    """Start and follow a run for each row, with everybody's calls through the proxy."""
    aws = AwsClients(endpoint_url=proxy.url)
    engine = StepFunctionsEngine(aws, ground.made.installation, SystemClock())
    ended: list[str] = []
    with ground.function_calls(proxy.url):
        each(lambda row: _follow(ground, engine, row, tally, ended), rows, at_once)
        settled(ground)
    aws.close()
    tally.notes.append(
        f"{proxy.faults} faults on {proxy.calls} calls; followers that gave up with a message: {len(ended)}"
    )
    tally.notes += sorted(set(ended))[:5]


def _follow(ground: Ground, engine: StepFunctionsEngine, row: str, tally: Tally, ended: list[str]) -> None:
    request = RunRequest(f"run-{ULID()}", "torture", scenario(0.2), {"row": row})
    try:
        engine.follow(engine.start(request), lambda _: None)
    except AwsitError as error:  # a clear end; the run goes on without its follower
        ended.append(error.message.replace(request.run_id, "run-…"))
        if not _exists(ground, request.run_id):
            tally.count_as("not started")
            return
    tally.count(ground.report(request.run_id))


def _exists(ground: Ground, run_id: str) -> bool:
    with suppress(AwsitError):
        ground.made.remote().snapshot(run_id)
        return True
    return False


def stops(ground: Ground, runs: int, seed: int, *, at_once: int = 3) -> Tally:
    """StopExecution at a random moment."""
    tally, moments = Tally("StopExecution"), random.Random(seed)
    with ground.unchanged(tally, runs) as rows:
        delays = {row: moments.uniform(0, 2.5) for row in rows}

        def stopped(row: str) -> None:
            run_id, arn = start(ground, row, compact=row in rows[::2])
            time.sleep(delays[row])
            client = ground.made.aws.client("stepfunctions")
            with suppress(client.exceptions.ClientError):  # it is over already
                client.stop_execution(executionArn=arn)
            if beside.PYTHON:
                _swept(ground, run_id, arn)
            tally.count(ground.report(run_id))

        each(stopped, rows, at_once)
        settled(ground)
    return tally


def _swept(ground: Ground, run_id: str, arn: str) -> None:
    """Have the sweep take up a run whose execution was stopped, where no rule hears of it."""
    client, deadline = ground.made.aws.client("stepfunctions"), time.monotonic() + 60
    while client.describe_execution(executionArn=arn)["status"] == "RUNNING" and time.monotonic() < deadline:
        time.sleep(0.2)
    ground.end_lease(run_id)
    ground.invoke({"task": "sweep"})


def at_once(ground: Ground, runs: int, _seed: int) -> Tally:
    """Many runs on one table at the same time."""
    tally = Tally("runs at once")

    def whole(row: str) -> None:
        run_id, _ = start(ground, row)
        tally.count(ground.report(run_id, 300))

    with ground.unchanged(tally, runs) as rows:
        each(whole, rows, runs)
    tally.harmed += runs - tally.verdicts.get("passed", 0)
    return tally


def dead_workers(ground: Ground, runs: int, seed: int, *, at_once: int = 2) -> Tally:
    """One of the function's worker processes killed at a random moment of each run."""
    tally, moments = Tally("killed workers"), random.Random(seed)
    with ground.unchanged(tally, runs) as rows:
        killed: list[int] = []
        delays = {row: moments.uniform(0, 2.2) for row in rows}

        def struck(row: str) -> None:
            run_id, _ = start(ground, row, compact=row in rows[::2])
            time.sleep(delays[row])
            with suppress(ProcessLookupError, IndexError):
                worker = moments.choice(_children(ground.made.sandbox.pid))
                os.kill(worker, signal.SIGKILL)
                killed.append(worker)
            tally.count(ground.report(run_id, 180))

        each(lambda _: ground.invoke({"task": "sweep"}), rows[:at_once], at_once)  # workers are there
        each(struck, rows, at_once)
        settled(ground)
        tally.notes.append(f"workers killed: {len(killed)}")
    return tally


def _children(parent: int) -> list[int]:
    """The processes that a process started (proc(5), `/proc/PID/task/TID/children`)."""
    found = [path.read_text(encoding="ascii").split() for path in Path(f"/proc/{parent}/task").glob("*/children")]
    return sorted(int(child) for children in found for child in children)


def start(ground: Ground, row: str, *, compact: bool = False, **more: Any) -> tuple[str, str]:
    """Start a run with no fault in the way; its ID and its execution's ARN."""
    document = scenario(**more, bucket=ground.bucket)
    run = ground.made.remote().start(RunRequest(f"run-{ULID()}", "torture", document, {"row": row}, compact=compact))
    return run.run_id, run.execution_arn


def each(do: Callable[[str], Any], rows: list[str], at_once: int) -> None:
    """Do it for every row, some at the same time."""
    with ThreadPoolExecutor(at_once) as pool:
        for _ in pool.map(do, rows):
            pass


def settled(ground: Ground) -> None:
    """Wait until no clean-up is under way: what needs the sweep gets it, as if its lease had ended."""
    deadline = time.monotonic() + 60
    while (left := list(ground.store.open_runs())) and time.monotonic() < deadline:
        for run_id in left:
            ground.end_lease(run_id)
        ground.invoke({"task": "sweep"})
        time.sleep(0.5)

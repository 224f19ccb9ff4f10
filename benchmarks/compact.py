"""Compact runs compared with runs action by action, in turns on one emulated AWS.

    .venv/bin/python benchmarks/compact.py [actions] [rounds]

Actions are waits of 0 seconds. Transitions are those that `awsit plan` counts, which tests hold to an interpreter's
histories; invocations are counted in the function's log. CPU time is that of the sandbox and its functions: other work
on the machine changes it least. An action's time is what each one more adds to an execution. The goals for compact runs
are 0.3 transitions an action, and a third of the time.
"""

import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
from ulid import ULID

from awsit.model.json import dumps
from awsit.sandbox.info import read_info
from step_overhead import AWSIT, ROOT, STATE, awsit, sandbox, seconds_to_end, stack_outputs

MODES = ("action by action", "compact")


@dataclass(frozen=True)
class Measured:
    """Of one run: seconds of its execution, seconds of CPU time, and invocations of the function."""

    seconds: float
    cpu_seconds: float
    invocations: int


def main(actions: int, rounds: int) -> None:
    os.environ["AWSIT_STATE_FOLDER"] = str(STATE)
    with sandbox():
        awsit("deploy", "--sandbox")
        outputs = stack_outputs()
        for count in (1, actions):
            write(outputs["BucketName"], count)
        run(outputs, 1, compact=False)  # a worker is there
        runs: dict[tuple[str, int], list[Measured]] = {}
        for _ in range(rounds):  # in turns, so that a busy machine slows all of them
            for mode in MODES:
                for count in (1, actions):
                    runs.setdefault((mode, count), []).append(run(outputs, count, compact=mode == "compact"))
        transitions = {mode: (planned(1, mode), planned(actions, mode)) for mode in MODES}
    report(actions, runs, transitions)


def scenario(count: int) -> Any:
    params = {"seconds": 0}
    return {
        "name": f"idle_{count}",
        "actions": [{"name": f"Idle{number}", "type": "wait", "params": params} for number in range(count)],
    }


def write(bucket: str, count: int) -> None:
    text = dumps(scenario(count))
    boto3.client("s3").put_object(Bucket=bucket, Key=f"scenarios/idle_{count}.json", Body=text.encode())
    (STATE / f"idle_{count}.json").write_text(text, encoding="utf-8")


def run(outputs: dict[str, str], count: int, *, compact: bool) -> Measured:
    """Run the scenario once, with nothing else under way."""
    client, run_id = boto3.client("stepfunctions"), f"run-{ULID()}"
    execution_input = dumps({"scenario": f"idle_{count}", "compact": compact})
    before = cpu_seconds()
    started = client.start_execution(stateMachineArn=outputs["StateMachineArn"], name=run_id, input=execution_input)
    seconds = seconds_to_end(client, started["executionArn"])
    return Measured(seconds, cpu_seconds() - before, invocations(outputs["FunctionLogGroup"], run_id))


def cpu_seconds() -> float:
    """The CPU time of the sandbox's server and of its functions, so far (proc(5), `/proc/PID/stat`)."""
    info = read_info(STATE / "sandbox" / "server.json")
    assert info is not None
    ticks, family = 0, [info.pid]
    while family:
        process = Path("/proc", str(family.pop()))
        with suppress(FileNotFoundError):  # a worker may end
            ticks += sum(map(int, (process / "stat").read_text().rpartition(")")[2].split()[11:15]))
            family += [int(each) for task in process.glob("task/*/children") for each in task.read_text().split()]
    return ticks / os.sysconf("SC_CLK_TCK")


def invocations(log_group: str, run_id: str) -> int:
    """How many invocations logged something of a run: each has a request ID of its own."""
    time.sleep(0.5)  # what was logged last is there
    pages = boto3.client("logs").get_paginator("filter_log_events").paginate(logGroupName=log_group)
    messages = [event["message"] for page in pages for event in page["events"]]
    lines = [json.loads(message) for message in messages if run_id in message]
    return len({line["request_id"] for line in lines if "request_id" in line})  # lines of metrics have none


def planned(count: int, mode: str) -> int:
    """The transitions that `awsit plan` counts at best."""
    flag = "--compact" if mode == "compact" else "--no-compact"
    command = [AWSIT, "plan", str(STATE / f"idle_{count}.json"), "--offline", "--json", flag]
    told = subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.PIPE).stdout
    return int(json.loads(told)["execution"]["transitions"]["best"])


def report(
    actions: int, runs: Mapping[tuple[str, int], list[Measured]], transitions: Mapping[str, tuple[int, int]]
) -> None:
    usual, compact = (figures(runs[mode, 1], runs[mode, actions], transitions[mode], actions) for mode in MODES)
    print(f"{actions} actions that do nothing; medians: {MODES[0]}, {MODES[1]}, and their ratio")
    for name, figure in usual.items():
        print(f"  {name:28} {figure:9.2f} {compact[name]:9.2f}   {compact[name] / figure:.2f}x")


def figures(one: list[Measured], many: list[Measured], transitions: tuple[int, int], actions: int) -> dict[str, float]:
    """What a run of one action and a run of many come to, by the action and in all."""
    shortest, longest = (statistics.median(each.seconds for each in measured) for measured in (one, many))
    least, most = (statistics.median(each.cpu_seconds for each in measured) for measured in (one, many))
    return {
        "transitions of an action": (transitions[1] - transitions[0]) / (actions - 1),
        "transitions, in all": transitions[1],
        "invocations, in all": statistics.median(each.invocations for each in many),
        "CPU ms of an action": (most - least) / (actions - 1) * 1000,
        "ms of an action": (longest - shortest) / (actions - 1) * 1000,
        "ms, in all": longest * 1000,
    }


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:]]
    main(*(numbers + [100, 3][len(numbers) :]))

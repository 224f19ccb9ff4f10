"""The stack with a version of its function, for snapshots and started workers: on, changed, off, and runs meanwhile."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.deployed import Deployed, sandboxed
from ulid import ULID

from awsit.aws.deployment import limits
from awsit.model.events import Event
from awsit.model.result import RunStatus
from awsit.model.run import RunRequest, StartedRun

SLOW = {"name": "slow", "actions": [{"name": f"Wait{n}", "type": "wait", "params": {"seconds": 1}} for n in "12"]}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with sandboxed(tmp_path_factory.mktemp("versions")) as made:
        yield made


def ended(stack: Deployed, begun: StartedRun) -> RunStatus:
    """How a run ended: one that goes on with what the state machine was when it began, or a new one."""
    events: list[Event] = []
    stack.remote().follow(begun, events.append)
    result: Any = events[-1]
    return RunStatus(result.result.status)


def start(stack: Deployed) -> StartedRun:
    return stack.remote().start(RunRequest(f"run-{ULID()}", "slow", SLOW))


def called(stack: Deployed) -> set[str]:
    """The ARNs of the function that the state machines call, after its name."""
    client = stack.aws.client("stepfunctions")
    machine = stack.installation.state_machine_arn
    texts = [
        client.describe_state_machine(stateMachineArn=arn)["definition"]
        for arn in (machine, machine.replace("-test-flow", "-suite-flow"))
    ]
    name = stack.installation.function_name
    return {part.partition('"')[0] for text in texts for part in text.split(f":function:{name}")[1:]}


def versions(stack: Deployed) -> list[str]:
    listed = stack.aws.client("lambda").list_versions_by_function(FunctionName=stack.installation.function_name)
    return [each["Version"] for each in listed["Versions"] if each["Version"] != "$LATEST"]


def live(stack: Deployed) -> Any:
    return stack.aws.client("lambda").get_function_configuration(
        FunctionName=stack.installation.function_name, Qualifier="live"
    )


def started_workers(stack: Deployed) -> int:
    client = stack.aws.client("lambda")
    try:
        answer = client.get_provisioned_concurrency_config(
            FunctionName=stack.installation.function_name, Qualifier="live"
        )
    except client.exceptions.ProvisionedConcurrencyConfigNotFoundException:
        return 0
    return int(answer["RequestedProvisionedConcurrentExecutions"])


def test_a_version_is_used_as_long_as_it_is_needed_and_what_runs_meanwhile_ends(
    stack: Deployed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LEFT_FOR_OTHERS", 0)  # the emulated account has no more than a few in all
    assert (versions(stack), called(stack)) == ([], {""})

    without_alias = start(stack)
    stack.install("awsit", FunctionSnapStart="on")
    assert (versions(stack), called(stack), live(stack)["Version"]) == (["1"], {":live"}, "1")
    assert live(stack)["SnapStart"]["ApplyOn"] == "PublishedVersions"
    with_alias = start(stack)
    assert ended(stack, without_alias) is RunStatus.PASSED

    stack.install("awsit")
    assert versions(stack) == ["1"]  # nothing had changed

    stack.install("awsit", FunctionSnapStart="off", ProvisionedConcurrency="1", LogLevel="DEBUG")
    assert (versions(stack), started_workers(stack)) == (["2"], 1)
    assert live(stack)["SnapStart"]["ApplyOn"] == "None"
    assert live(stack)["Environment"]["Variables"]["AWSIT_LOG_LEVEL"] == "DEBUG"

    stack.install("awsit", ProvisionedConcurrency="0")
    assert (started_workers(stack), called(stack)) == (0, {":live"})  # executions that began before call it
    assert ended(stack, with_alias) is RunStatus.PASSED

    stack.install("awsit", FunctionVersion="")
    assert (versions(stack), called(stack)) == ([], {""})

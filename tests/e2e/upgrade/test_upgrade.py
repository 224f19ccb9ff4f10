"""What another version of awsit left or has under way is finished by this one: journals, records, executions."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from tests.deployed import Deployed
from tests.e2e.upgrade.ground import RECORDED, SCENARIO, Ground
from ulid import ULID

from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.stepfunctions.engine import StepFunctionsEngine
from awsit.model.result import CleanupVerdict, RunStatus, Status
from awsit.model.run import RunRequest
from awsit.records import replace
from awsit.system.clock import SystemClock

AWSIT = Path(sys.executable).with_name("awsit")
MONTH = 30 * 24 * 3600


@pytest.fixture
def ground(deployed: Deployed) -> Ground:
    made = Ground(deployed)
    made.prepare()
    return made


@pytest.fixture(params=sorted(RECORDED.iterdir()), ids=lambda folder: folder.name)
def recorded(request: pytest.FixtureRequest) -> Path:
    folder: Path = request.param
    return folder


def text(file: Path, made: Deployed, ground: Ground) -> str:
    """A recorded file, with the names of this sandbox."""
    known = {"@TABLE@": ground.table, "@BUCKET@": made.installation.bucket}
    found = file.read_text(encoding="utf-8")
    for placeholder, name in known.items():
        found = found.replace(placeholder, name)
    return found


def test_the_journal_of_a_killed_run_is_cleaned_up_once_adopted(
    recorded: Path,
    deployed: Deployed,
    ground: Ground,
) -> None:
    journal = text(recorded / "journal.jsonl", deployed, ground)
    run_id = "run-" + journal.partition("run-")[2][:26]
    folder = deployed.sandbox.state_folder / "journal"
    folder.mkdir(exist_ok=True)
    (folder / f"{run_id}.jsonl").write_text(journal, encoding="utf-8")
    ground.change(run_id)
    assert len(ground.left(run_id)) == 3

    def awsit(*words: str) -> subprocess.CompletedProcess[str]:
        command, environment = [AWSIT, *words], deployed.environment()
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)

    foreign = awsit("cleanup", run_id)
    assert foreign.returncode == 4
    assert "awsit cleanup --adopt" in foreign.stderr
    assert len(ground.left(run_id)) == 3
    assert awsit("cleanup", "--adopt", run_id).returncode == 0
    done = awsit("cleanup", run_id)
    assert done.returncode == 0, done.stdout + done.stderr
    assert ground.left(run_id) == []
    assert list(folder.glob("*.jsonl")) == []


def test_the_records_of_a_run_that_was_cut_off_are_taken_up(recorded: Path, deployed: Deployed, ground: Ground) -> None:
    left = json.loads(text(recorded / "account.json", deployed, ground))
    run_id = left["run_id"]
    for key, content in left["objects"].items():
        deployed.aws.client("s3").put_object(Bucket=deployed.installation.bucket, Key=key, Body=content.encode())
    for item in left["items"]:
        dated = {**item, "expires_at": {"N": str(int(time.time()) + MONTH)}}
        dated |= {"lease_ends_at": {"N": "1"}} if "lease_ends_at" in item else {}
        deployed.aws.client("dynamodb").put_item(TableName=deployed.installation.table, Item=dated)
    ground.change(run_id)
    assert len(ground.left(run_id)) == 3

    answer = deployed.aws.client("lambda").invoke(
        FunctionName=deployed.installation.function_name, Payload=b'{"task": "sweep"}'
    )

    assert run_id in json.loads(answer["Payload"].read())["recovered"]
    assert ground.left(run_id) == []
    store = DynamoRunStore(deployed.aws, deployed.installation.table, deployed.installation.bucket)
    report = store.report(run_id)
    assert report.cleanup.verdict is CleanupVerdict.CLEAN
    assert [step.name for step in report.steps] == ["Declared", "Recorded", "Restored", "Pause", "Never"]
    assert "open-sesame" not in json.dumps(report.context)


@pytest.mark.parametrize("compact", [False, True])
def test_an_execution_of_the_old_definition_ends_with_the_new_function(
    recorded: Path,
    deployed: Deployed,
    ground: Ground,
    compact: bool,
) -> None:
    machine = _machine(deployed, f"{recorded.name}-{compact}", recorded)
    engine = StepFunctionsEngine(deployed.aws, replace(deployed.installation, state_machine_arn=machine), SystemClock())
    short = json.loads(json.dumps(SCENARIO).replace('"seconds": 300', '"seconds": 3'))
    events: list[Any] = []

    request = RunRequest(f"run-{ULID()}", "upgraded", short, compact=compact)
    engine.follow(engine.start(request), events.append)

    result = events[-1].result
    assert (result.status, result.cleanup.verdict) == (RunStatus.PASSED, CleanupVerdict.CLEAN), result.error
    assert {step.status for step in result.steps} == {Status.PASSED}
    assert ground.left(result.run_id) == []


def _machine(made: Deployed, name: str, recorded: Path) -> str:
    client, own = made.aws.client("stepfunctions"), made.installation
    role = client.describe_state_machine(stateMachineArn=own.state_machine_arn)["roleArn"]
    function = made.aws.client("lambda").get_function_configuration(FunctionName=own.function_name)["FunctionArn"]
    definition = (recorded / "test_flow.asl.json").read_text(encoding="utf-8").replace("${FunctionArn}", function)
    return str(
        client.create_state_machine(name=f"awsit-{name}", definition=definition, roleArn=role)["stateMachineArn"]
    )

"""Records what this version keeps of runs that are cut off: `python -m tests.e2e.upgrade.record NAME`.

To be called before a change of a format, so that the tests here hold the change to what the version before left: a
journal, the items and objects of a run in the account, and the definition of the state machine.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.deployed import ORDERS, Deployed, sandboxed
from tests.e2e.upgrade.ground import RECORDED, SCENARIO, Ground
from ulid import ULID

from awsit.aws.deployment.package import infra_folder
from awsit.model.run import RunRequest

AWSIT = Path(sys.executable).with_name("awsit")


def main(name: str) -> None:
    """Write the folder `recorded/NAME`."""
    folder = RECORDED / name
    folder.mkdir(parents=True)
    shutil.copy(infra_folder() / "test_flow.asl.json", folder)
    with tempfile.TemporaryDirectory() as state, sandboxed(Path(state) / "sandbox") as made:
        made.install("orders", ORDERS / "template.yaml")
        ground = Ground(made)
        ground.prepare()
        names = {ground.table: "@TABLE@", made.installation.bucket: "@BUCKET@"}
        for file, record in (("journal.jsonl", _journal), ("account.json", _account)):
            text = record(made, ground)
            for known, placeholder in names.items():
                text = text.replace(known, placeholder)
            (folder / file).write_text(text, encoding="utf-8")
            ground.prepare()


def _journal(made: Deployed, _ground: Ground) -> str:
    """The journal of a local run that was killed in its pause."""
    state = made.sandbox.state_folder
    file = state / "upgraded.json"
    file.write_text(json.dumps(SCENARIO), encoding="utf-8")
    command = [AWSIT, "run", "-v", file.name, "--engine", "local", "--var", "password=open-sesame"]
    with subprocess.Popen(
        command, env={**made.environment(), "COLUMNS": "100"}, stdout=subprocess.PIPE, text=True, cwd=state
    ) as run:
        assert run.stdout is not None
        assert any("» Pause" in line for line in run.stdout)
        run.kill()
    (journal,) = (state / "journal").glob("run-*.jsonl")
    text = journal.read_text(encoding="utf-8")
    journal.unlink()
    return text


def _account(made: Deployed, _ground: Ground) -> str:
    """The items and objects of a run whose execution was stopped in its pause, while nothing took it up."""
    for rule in made.aws.client("events").list_rules()["Rules"]:
        made.aws.client("events").disable_rule(Name=rule["Name"])
    run = made.remote().start(RunRequest(f"run-{ULID()}", "upgraded", SCENARIO, {"password": "open-sesame"}))
    _until(lambda: len(_items(made, run.run_id)) >= 5)  # the run, and a record for each step that has begun
    time.sleep(1)
    made.aws.client("stepfunctions").stop_execution(executionArn=run.execution_arn)
    time.sleep(1)
    s3, bucket = made.aws.client("s3"), made.installation.bucket
    keys = [each["Key"] for each in s3.list_objects_v2(Bucket=bucket)["Contents"]]
    texts = {key: s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode() for key in keys}
    recorded = {"run_id": run.run_id, "items": _items(made, run.run_id), "objects": texts}
    return json.dumps(recorded, indent=1, sort_keys=True) + os.linesep


def _items(made: Deployed, run_id: str) -> list[dict[str, Any]]:
    items = made.aws.client("dynamodb").scan(TableName=made.installation.table, ConsistentRead=True)["Items"]
    return [each for each in items if each["run_id"]["S"].endswith(run_id)]


def _until(look: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not look():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)


if __name__ == "__main__":
    main(sys.argv[1])

"""The example of a pipeline: an event starts a workflow, and one scenario follows what becomes of it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from tests.deployed import Deployed

PIPELINE = Path(__file__).parents[3] / "examples" / "pipeline"
AWSIT = Path(sys.executable).with_name("awsit")


def test_an_order_passes_through_and_nothing_of_it_stays(deployed: Deployed) -> None:
    deployed.install("pipeline", PIPELINE / "template.yaml")
    (described,) = deployed.aws.client("cloudformation").describe_stacks(StackName="pipeline")["Stacks"]
    outputs = {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}

    command = [str(AWSIT), "run", str(PIPELINE / "scenarios"), "--engine", "local", "--json"]
    done = subprocess.run(command, env=deployed.environment(), capture_output=True, text=True, timeout=180, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    report = json.loads(done.stdout)
    assert (report["status"], report["cleanup"]["verdict"]) == ("passed", "clean")
    assert deployed.aws.client("dynamodb").scan(TableName=outputs["Table"])["Count"] == 0
    assert "Contents" not in deployed.aws.client("s3").list_objects_v2(Bucket=outputs["Bucket"])

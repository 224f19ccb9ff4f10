"""The sandbox with the policies of roles enforced: what an account denies is denied, with the same code."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.deployed import ORDERS, Deployed, sandboxed

from awsit.sandbox.server import SandboxOptions

AWSIT = Path(sys.executable).with_name("awsit")
README = Path(__file__).parents[3] / "README.md"
READS = {
    "name": "order_is_read",
    "actions": [
        {
            "name": "Read",
            "type": "dynamodb",
            "params": {"operation": "get_item", "table": "{{ stack('orders').Table }}", "key": {"order_id": "1"}},
        }
    ],
}
Run = Callable[..., Any]


@pytest.fixture(scope="module")
def enforced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with sandboxed(tmp_path_factory.mktemp("enforced"), SandboxOptions(enforce_policies=True)) as deployed:
        deployed.install("orders", ORDERS / "template.yaml")
        yield deployed


@pytest.fixture(scope="module")
def run(enforced: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Run:
    folder = tmp_path_factory.mktemp("project")
    text = re.findall(r"```yaml\n(name: my_first\n.*?)```", README.read_text(encoding="utf-8"), re.DOTALL)[0]
    (folder / "my_first.yaml").write_text(text, encoding="utf-8")
    (folder / "order_is_read.json").write_text(json.dumps(READS), encoding="utf-8")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "AWSIT_STATE_FOLDER": str(enforced.info.state_folder),
        "AWSIT_ENFORCE_POLICIES": "true",
    }

    def call(*scenarios: str) -> Any:
        command = [str(AWSIT), "run", *scenarios, "--sandbox", "--json"]
        done = subprocess.run(
            command, env=environment, cwd=folder, capture_output=True, text=True, timeout=60, check=False
        )
        return json.loads(done.stdout)

    return call


def test_an_account_s_denials_are_the_sandbox_s(run: Run, enforced: Deployed) -> None:
    first, read = run("my_first.yaml", "order_is_read.json")
    denied = read["steps"][0]
    client = enforced.aws.client("cloudformation")
    table = client.describe_stack_resource(StackName="orders", LogicalResourceId="Table")["StackResourceDetail"]
    arn = f"arn:aws:dynamodb:us-east-1:000000000000:table/{table['PhysicalResourceId']}"

    assert (first["status"], first["cleanup"]["verdict"]) == ("passed", "clean"), "README promises: no parameter"
    assert (denied["error"]["code"], denied["response"]["error"]["code"]) == ("access_denied", "AccessDeniedException")
    assert f"dynamodb:GetItem on {arn} is not allowed" in denied["error"]["message"]
    assert f"`awsit deploy --parameter AllowedTableArns={arn} --sandbox`" in denied["error"]["hint"]

    enforced.install("awsit", AllowedTableArns=arn)

    assert run("order_is_read.json")["status"] == "passed"

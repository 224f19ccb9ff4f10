"""Stacks with the shapes of public SAM and CDK applications, deployed by the command, called by their standard URLs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.deployed import Deployed
from tests.wheels import make_wheel, pip_settings

from awsit.http.transport import Urllib3Transport
from awsit.model.http import HttpRequest

AWSIT = Path(sys.executable).with_name("awsit")
APPLICATIONS = Path(__file__).parent / "applications"
Call = Callable[..., tuple[int, str, dict[str, str]]]


def deploy(deployed: Deployed, folder: Path, template: str, stack: str) -> dict[str, str]:
    """The outputs of the stack."""
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "AWSIT_STATE_FOLDER": str(deployed.info.state_folder),
        **pip_settings(folder / "wheels"),
    }
    command = [str(AWSIT), "deploy", "--sandbox", "--template", str(APPLICATIONS / template), "--stack", stack]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    (described,) = deployed.aws.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in described["Outputs"]}


@pytest.fixture
def call(deployed: Deployed) -> Call:
    """Send a request to an address of AWS; the status, the body and the headers."""
    http = Urllib3Transport(aws_endpoint=deployed.info.endpoint_url)

    def send(method: str, url: str, body: bytes | None = None, **headers: str) -> tuple[int, str, dict[str, str]]:
        answer = http.send(HttpRequest(method, url, {"content-type": "application/json", **headers}, body))
        received = {name.lower(): value for name, value in answer.headers.items()}
        return answer.status, (answer.body or b"").decode(), received

    return send


@pytest.fixture(scope="module")
def sam(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("sam")
    make_wheel(folder / "wheels", "beside", "1.5")
    make_wheel(folder / "wheels", "layered", "2.5")
    return deploy(deployed, folder, "sam/template.yaml", "sam-shapes")


def test_dependencies_of_a_function_and_of_a_layer_are_there(sam: dict[str, str], call: Call) -> None:
    status, body, _ = call("GET", f"{sam['ApiUrl']}/any")

    assert (status, json.loads(body)) == (200, {"beside": "1.5", "layered": "2.5"})
    assert not list((APPLICATIONS / "sam").rglob("*.dist-info"))


def test_a_browser_may_ask_first(sam: dict[str, str], call: Call) -> None:
    status, _, headers = call("OPTIONS", f"{sam['ApiUrl']}/any", Origin="https://shop.example")

    assert (status, headers["access-control-allow-origin"]) == (200, "https://shop.example")


@pytest.mark.parametrize(("body", "status"), [(b'{"size": 1}', 200), (b'{"size": "large"}', 400), (b"{}", 400)])
def test_a_body_is_validated(sam: dict[str, str], call: Call, body: bytes, status: int) -> None:
    assert call("POST", f"{sam['ApiUrl']}/checked", body)[0] == status


def test_an_openapi_document_of_its_own_sends_to_the_queue(
    sam: dict[str, str],
    call: Call,
    deployed: Deployed,
) -> None:
    assert call("POST", f"{sam['DescribedUrl']}/orders", b'{"id": 1}')[0] == 200

    queues = deployed.aws.client("sqs")
    (url,) = queues.list_queues(QueueNamePrefix="sam-shapes")["QueueUrls"]
    assert [message["Body"] for message in queues.receive_message(QueueUrl=url)["Messages"]] == ['{"id": 1}']


def test_an_api_that_is_created_quickly(sam: dict[str, str], call: Call) -> None:
    assert sam["QuickUrl"].endswith(".amazonaws.com")
    assert call("GET", f"{sam['QuickUrl']}/whatever")[0] == 200


def test_a_stack_of_cdk(deployed: Deployed, call: Call, tmp_path: Path) -> None:
    outputs = deploy(deployed, tmp_path, "cdk/Shop.template.json", "shop")

    status, body, _ = call("GET", outputs["ApiEndpoint4F16"] + "orders/1")

    assert (status, json.loads(body)["path"]) == (200, "/orders/1")
    tables = deployed.aws.client("dynamodb").list_tables()["TableNames"]
    assert json.loads(body)["table"] in tables

"""A service that is written as SAM's own samples are, deployed and tested unchanged, by its standard URL."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from tests.deployed import Deployed

from awsit.sandbox.info import client_environment

AWSIT = Path(sys.executable).with_name("awsit")
NOTES = Path(__file__).parents[3] / "examples" / "notes"
LINES = Path(__file__).parents[3] / "benchmarks" / "lines"
KINDS = ["AWS::CloudWatch::CompositeAlarm", "AWS::Events::Archive", "AWS::SQS::Queue", "AWS::Lambda::Function"]
Awsit = Callable[..., "subprocess.CompletedProcess[str]"]


@pytest.fixture(scope="module")
def awsit(deployed: Deployed, tmp_path_factory: pytest.TempPathFactory) -> Awsit:
    """The command, on the sandbox, with the stack `notes` in it."""
    folder = tmp_path_factory.mktemp("notes")
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "AWSIT_STATE_FOLDER": str(deployed.sandbox.state_folder),
        "AWSIT_REPORT_FOLDER": str(folder / "reports"),
        "COLUMNS": "120",
    }

    def call(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [str(AWSIT), *map(str, arguments), "--sandbox"]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=180, check=False)

    done = call("deploy", "--template", NOTES / "template.yaml", "--stack", "notes")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "cannot reach it in the sandbox" not in done.stdout
    return call


@pytest.mark.parametrize("engine", ["local", "stepfunctions"])
def test_its_scenarios_pass(awsit: Awsit, engine: str) -> None:
    done = awsit("run", *sorted((NOTES / "scenarios").glob("*.yaml")), "--engine", engine, "--json")

    assert done.returncode == 0, done.stderr
    assert [run["status"] for run in json.loads(done.stdout)] == ["passed", "passed"]


@pytest.mark.usefixtures("awsit")
def test_the_tests_in_python_that_scenarios_are_compared_with_pass_too(deployed: Deployed) -> None:
    pytest_here = [sys.executable, "-m", "pytest", "-q", "-p", "no:awsit", "-p", "no:cacheprovider", "-p", "on_sandbox"]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(LINES), **client_environment(deployed.sandbox)}

    done = subprocess.run(
        [*pytest_here, "-c", os.devnull, "--rootdir", LINES, LINES],
        env=environment,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("engine", ["local", "stepfunctions"])
def test_no_request_goes_to_the_real_aws(awsit: Awsit, engine: str) -> None:
    url = "https://abcdefghij.execute-api.eu-west-1.amazonaws.com/prod/orders"
    action = {"name": "Away", "type": "http_call", "params": {"url": url, "expected_status": 404}}
    Path("away.json").write_text(json.dumps({"name": "away", "actions": [action]}), encoding="utf-8")

    done = awsit("run", "away.json", "--engine", engine)

    assert done.returncode == 1
    assert "the sandbox has no API abcdefghij; nothing was sent to AWS" in " ".join(done.stdout.split())


@pytest.mark.usefixtures("awsit")
def test_a_function_reaches_no_host_of_aws(deployed: Deployed) -> None:
    stack = deployed.aws.client("cloudformation").describe_stack_resource(
        StackName="notes", LogicalResourceId="ProbeFunction"
    )
    name = stack["StackResourceDetail"]["PhysicalResourceId"]
    functions = deployed.aws.client("lambda")
    away = {"Variables": {"HEALTH_URL": "https://checkip.amazonaws.com/"}}
    functions.update_function_configuration(FunctionName=name, Environment=away)

    answer = json.loads(functions.invoke(FunctionName=name)["Payload"].read())

    assert "checkip.amazonaws.com is a host of AWS" in answer["errorMessage"]


def test_a_change_of_outputs_alone_is_deployed(awsit: Awsit, deployed: Deployed, tmp_path: Path) -> None:
    template = "Resources: {Topic: {Type: 'AWS::SNS::Topic'}}\nOutputs: {Name: {Value: NAME}}\n"
    file = tmp_path / "t.yaml"
    for name in ("one", "two"):
        file.write_text(template.replace("NAME", name), encoding="utf-8")
        assert awsit("deploy", "--template", file, "--stack", "outputs").returncode == 0

    stack = deployed.aws.client("cloudformation").describe_stacks(StackName="outputs")["Stacks"][0]
    assert [output["OutputValue"] for output in stack["Outputs"]] == ["two"]
    assert "it is up to date" in awsit("deploy", "--template", file, "--stack", "outputs").stdout


def test_what_is_not_emulated_is_told_before_anything_is_created(awsit: Awsit, tmp_path: Path) -> None:
    group = "Resources: {Topic: {Type: 'AWS::SNS::Topic'}, Traces: {Type: 'AWS::XRay::Group'}}\n"
    file = tmp_path / "t.yaml"
    file.write_text(group, encoding="utf-8")
    deploy = ("deploy", "--template", file, "--stack", "traces")

    refused = awsit(*deploy)
    assert refused.returncode == 3
    assert "Traces: AWS::XRay::Group is not emulated" in refused.stderr
    assert "--allow-unsupported" in refused.stderr
    assert "there is no such stack" in awsit("destroy", "--yes", "--stack", "traces").stdout
    assert awsit(*deploy, "--allow-unsupported").returncode == 0


def test_a_type_is_told_exactly_when_the_emulator_does_not_have_it() -> None:
    from ministack.services.cloudformation.provisioners import _RESOURCE_HANDLERS

    from awsit.sandbox.deployment.unsupported import unsupported

    named = [problem.resource for problem in unsupported({"Resources": {kind: {"Type": kind} for kind in KINDS}})]

    assert named == [kind for kind in KINDS if kind not in _RESOURCE_HANDLERS] == KINDS[:2]

"""The sandbox with the policies of roles enforced: what an account denies is denied, with the same code."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from tests.deployed import ORDERS, Deployed, sandboxed
from ulid import ULID

from awsit.aws.stacks import CloudFormationStacks
from awsit.errors import ActionError
from awsit.http.transport import Urllib3Transport
from awsit.model.events import Event, RunFinished
from awsit.model.http import HttpRequest
from awsit.model.result import RunResult
from awsit.model.run import RunRequest
from awsit.sandbox.server import SandboxOptions

AWSIT = Path(sys.executable).with_name("awsit")
SIGNED = Path(__file__).with_name("signed.yaml")
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
ANYTHING = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
Run = Callable[..., Any]
Send = Callable[..., int | str]


@pytest.fixture(scope="module")
def enforced(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    with sandboxed(tmp_path_factory.mktemp("enforced"), SandboxOptions(enforce_policies=True)) as deployed:
        deployed.install("orders", ORDERS / "template.yaml")
        deployed.install("signed", SIGNED)
        deployed.aws.client("s3").create_bucket(Bucket="customers")
        yield deployed


@pytest.fixture(scope="module")
def outputs(enforced: Deployed) -> Mapping[str, str]:
    """The outputs of the stack `signed`."""
    return CloudFormationStacks(enforced.aws).outputs("signed")


@pytest.fixture
def send(enforced: Deployed) -> Iterator[Send]:
    """Send a request to the sandbox as `http_call` does, with the status and the header that tells of a refusal."""
    transport = Urllib3Transport(aws_endpoint=enforced.info.endpoint_url)

    def call(url: str, service: str = "", method: str = "GET") -> int | str:
        request = HttpRequest(method, url)
        try:
            return transport.send(enforced.aws.sign(request, service) if service else request).status
        except ActionError as error:
            return error.message

    yield call
    transport.close()


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

    def call(*scenarios: str, command: Sequence[str] = ("run", "--json")) -> Any:
        done = subprocess.run(
            [str(AWSIT), *command, *scenarios, "--sandbox"],
            env=environment,
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
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


def test_the_examples_run_with_the_policy_that_awsit_plan_writes_for_them(run: Run, enforced: Deployed) -> None:
    scenarios = str(ORDERS / "scenarios")
    policy = json.dumps(run(scenarios, command=("plan", "--policy")))
    made = enforced.aws.client("iam").create_policy(PolicyName="examples", PolicyDocument=policy)
    enforced.install("awsit", ActionPolicyArns=made["Policy"]["Arn"], AllowedTableArns="")

    ended = {each["scenario"]: each["status"] for each in run(scenarios, "--jobs", "4")}

    assert ended.pop("fails_on_purpose") == "failed"
    assert set(ended.values()) == {"passed"}
    assert len(ended) == len(list(ORDERS.glob("scenarios/*.yaml"))) - 1


def test_no_action_reaches_what_is_awsit_s_own_whatever_its_policies_allow(enforced: Deployed) -> None:
    policy = enforced.aws.client("iam").create_policy(PolicyName="anything", PolicyDocument=json.dumps(ANYTHING))
    enforced.install("awsit", ActionPolicyArns=policy["Policy"]["Arn"])
    own = enforced.installation
    condition = {"KeyConditionExpression": "run_id = :run", "ExpressionAttributeValues": {":run": {"S": "given#run-1"}}}
    report = {"Bucket": own.bucket, "Key": "runs/run-1/report.json", "Body": "{}"}

    assert attempt(enforced, "dynamodb", "ListTables") == "passed"
    for service, operation, params, resource in (
        ("dynamodb", "Query", {"TableName": own.table, **condition}, f"table/{own.table}"),
        ("s3", "PutObject", report, f"{own.bucket}/runs/run-1/report.json"),
        ("stepfunctions", "StartExecution", {"stateMachineArn": own.state_machine_arn}, own.state_machine_arn),
        ("lambda", "Invoke", {"FunctionName": own.function_name}, f"function:{own.function_name}"),
    ):
        outcome = attempt(enforced, service, operation, **params)
        assert outcome.startswith("access_denied: ")
        assert f"{resource} is not allowed" in outcome


def attempt(enforced: Deployed, service: str, operation: str, **params: Any) -> str:
    """Run a scenario of one call of AWS in the account; returns its verdict, or why the call was denied."""
    result = result_of(enforced, "aws_api", {"service": service, "operation": operation, "params": params})
    error = result.steps[0].error
    return f"{error.code}: {error.message}" if error else str(result.status)


def result_of(enforced: Deployed, action_type: str, params: Mapping[str, Any]) -> RunResult:
    """Run a scenario of one action in the account."""
    scenario = {"name": "other", "actions": [{"name": "Call", "type": action_type, "params": params}]}
    engine, events = enforced.remote(), list[Event]()
    engine.follow(engine.start(RunRequest(f"run-{ULID()}", "other", scenario)), events.append)
    last = events[-1]
    assert isinstance(last, RunFinished)
    return last.result


def of_aws(service: str, resource: str) -> str:
    return f"arn:aws:{service}:us-east-1:000000000000:{resource}"


def looks_up(expression: str) -> tuple[str, Mapping[str, Any]]:
    """An action whose parameter is an expression."""
    return "wait", {"seconds": f"{{{{ {expression} }}}}"}


MACHINE = of_aws("states", "stateMachine:customers")
ITEM = {"operation": "get_item", "table": "customers", "key": {"id": "1"}}
START = {"service": "stepfunctions", "operation": "start_execution", "params": {"stateMachineArn": MACHINE}}
OBJECT = {"service": "s3", "operation": "get_object", "params": {"Bucket": "customers", "Key": "1"}}


@pytest.mark.parametrize(
    ("action", "permission", "parameter"),
    [
        (("dynamodb", ITEM), f"dynamodb:GetItem on {of_aws('dynamodb', 'table/customers')}", "AllowedTableArns"),
        (
            ("lambda_invoke", {"function": "customers"}),
            f"lambda:InvokeFunction on {of_aws('lambda', 'function:customers')}",
            "AllowedFunctionArns",
        ),
        (("aws_api", OBJECT), "s3:GetObject on arn:aws:s3:::customers/1", "AllowedBucketArns"),
        (("aws_api", START), f"states:StartExecution on {MACHINE}", "AllowedStateMachineArns"),
        (looks_up("stack('signed').Pool"), "cloudformation:DescribeStacks on ", "AllowedStackArns"),
        (looks_up("secret('customers')"), "secretsmanager:GetSecretValue on ", "AllowedSecretArns"),
        (looks_up("parameter('/customers')"), "ssm:GetParameter on ", "AllowedParameterArns"),
    ],
)
def test_what_another_service_has_is_denied_with_the_permission_and_the_parameter(
    enforced: Deployed, action: tuple[str, Mapping[str, Any]], permission: str, parameter: str
) -> None:
    enforced.install("awsit", AllowedStackArns=of_aws("cloudformation", "stack/orders/*"), ActionPolicyArns="")

    result = result_of(enforced, *action)

    error = next(each for each in (result.error, *(step.error for step in result.steps)) if each)
    assert permission in error.message
    assert error.message.endswith("is not allowed")
    assert f"{parameter}=" in error.hint.partition("--parameter ")[2]


@pytest.mark.parametrize(
    ("output", "service", "path"), [("ApiUrl", "execute-api", "/hello"), ("FunctionUrl", "lambda", "")]
)
def test_what_asks_for_a_signature_answers_no_one_without(
    send: Send, outputs: Mapping[str, str], output: str, service: str, path: str
) -> None:
    url = outputs[output] + path

    assert (send(url), send(url, service)) == (403, 200)


def test_data_planes_answer_by_their_names_and_those_of_others_are_refused(
    send: Send, outputs: Mapping[str, str]
) -> None:
    graph, keys = outputs["GraphUrl"], "/.well-known/jwks.json"
    api_id, pool, domain = graph[8:].partition(".")[0], outputs["Pool"], outputs["Domain"]

    assert send(graph, method="POST") == 400
    assert send(outputs["PoolUrl"] + keys) == 200
    assert send(outputs["DomainUrl"] + "/oauth2/token", method="POST") == 400
    for url, reason in (
        (graph.replace(api_id, "zzz"), "the sandbox has no AppSync API zzz"),
        (outputs["PoolUrl"].replace(pool, "us-east-1_Zzz") + keys, "the sandbox has no such user pool"),
        (outputs["DomainUrl"].replace(domain, "zzz"), "no user pool of the sandbox has the domain zzz"),
    ):
        assert f"{reason}; nothing was sent to AWS" in str(send(url))


@pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")
def test_a_node_function_reaches_no_host_of_aws(enforced: Deployed, outputs: Mapping[str, str]) -> None:
    event = json.dumps({"url": "https://checkip.amazonaws.com/"})
    answer = enforced.aws.client("lambda").invoke(FunctionName=outputs["Probe"], Payload=event)

    assert "checkip.amazonaws.com is a host of AWS" in json.loads(answer["Payload"].read())

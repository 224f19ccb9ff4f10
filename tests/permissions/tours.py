"""Everything that awsit does in AWS, once: what its function, its actions and its commands call."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import boto3
import pytest
from click.testing import CliRunner, Result
from moto import mock_aws
from tests.conformance.interpreter import BUCKET, TABLE, Handler, enter, make_table
from tests.deployed import Deployed
from tests.permissions.calls import recorded
from tests.permissions.records import Row, rows
from tests.unit.infra.rendered import ACCOUNT, ARNS, REGION

from awsit.aws.client.clients import AwsClients
from awsit.aws.deployment.deploy import deploy
from awsit.aws.deployment.model import AccountTarget, DeployOptions
from awsit.aws.deployment.model import Deployed as Finished
from awsit.aws.mocks.records import MockRecords, packed
from awsit.aws.runs import secret_variables
from awsit.aws.runs.dynamodb.table import Table
from awsit.cli.main import cli
from awsit.engine.store.records import SecretInputs
from awsit.errors import UsageError
from awsit.model.json import dumps
from awsit.model.permissions import AwsLocation
from awsit.sandbox.deployment.unsupported import without_console_s_own
from awsit.sandbox.info import client_environment
from awsit.system.clock import SystemClock

RUN_ID, CUT_OFF, SWEPT, HELD = (f"run-01J0000000000000000000000{number}" for number in range(4))
SUITE = "suite-01J00000000000000000000000"
EXECUTION = "arn:aws:states:us-east-1:123456789012:execution:awsit-test-flow:"
IN_MOTO = AwsLocation("aws", "us-east-1", "123456789012")
KEY = {"id": "7"}
EVENT = {"source": "orders", "detail_type": "OrderPlaced"}
MOCKS, SECRET = "mocks", "s" * 26
LARGE, LARGER = 20_000, 300_000
TRACE = "1-581cf771-a006649127e371903a2de979"
"""Characters of a value, and of a result, that the runs table does not hold."""


def of_the_function() -> set[Row]:
    """What the function does, with its own role and with that of actions, in moto's account."""
    patch = pytest.MonkeyPatch()
    enter(patch)
    patch.setenv("AWSIT_NOTIFICATION_TOPIC", IN_MOTO.arn("sns", "developers"))
    patch.setenv("AWSIT_MOCKS_TABLE", MOCKS)
    patch.setenv("AWSIT_MOCKS_URL", "http://127.0.0.1")
    from awsit.lambdas import atomic_invoker, mocks

    atomic_invoker._host.cache_clear()
    mocks._records.cache_clear()
    try:
        with mock_aws(config={"lambda": {"use_docker": False}}):
            _fill()
            with recorded("function", "actions") as calls:
                _run_everything(atomic_invoker.lambda_handler)
            with recorded("mocks") as of_mocks:
                _call_mock(mocks.lambda_handler)
    finally:
        patch.undo()
        atomic_invoker._host.cache_clear()
        mocks._records.cache_clear()
        _close_recorder()
    names = {
        "us-east-1": REGION,
        f"table/{TABLE}": "table/RunsTable",
        f"table/{MOCKS}": "table/MocksTable",
        f"arn:aws:s3:::{BUCKET}": ARNS["Bucket"],
        f"arn:aws:iam::{ACCOUNT}:role/actions": "ActionsRole.Arn",
        "-??????": "-AbCdEf",
        "stack/orders/*": "stack/orders/1f",
    }
    return rows([*calls, *of_mocks], IN_MOTO, names)


def _fill() -> None:
    """What the scenario finds in the account, and the secret variables that were left for it."""
    make_table()
    make_table(MOCKS)
    MockRecords(Table(AwsClients(), MOCKS)).open(SECRET, packed([{"path": "/"}]), 2**40)
    final = [{"path": "$.actions.Cached.result.item.id", "equals": "10"}]
    scenario = {"name": "everything", "variables": {"password": ""}, "actions": _actions(), "assertions": final}
    boto3.client("s3").create_bucket(Bucket=BUCKET)
    boto3.client("s3").put_object(Bucket=BUCKET, Key="scenarios/everything.json", Body=dumps(scenario).encode())
    setup = {"name": "setup", "actions": [{"name": "Wait", "type": "wait", "params": {"seconds": 0}}]}
    boto3.client("s3").put_object(Bucket=BUCKET, Key="scenarios/setup.json", Body=dumps(setup).encode())
    boto3.resource("dynamodb").create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("id", "customer")],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-customer",
                "KeySchema": [{"AttributeName": "customer", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "ALL"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    orders = boto3.resource("dynamodb").Table("orders")
    orders.put_item(Item={"id": "9", "password": "x" * LARGE})
    orders.put_item(Item={"id": "10", "text": "x" * LARGER})
    boto3.client("sqs").create_queue(QueueName="orders")
    boto3.client("logs").create_log_group(logGroupName="orders")
    segment = {"id": "70de5b6f19ff9a0a", "name": "orders", "trace_id": TRACE, "start_time": 1.0, "end_time": 2.0}
    boto3.client("xray").put_trace_segments(TraceSegmentDocuments=[json.dumps(segment)])
    definition = {"StartAt": "Done", "States": {"Done": {"Type": "Pass", "End": True}}}
    boto3.client("stepfunctions").create_state_machine(
        name="orders", definition=json.dumps(definition), roleArn=f"arn:aws:iam::{ACCOUNT}:role/orders"
    )
    boto3.client("kinesis").create_stream(StreamName="orders", ShardCount=1)
    boto3.client("s3").create_bucket(Bucket="orders")
    boto3.client("s3").put_bucket_versioning(Bucket="orders", VersioningConfiguration={"Status": "Enabled"})
    boto3.client("sns").create_topic(Name="orders")
    boto3.client("events").create_event_bus(Name="orders")
    boto3.client("secretsmanager").create_secret(Name="orders", SecretString="hush-hush")
    boto3.client("ssm").put_parameter(Name="/orders/url", Value="http://127.0.0.1", Type="String")
    template = {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}}, "Outputs": {"Table": {"Value": "orders"}}}
    boto3.client("sns").create_topic(Name="developers")
    boto3.client("cloudformation").create_stack(StackName="orders", TemplateBody=json.dumps(template))
    left = SecretInputs(variables={"password": "x" * LARGE})
    secret_variables.give(AwsClients(), TABLE, RUN_ID, left, 0)


def dynamodb(operation: str, **params: Any) -> dict[str, Any]:
    """An action on the table of orders."""
    named = {"operation": operation, "table": "{{ stack('orders').Table }}", **params}
    return {"name": operation.title().replace("_", ""), "type": "dynamodb", "params": named}


def sqs(operation: str, **params: Any) -> dict[str, Any]:
    """An action on the queue of orders."""
    return {
        "name": f"Sqs{operation.title()}",
        "type": "sqs",
        "params": {"operation": operation, "queue": "orders", **params},
    }


def s3(operation: str, **params: Any) -> dict[str, Any]:
    """An action on the bucket of orders."""
    named = {"operation": operation, "bucket": "orders", **params}
    return {"name": f"S3{operation.title()}", "type": "s3", "params": named}


def listen(**params: Any) -> dict[str, Any]:
    """A tap, called after its source."""
    source = next(iter(params)).title().replace("_", "")
    return {"name": f"Hear{source}", "type": "listen", "params": params}


def machine(operation: str, **params: Any) -> dict[str, Any]:
    """An action on the state machine of orders, which may fail."""
    named = {"operation": operation, **params}
    return {
        "name": f"Machine{operation.title()}",
        "type": "state_machine",
        "continue_on_failure": True,
        "params": named,
    }


def _actions() -> list[dict[str, Any]]:
    undo = [{**dynamodb("delete_item", key={"id": str(number)}), "name": f"Undo{number}"} for number in range(10)]
    index = {"index": "by-customer", "key_condition": {"customer": "ada"}}
    return [
        {**dynamodb("put_item", item=KEY), "cleanup": undo, "let": {"large": "{{ vars.password }}"}},
        {**dynamodb("put_item", item={"id": "8"}), "name": "Replaced", "auto_cleanup": True},
        {**dynamodb("put_item", item={"id": "9"}), "name": "Restored", "restore": True},
        {**dynamodb("get_item", key={"id": "10"}), "name": "Cached", "cache_seconds": 60},
        dynamodb("get_item", key={"id": "{{ secret('orders') }}"}),
        dynamodb("update_item", key=KEY, set={"url": "{{ parameter('/orders/url') }}"}),
        dynamodb("query", key_condition=KEY),
        {
            **dynamodb("query", **index),
            "name": "QueryIndex",
            "pass_to_context": {"found": "$.items", "many": "$.count"},
        },
        dynamodb("scan"),
        {**dynamodb("scan", index="by-customer"), "name": "ScanIndex"},
        dynamodb("batch_write", items=[KEY]),
        dynamodb("batch_get", keys=[KEY]),
        {"name": "Invoke", "type": "lambda_invoke", "params": {"function": "orders"}},
        listen(topic=IN_MOTO.arn("sns", "orders"), ready_seconds=0),
        listen(event_bus="orders", pattern={"source": ["orders"]}, ready_seconds=0),
        {**listen(bucket="orders"), "continue_on_failure": True},  # moto does not say that it sends to EventBridge
        {"name": "Publish", "type": "sns", "params": {"topic": IN_MOTO.arn("sns", "orders"), "message": "text"}},
        {"name": "Put", "type": "eventbridge", "params": {"bus": "orders", "events": [EVENT]}},
        {"name": "Heard", "type": "receive", "params": {"from": "HearTopic"}},
        {"name": "Payments", "type": "mock", "params": {"routes": [{"path": "/"}]}},
        {"name": "NotPaid", "type": "receive", "params": {"mock": "Payments", "count": 0}},
        s3("put", key="7.json", body=KEY),
        {**s3("put", key="7.json", body=KEY), "name": "Overwrite", "auto_cleanup": True},
        s3("get", key="7.json"),
        s3("list"),
        {**s3("delete", key="7.json"), "name": "Removed", "restore": True},
        {
            "name": "PutRecords",
            "type": "kinesis",
            "params": {"operation": "put", "stream": "orders", "records": [{"data": KEY, "partition_key": "7"}]},
        },
        {"name": "ReadRecords", "type": "kinesis", "params": {"operation": "read", "stream": "orders"}},
        {"name": "Records", "type": "listen", "params": {"stream": "orders"}},
        {"name": "NoRecord", "type": "receive", "params": {"from": "Records", "count": 0}},
        machine("start", state_machine=IN_MOTO.arn("states", "stateMachine:orders"), name="one"),
        machine("stop", execution=IN_MOTO.arn("states", "execution:orders:one")),
        machine("wait", execution=IN_MOTO.arn("states", "execution:orders:one"), expected_status="ABORTED"),
        machine(
            "find", state_machine=IN_MOTO.arn("states", "stateMachine:orders"), match={}, expected_status="ABORTED"
        ),
        machine("test_state", state_machine=IN_MOTO.arn("states", "stateMachine:orders"), state="Done"),
        machine("start_express", state_machine=IN_MOTO.arn("states", "stateMachine:orders")),
        {"name": "ReadLogs", "type": "logs", "params": {"group": "orders"}},
        {"name": "QueryLogs", "type": "logs", "params": {"group": "orders", "query": "fields @message"}},
        {"name": "ReadTrace", "type": "trace", "params": {"trace_id": TRACE, "settle_seconds": 0}},
        sqs("send", body="text"),
        sqs("receive", delete=True),
        sqs("depth"),
        sqs("purge"),
    ]


def _call_mock(handler: Any) -> None:
    """What a service under test has the function of mocks do."""
    request = {"http": {"method": "GET"}}
    assert handler({"rawPath": f"/{SECRET}/", "requestContext": request}, None)["statusCode"] == 200


def _run_everything(handler: Handler) -> None:
    """What the state machine has the function do in a run, then what the rules of the stack have it do."""

    def invoke(task: str, run_id: str = RUN_ID, **event: Any) -> Any:
        execution = {"id": f"{EXECUTION}{run_id}", "name": run_id, "started_at": "2026-01-01T00:00:00Z"}
        return handler({"task": task, "execution": execution, **event}, None)

    invoke("prepare", input={"scenario": "everything", "given": True})
    for index in range(len(_actions())):
        invoke("execute", index=index, sequence=1)
    for item in invoke("verify")["to_do"]:
        invoke("cleanup", item={**item, "look": True}, sequence=1)
    invoke("report")
    invoke("prepare", CUT_OFF, input={"scenario": "everything"})
    invoke("recover", CUT_OFF, status="ABORTED")
    invoke("prepare", HELD, input={"scenario": "setup", "hold": True, "suite": SUITE})
    invoke("execute", HELD, index=0, sequence=1)
    for task in ("verify", "report"):
        invoke(task, HELD)
    invoke("prepare", SWEPT, input={"scenario": "everything", "schedule": "everything"})
    changes = {"lease_ends_at": {"Value": 0, "Action": "PUT"}}
    for run_id in (HELD, SWEPT):
        key = {"run_id": run_id, "sk": "run"}
        boto3.resource("dynamodb").Table(TABLE).update_item(Key=key, AttributeUpdates=changes)
    handler({"task": "sweep"}, None)


Awsit = Callable[..., Result]


def _close_recorder() -> None:
    """Close the socket that the X-Ray SDK opens when moto imports it, and that nobody else closes."""
    from aws_xray_sdk.core import xray_recorder

    xray_recorder.emitter._socket.close()


def of_the_commands(deployed: Deployed, folder: Path) -> set[Row]:
    """What people's commands do, in the sandbox as if it were an account."""
    patch = pytest.MonkeyPatch()
    patch.chdir(folder)
    for name, text in {"quick": QUICK, "kept": KEPT, "slow": SLOW}.items():
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    made: set[Row] = set()
    try:
        for caller, tour in TOURS.items():
            with recorded(caller) as calls:
                tour(_command_line(deployed, folder / caller), deployed)
            made |= rows(calls, AwsLocation.of("us-east-1", "000000000000"), _names(deployed))
    finally:
        patch.undo()
    return made


QUICK = """
name: quick
variables: {password: ""}
actions: [{name: Wait, type: wait, params: {seconds: 0}}]
"""
KEPT = """
name: kept
actions:
  - name: Wait
    type: wait
    params: {seconds: 0}
    cleanup: [{name: Again, type: wait, params: {seconds: 0}}]
"""
OTHER = "other"
"""The name of the stack that is deployed and removed, in a region where nothing was deployed before."""
SLOW = """
name: slow
actions: [{name: Wait, type: wait, params: {seconds: 60}}]
"""


def _command_line(deployed: Deployed, folder: Path) -> Awsit:
    own = {"AWSIT_STACK": "awsit", "AWSIT_STATE_FOLDER": str(folder / "state"), "HOME": str(folder)}
    variables = {**client_environment(deployed.sandbox), **own}

    def call(*arguments: str, ends_with: int = 0) -> Result:
        result = CliRunner().invoke(cli, arguments, env=variables, prog_name="awsit")
        assert result.exit_code == ends_with, result.output
        return result

    return call


def _names(deployed: Deployed) -> dict[str, str]:
    own = deployed.installation
    return {
        own.bucket: "bucket",
        own.table: "RunsTable",
        "us-east-1": REGION,
        "000000000000": ACCOUNT,
        f"stack/{OTHER}/*": "stack/awsit/1f",
        f"stack/{OTHER}/": "stack/awsit/",
        f"{OTHER}-": "awsit-",
        "stack/awsit/*": "stack/awsit/1f",
    }


def _run_and_stop(awsit: Awsit, deployed: Deployed) -> None:
    awsit("push", "quick.yaml")
    awsit("list-scenarios")
    run = json.loads(awsit("run", "quick", "--var", "password=hush-hush", "--json").stdout)
    arn = run["execution_arn"]
    for reference in (run["run_id"], arn):
        awsit("status", reference)
        awsit("logs", reference)
    awsit("runs", "--state-machine-arn", deployed.installation.state_machine_arn)
    awsit("history")
    awsit("history", "quick")
    for abort in ([], ["--abort"]):
        started = json.loads(awsit("run", "slow.yaml", "--no-wait", "--json").stdout)
        awsit("stop", started["run_id"], *abort)
    awsit("run", "quick.yaml", "--in-account")
    started = json.loads(awsit("run", "slow.yaml", "--in-account", "--no-wait", "--json").stdout)
    awsit("logs", started["suite_id"])
    awsit("stop", started["suite_id"])
    kept = json.loads(awsit("run", "kept.yaml", "--keep", "--json", ends_with=5).stdout)
    awsit("cleanup", kept["run_id"], "--forget", "--yes")
    awsit("cleanup", "--all")
    awsit("plan", "quick.yaml", "--suite")
    awsit("run", "quick.yaml", "--ship-logs")
    awsit("run", "quick.yaml", "--engine", "local", "--metrics")
    awsit("logs", "--query", "slowest")
    awsit("metrics")


def _look(awsit: Awsit, deployed: Deployed) -> None:
    kept = deployed.aws.client("s3").list_objects_v2(Bucket=deployed.installation.bucket, Prefix="suites/")["Contents"]
    for command in ("status", "logs", "report"):
        awsit(command, kept[0]["Key"].split("/")[1])
    run = json.loads(awsit("history", "quick", "--json").stdout)[0]["entries"][0]["run_id"]
    awsit("report", run)
    awsit("report", run, "--state-machine-arn", deployed.installation.state_machine_arn)
    awsit("logs", run)
    awsit("logs", "--query", "slowest")
    awsit("metrics")
    awsit("list-scenarios")


def _schedule(awsit: Awsit, _deployed: Deployed) -> None:
    for _ in range(2):
        awsit("schedule", "deploy", "slow.yaml", "--rate", "7 days")
    awsit("schedule", "list")
    awsit("schedule", "pause", "slow")
    awsit("schedule", "remove", "slow")


class _EmulatedAccount(AccountTarget):
    """An account, but for what the emulator does not know and nobody calls."""

    def prepared(self, template: dict[str, Any], _parameters: Mapping[str, str]) -> dict[str, Any]:
        return dict(without_console_s_own(template))


def _deploy_and_destroy(awsit: Awsit, deployed: Deployed) -> None:
    aws = AwsClients(endpoint_url=deployed.sandbox.endpoint_url, region=REGION)
    target = _EmulatedAccount()
    cache = deployed.sandbox.state_folder / "cache"
    with suppress(UsageError):  # the sandbox's account has none left; it was asked
        list(
            deploy(
                aws, SystemClock(), DeployOptions(cache, OTHER, parameters={"ReservedConcurrency": "1"}, target=target)
            )
        )
    options = DeployOptions(cache, OTHER, dependencies=False, target=target)
    *_, finished = deploy(aws, SystemClock(), options)
    assert isinstance(finished, Finished)
    s3 = boto3.client("s3", endpoint_url=deployed.sandbox.endpoint_url)
    s3.put_object(Bucket=finished.outputs["BucketName"], Key="runs/1")
    awsit("destroy", "--stack", OTHER, "--region", REGION, "--yes")


TOURS = {"run": _run_and_stop, "look": _look, "schedule": _schedule, "deploy": _deploy_and_destroy}
"""What commands do, by who calls them."""

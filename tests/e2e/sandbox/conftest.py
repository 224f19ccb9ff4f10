"""A sandbox of its own for the end-to-end tests of this folder, with the order service in it."""

import io
import os
import zipfile
from pathlib import Path

import boto3
import pytest
from botocore.config import Config

from awsit.http.transport import Urllib3Transport
from awsit.sandbox.info import client_environment
from awsit.sandbox.sandbox import Sandbox
from awsit.system.clock import SystemClock
from awsit.system.randomness import SystemRandomness

ORDERS = Path(__file__).parents[3] / "examples" / "orders"
CODE = "CodeUri: service/"


@pytest.fixture(scope="session")
def http():
    transport = Urllib3Transport()
    yield transport
    transport.close()


@pytest.fixture(scope="session")
def sandbox(tmp_path_factory, http):
    folder = tmp_path_factory.mktemp("awsit")
    sandbox = Sandbox(folder, http, SystemClock(), SystemRandomness(), outside=os.environ)
    sandbox.start()
    yield sandbox
    sandbox.stop()


@pytest.fixture(scope="session")
def client(sandbox):
    variables = client_environment(sandbox.check_alive())
    clients = {}

    def make(service):
        if service not in clients:
            clients[service] = boto3.client(
                service,
                endpoint_url=variables["AWS_ENDPOINT_URL"],
                region_name=variables["AWS_REGION"],
                aws_access_key_id=variables["AWS_ACCESS_KEY_ID"],
                aws_secret_access_key=variables["AWS_SECRET_ACCESS_KEY"],
                config=Config(retries={"max_attempts": 1}),
            )
        return clients[service]

    yield make
    for each in clients.values():
        each.close()


@pytest.fixture(scope="session")
def orders(client):
    """The outputs of the deployed order service."""
    client("s3").create_bucket(Bucket="code")
    client("s3").put_object(Bucket="code", Key="service.zip", Body=_zip(ORDERS / "service"))
    template = (ORDERS / "template.yaml").read_text().replace(CODE, "CodeUri: {Bucket: code, Key: service.zip}")
    client("cloudformation").create_stack(
        StackName="orders", TemplateBody=template, Capabilities=["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
    )
    client("cloudformation").get_waiter("stack_create_complete").wait(
        StackName="orders", WaiterConfig={"Delay": 1, "MaxAttempts": 10}
    )
    stack = client("cloudformation").describe_stacks(StackName="orders")["Stacks"][0]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


def _zip(folder):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for file in sorted(folder.glob("*.py")):
            archive.write(file, file.name)
    return buffer.getvalue()

"""What the tests share: the outputs of the stacks, an HTTP session that retries, a poll."""

import time
import uuid
from collections.abc import Callable

import boto3
import pytest
import requests
from requests.adapters import HTTPAdapter
from urllib3 import Retry


def outputs(stack: str) -> dict[str, str]:
    stacks = boto3.client("cloudformation").describe_stacks(StackName=stack)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stacks[0]["Outputs"]}


@pytest.fixture(scope="session")
def orders() -> dict[str, str]:
    return outputs("orders")


@pytest.fixture(scope="session")
def notes() -> dict[str, str]:
    return outputs("notes")


@pytest.fixture(scope="session")
def table(orders):
    return boto3.resource("dynamodb").Table(orders["Table"])


@pytest.fixture(scope="session")
def http() -> requests.Session:
    session = requests.Session()
    retry = Retry(total=3, backoff_factor=0.5, status_forcelist=[429, 502, 503, 504])
    session.mount("https://", HTTPAdapter(max_retries=retry))
    return session


@pytest.fixture
def reference() -> str:
    return str(uuid.uuid4())


def poll(look: Callable[[], dict], done: Callable[[dict], bool], failed: Callable[[dict], bool], seconds: float = 60):
    deadline = time.monotonic() + seconds
    while True:
        found = look()
        assert not failed(found), f"there is no way back from {found}"
        if done(found):
            return found
        assert time.monotonic() < deadline, f"not within {seconds} s; the last answer was {found}"
        time.sleep(1)


@pytest.fixture
def create_order(http, orders, table, reference):
    created = []

    def create(product: str, quantity: int) -> requests.Response:
        body = {"product": product, "quantity": quantity, "reference": reference}
        response = http.post(f"{orders['ApiUrl']}/orders", json=body, timeout=30)
        assert response.status_code == 201, response.text
        created.append(response.json()["order_id"])
        return response

    yield create
    for order_id in reversed(created):
        table.delete_item(Key={"order_id": order_id})

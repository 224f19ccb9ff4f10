"""The pace of calls, by botocore's own clients: the answers are stubbed, time is the test's."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.config import Config
from botocore.session import get_session

from awsit.aws.client.clients import AwsClients
from awsit.aws.client.deadline import within
from awsit.aws.client.pace import QUOTAS, Pace
from awsit.quotas.account import AccountQuotas
from awsit.quotas.catalogue import DESCRIBE_EXECUTION, START_EXECUTION
from awsit.system.clock import FakeClock

ARN = "arn:aws:states:eu-central-1:123456789012:execution:flow:run"
THROTTLED = b'{"__type": "ThrottlingException", "message": "Rate exceeded"}'


class Body:
    def __init__(self, content: bytes) -> None:
        self._content = content

    def stream(self, *_: Any, **__: Any) -> Any:
        yield self._content

    def read(self, *_: Any) -> bytes:
        return self._content


def answers(client: Any, *statuses: int) -> list[int]:
    """Have the client's requests answered with these statuses, the last one again and again; lists what was sent."""
    left, sent = list(statuses), []

    def send(request: Any, **_: Any) -> AWSResponse:
        status = left.pop(0) if len(left) > 1 else left[0]
        sent.append(status)
        return AWSResponse(request.url, status, {}, Body(b"{}" if status < 400 else THROTTLED))

    client.meta.events.register("before-send", send)
    return sent


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")


def client_of(service: str, clock: FakeClock, attempts: int = 1) -> Any:
    config = Config(retries={"mode": "standard", "total_max_attempts": attempts})
    client = get_session().create_client(service, region_name="eu-central-1", config=config)
    Pace(clock).keep(client)
    return client


def test_starts_beyond_the_burst_come_as_fast_as_tokens_come_back() -> None:
    clock = FakeClock()
    client = client_of("stepfunctions", clock)
    sent = answers(client, 200)

    for number in range(1100):
        client.start_execution(stateMachineArn=ARN, name=f"run-{number}")

    assert len(sent) == 1100
    assert clock.monotonic() == pytest.approx((1100 - 800) / 150)


def test_operations_have_buckets_of_their_own() -> None:
    clock = FakeClock()
    client = client_of("stepfunctions", clock)
    answers(client, 200)

    for _ in range(260):
        client.describe_execution(executionArn=ARN)
    after_looking = clock.monotonic()
    client.start_execution(stateMachineArn=ARN)
    client.list_executions(stateMachineArn=ARN)

    assert after_looking == pytest.approx(1.0)
    assert clock.monotonic() == after_looking


def test_a_throttled_call_slows_down_those_after_it_and_they_recover() -> None:
    clock = FakeClock()
    client = client_of("stepfunctions", clock)
    answers(client, 400, 200)

    with pytest.raises(client.exceptions.ClientError):
        client.start_execution(stateMachineArn=ARN)
    client.start_execution(stateMachineArn=ARN)
    first = clock.monotonic()
    for _ in range(600):
        client.start_execution(stateMachineArn=ARN)
    paced = clock.monotonic()
    for _ in range(150):
        client.start_execution(stateMachineArn=ARN)

    assert first == pytest.approx(1 / 75)
    assert clock.monotonic() - paced == pytest.approx(1.0, abs=0.1)


def test_what_the_sdk_repeats_waits_for_tokens_too(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FakeClock()
    monkeypatch.setattr("botocore.endpoint.time.sleep", lambda _: None)
    client = client_of("stepfunctions", clock, attempts=3)
    sent = answers(client, 400)

    for _ in range(5):
        with pytest.raises(client.exceptions.ClientError):
            client.start_execution(stateMachineArn=ARN)

    assert len(sent) == 15
    assert clock.monotonic() == pytest.approx(sum(min(2**number / 150, 1 / 3) for number in range(1, 15)))


def test_a_call_waits_for_its_token_no_longer_than_it_may_take() -> None:
    clock = FakeClock()
    client = client_of("stepfunctions", clock)
    answers(client, 200)
    for _ in range(400):
        client.describe_execution(executionArn=ARN)
        clock.slept.clear()

    with within(0.05):
        client.describe_execution(executionArn=ARN)

    assert sum(clock.slept) <= 0.05


def test_every_operation_that_is_paced_exists() -> None:
    clients = [client_of(name, FakeClock()) for name in ("stepfunctions", "cloudwatch")]
    assert set(QUOTAS) <= {name for client in clients for name in client.meta.service_model.operation_names}


def test_clients_of_other_patience_keep_the_same_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FakeClock()
    monkeypatch.setattr("awsit.aws.client.pace.SystemClock", lambda: clock)
    aws = AwsClients(region="eu-central-1")
    clients = [each.client("stepfunctions") for each in (aws, aws.patient(), aws.quick())]
    for client in clients:
        answers(client, 200)
        for _ in range(300):
            client.start_execution(stateMachineArn=ARN)
    assert clock.monotonic() == pytest.approx((900 - 800) / 150)


def test_an_emulated_aws_is_called_as_fast_as_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FakeClock()
    monkeypatch.setattr("awsit.aws.client.pace.SystemClock", lambda: clock)
    client = AwsClients(region="eu-central-1", endpoint_url="http://127.0.0.1:9").client("stepfunctions")
    answers(client, 200)
    for _ in range(300):
        client.describe_execution(executionArn=ARN)
    assert clock.slept == []


def test_an_account_with_other_quotas_is_called_at_their_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = FakeClock()
    monkeypatch.setattr("awsit.aws.client.pace.SystemClock", lambda: clock)
    aws = AwsClients(region="eu-central-1")
    starting = aws.client("stepfunctions")
    told = {START_EXECUTION.code: 10.0, START_EXECUTION.burst_code: 20.0, DESCRIBE_EXECUTION.burst_code: 1000.0}

    aws.keep_to(AccountQuotas("eu-central-1", told, is_read=True))
    looking = aws.patient().client("stepfunctions")  # made later
    for client in (starting, looking):
        answers(client, 200)
    for number in range(40):
        starting.start_execution(stateMachineArn=ARN, name=f"run-{number}")
    started = clock.monotonic()
    for _ in range(1000):
        looking.describe_execution(executionArn=ARN)

    assert started == pytest.approx((40 - 20) / 10)
    assert clock.monotonic() == started

"""What the deployed function may call, with the variables that the template gives it."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from tests.torture.things import Things, serving

from awsit.engine.secrets import encodings
from awsit.errors import ActionError
from awsit.lambdas import atomic_invoker
from awsit.lambdas.host import Host
from awsit.model.json import Json
from awsit.model.sources import Token, TokenCache

INIT = """
import socket
from botocore.session import Session
made, client = [], Session.create_client
Session.create_client = lambda session, name, **options: made.append(name) or client(session, name, **options)
socket.socket.connect = None
import awsit.lambdas.atomic_invoker
print(*made)
"""
"""Loads the function as Lambda does, with nothing that could be sent, and prints the services that have clients."""


@pytest.fixture
def things() -> Iterator[Things]:
    with serving() as served:
        yield served


@pytest.fixture(autouse=True)
def _deployed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("AWSIT_TABLE", "runs")
    monkeypatch.setenv("AWSIT_BUCKET", "bucket")
    monkeypatch.setenv("AWSIT_ACTIONS_ROLE", "arn:aws:iam::123456789012:role/actions")
    monkeypatch.setenv("AWSIT_ALLOWED_HOSTS", "")
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    atomic_invoker._host.cache_clear()
    yield
    atomic_invoker._host.cache_clear()


def test_the_function_calls_nothing_of_its_own_machine_by_default(things: Things) -> None:
    for url in (things.url, "http://169.254.169.254/latest/"):
        with pytest.raises(ActionError, match="no request may go there"):
            atomic_invoker.dispatch_action("http_call", {"url": url})


def test_the_parameter_of_the_stack_allows_more_but_not_the_runtime_api(
    things: Things, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWSIT_ALLOWED_HOSTS", "10.0.0.0/8,127.0.0.0/8")
    answer = atomic_invoker.dispatch_action("http_call", {"url": things.url})
    assert answer["result"]["status"] == 404

    monkeypatch.setenv("AWS_LAMBDA_RUNTIME_API", things.url.removeprefix("http://"))
    atomic_invoker._host.cache_clear()
    with pytest.raises(ActionError, match="the runtime API of this function"):
        atomic_invoker.dispatch_action("http_call", {"url": things.url})


@pytest.mark.parametrize(("function_name", "services"), [("awsit-AtomicLambdaInvoker", ["dynamodb", "s3"]), ("", [])])
def test_a_worker_has_its_clients_before_the_first_event(function_name: str, services: list[str]) -> None:
    names = ("AWSIT_TABLE", "AWSIT_BUCKET", "AWSIT_ACTIONS_ROLE", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    variables = {**dict.fromkeys(names, "x"), "AWS_DEFAULT_REGION": "eu-west-1"}
    if function_name:
        variables["AWS_LAMBDA_FUNCTION_NAME"] = function_name

    done = subprocess.run(
        [sys.executable, "-c", INIT], env=variables, capture_output=True, text=True, check=False, timeout=180
    )

    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == services


def test_no_secret_of_a_call_stays_in_the_memory_of_the_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(atomic_invoker, "_carry_out", lambda *_: encodings.forms("hunter2-hunter2") and {})

    atomic_invoker.lambda_handler({"task": "prepare", "execution": {"id": "arn", "name": f"run-{'0' * 26}"}}, None)

    assert encodings._forms.cache_info().currsize == 0


def test_each_call_of_the_function_asks_for_its_own_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    caches: list[TokenCache] = []

    def carry_out(host: Host, *_: object) -> Json:
        caches.append(host.services.tokens)
        host.services.tokens.get("key", lambda: Token("t0ken"), host.services.clock.monotonic, 1)
        return {}

    monkeypatch.setattr(atomic_invoker, "_carry_out", carry_out)

    for _ in range(2):
        atomic_invoker.lambda_handler({"task": "prepare", "execution": {"id": "arn", "name": f"run-{'0' * 26}"}}, None)

    assert caches[0] is not caches[1]

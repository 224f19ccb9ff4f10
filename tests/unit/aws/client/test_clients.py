import logging
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from urllib.parse import urlsplit

import pytest
from botocore.stub import Stubber

import awsit
from awsit.aws.client.call_log import log_calls
from awsit.aws.client.clients import QUICK_SECONDS, AwsClients, ConnectSettings
from awsit.errors import CredentialsError, EnvironmentFailure
from awsit.model.http import HttpRequest


def test_a_client_is_made_once_and_shared_between_threads():
    aws = AwsClients(region="eu-west-1")

    with ThreadPoolExecutor(8) as threads:
        clients = list(threads.map(aws.client, ["sqs"] * 16))

    assert len(set(map(id, clients))) == 1
    aws.close()


def test_calls_are_named_as_awsits_and_retried_in_the_standard_way():
    config = AwsClients(region="eu-west-1", settings=ConnectSettings(max_attempts=3)).client("sqs").meta.config

    assert f"awsit/{awsit.__version__}" in config.user_agent_extra
    assert config.retries == {"mode": "standard", "total_max_attempts": 3}
    assert config.tcp_keepalive


def test_an_invocation_is_never_repeated_by_the_client():
    config = AwsClients(region="eu-west-1").client("lambda").meta.config

    assert config.retries["total_max_attempts"] == 1
    assert config.read_timeout > 900


def test_no_region_says_where_to_give_one():
    with pytest.raises(EnvironmentFailure, match="no AWS region") as caught:
        AwsClients().client("s3")

    assert "--region" in caught.value.hint
    assert "--sandbox" in caught.value.hint
    assert "AWS_REGION" in caught.value.hint


def test_an_unknown_profile_is_named():
    with pytest.raises(CredentialsError, match=r"profile \(nope\)"):
        AwsClients(profile="nope", region="eu-west-1").client("s3")


def test_the_endpoint_of_the_environment_is_honoured(monkeypatch):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:4566")

    assert AwsClients(region="eu-west-1").client("s3").meta.endpoint_url == "http://127.0.0.1:4566"


def test_a_region_that_is_set_to_nothing_is_none_whatever_the_profile_says(monkeypatch, tmp_path):
    (tmp_path / "config").write_text("[default]\nregion = eu-west-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)
    assert AwsClients().region == "eu-west-1"
    with pytest.raises(EnvironmentFailure, match="no AWS region is configured"):
        _ = AwsClients(region="").region


def test_signing_adds_headers_and_keeps_the_rest():
    request = HttpRequest(
        "POST", "https://api.example.com/prod/orders?a=1", {"content-type": "application/json"}, b"{}"
    )

    signed = AwsClients(region="eu-west-1").sign(request, "execute-api", "us-east-1")

    assert signed.headers["content-type"] == "application/json"
    assert "/us-east-1/execute-api/aws4_request" in signed.headers["Authorization"]
    assert "SignedHeaders=content-type;host;x-amz-date" in signed.headers["Authorization"]
    assert (signed.url, signed.body, signed.method) == (request.url, request.body, "POST")


def test_signing_needs_credentials(monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")

    with pytest.raises(CredentialsError, match="unable to locate credentials"):
        AwsClients(region="eu-west-1").sign(HttpRequest("GET", "https://x/"), "execute-api")


def test_calls_are_logged_without_their_parameters(caplog):
    caplog.set_level(logging.DEBUG, "awsit.aws")
    client = AwsClients(region="eu-west-1").client("secretsmanager")
    with Stubber(client) as stub:
        metadata = {"HTTPStatusCode": 200, "RequestId": "req-1", "RetryAttempts": 2}
        stub.add_response("get_secret_value", {"SecretString": "hush", "ResponseMetadata": metadata})
        stub.add_client_error("get_secret_value", "ResourceNotFoundException")
        client.get_secret_value(SecretId="the-id")
        with pytest.raises(client.exceptions.ResourceNotFoundException):
            client.get_secret_value(SecretId="the-id")

    first, second = [record.getMessage() for record in caplog.records if record.name == "awsit.aws"]
    assert first.startswith("secretsmanager.GetSecretValue 200 request_id=req-1 retries=2 ")
    assert second.startswith("secretsmanager.GetSecretValue ResourceNotFoundException ")
    assert "hush" not in caplog.text
    assert "the-id" not in caplog.text


def test_a_call_without_an_answer_is_logged_with_its_duration(caplog):
    caplog.set_level(logging.DEBUG, "awsit.aws")
    ticks = iter([10.0, 10.25])
    client = AwsClients(region="eu-west-1").session.create_client(
        "sqs", region_name="eu-west-1", endpoint_url="http://127.0.0.1:1"
    )
    client.meta.config.retries = {"total_max_attempts": 1}
    log_calls(client, lambda: next(ticks))
    client.meta.events.register_last("before-send.*.*", _refuse)

    with pytest.raises(ConnectionRefusedError):
        client.list_queues()

    assert caplog.records[-1].getMessage() == "sqs.ListQueues ConnectionRefusedError request_id=- retries=0 250 ms"


def _refuse(**_):
    raise ConnectionRefusedError


def test_a_patient_client_makes_more_attempts_with_the_same_session() -> None:
    aws = AwsClients(region="eu-west-1", endpoint_url="http://127.0.0.1:9")
    patient = aws.patient()

    attempts = [each.client("dynamodb").meta.config.retries["total_max_attempts"] for each in (aws, patient)]

    assert attempts == [5, 12]
    assert patient.client("dynamodb").meta.endpoint_url == "http://127.0.0.1:9"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [(None, None), ("AccessDenied", None), ("InvalidClientTokenId", None), ("ExpiredToken", "have expired")],
)
def test_temporary_credentials_are_tried_before_they_are_needed(monkeypatch, answer, expected):
    monkeypatch.setenv("AWS_SESSION_TOKEN", "temporary")
    aws, calls = AwsClients(region="eu-west-1"), []

    def respond(model, **_):
        calls.append(model.name)
        parsed = {"Error": {"Code": answer, "Message": "no"}, "ResponseMetadata": {}} if answer else {"Account": "1"}
        return SimpleNamespace(status_code=400 if answer else 200), parsed

    aws.session.register("before-call", respond)
    if expected:
        with pytest.raises(CredentialsError, match=expected):
            aws.check_credentials()
    else:
        aws.check_credentials()
    assert calls == ["GetCallerIdentity"]


def test_no_call_is_made_for_credentials_that_do_not_expire():
    aws, calls = AwsClients(region="eu-west-1"), []
    aws.session.register("before-call", lambda model, **_: calls.append(model.name))
    aws.check_credentials()
    assert calls == []


def test_an_sts_that_is_out_of_reach_says_nothing(monkeypatch):
    monkeypatch.setenv("AWS_SESSION_TOKEN", "temporary")
    AwsClients(region="eu-west-1", endpoint_url="http://127.0.0.1:1").check_credentials()


def test_a_quick_client_gives_up_soon_with_the_same_session() -> None:
    aws = AwsClients(region="eu-west-1", endpoint_url="http://127.0.0.1:9")
    quick = aws.quick()

    config = quick.client("logs").meta.config

    assert (config.connect_timeout, config.read_timeout) == (QUICK_SECONDS, QUICK_SECONDS)
    assert quick.session is aws.session


class Sent(Exception):
    """A request that was about to be sent."""


def host_of(aws, service, operation, **params):
    def caught(request, **_):
        raise Sent(request.url)

    client = aws.client(service)
    client.meta.events.register("before-send", caught)
    with pytest.raises(Sent) as sent:
        getattr(client, operation)(**params)
    return urlsplit(str(sent.value)).netloc


@pytest.mark.parametrize("by", ["parameter", "variable"])
@pytest.mark.parametrize("host", ["127.0.0.1:4566", "localhost:4566", "[::1]:4566"])
def test_operations_with_a_host_of_their_own_go_to_the_endpoint(by, host, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    url = f"http://{host}"
    if by == "variable":
        monkeypatch.setenv("AWS_ENDPOINT_URL", url)
    aws = AwsClients(region="eu-west-1", endpoint_url=url if by == "parameter" else None)
    machine = "arn:aws:states:eu-west-1:123456789012:stateMachine:m"

    assert host_of(aws, "stepfunctions", "start_sync_execution", stateMachineArn=machine) == host
    assert host_of(aws, "stepfunctions", "test_state", definition="{}") == host
    assert host_of(aws, "servicediscovery", "discover_instances", NamespaceName="n", ServiceName="s") == host


def test_on_aws_they_go_to_their_host(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    machine = "arn:aws:states:eu-west-1:123456789012:stateMachine:m"
    sent_to = host_of(AwsClients(region="eu-west-1"), "stepfunctions", "start_sync_execution", stateMachineArn=machine)

    assert sent_to == "sync-states.eu-west-1.amazonaws.com"

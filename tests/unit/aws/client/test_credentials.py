"""Credentials whose provider does not answer, or answers late."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic

import pytest
from botocore.credentials import RefreshableCredentials
from botocore.exceptions import CredentialRetrievalError
from tests.measured import measured

from awsit.aws.client.clients import AwsClients
from awsit.aws.client.credentials import CredentialsInTime, CredentialsTimeoutError
from awsit.aws.client.deadline import within
from awsit.errors import EnvironmentFailure

SECONDS = 0.2

ENDED = (
    '{"Version": 1, "AccessKeyId": "k", "SecretAccessKey": "s", "SessionToken": "t", '
    '"Expiration": "2001-01-01T00:00:00Z"}'
)
"""What a program prints that gives credentials whose time is over."""


class Provider:
    """Gives credentials that are good for so many minutes, the first ones at once; the others when it is let go."""

    def __init__(self, minutes: float) -> None:
        self.let_go = threading.Event()
        self.calls = 0
        self.now = datetime(2030, 1, 1, tzinfo=UTC)
        ends = self.now + timedelta(minutes=minutes)
        found = RefreshableCredentials("key-0", "s", "t", ends, self.renew, "sso", time_fetcher=lambda: self.now)
        self.credentials = CredentialsInTime(found)

    def renew(self) -> dict[str, str]:
        self.calls += 1
        self.let_go.wait(20)
        ends = (self.now + timedelta(hours=1)).isoformat()
        return {"access_key": f"key-{self.calls}", "secret_key": "s", "token": "t", "expiry_time": ends}

    def key(self) -> str:
        return self.credentials.get_frozen_credentials().access_key


@pytest.fixture
def provider() -> Iterator[Callable[[float], Provider]]:
    made: list[Provider] = []

    def make(minutes: float) -> Provider:
        made.append(Provider(minutes))
        return made[-1]

    yield make
    for each in made:
        each.let_go.set()


def renewing() -> int:
    return sum(thread.name.startswith("awsit-credentials") for thread in threading.enumerate())


def test_a_provider_that_hangs_takes_no_longer_than_the_time(provider: Callable[[float], Provider]) -> None:
    gone = provider(-1)

    with measured() as took:
        for _ in range(3):
            with within(SECONDS), pytest.raises(CredentialsTimeoutError, match=r"no AWS credentials within 0\.\d+ s"):
                gone.key()

    assert took.seconds >= 3 * SECONDS
    assert took.own_seconds < 3 * SECONDS + 2
    assert gone.calls == renewing() == 1


def test_what_comes_late_is_for_the_next_call(provider: Callable[[float], Provider]) -> None:
    gone = provider(-1)
    with within(SECONDS), pytest.raises(CredentialsTimeoutError):
        gone.key()

    gone.let_go.set()

    with within(10):
        assert gone.key() == "key-1"
    assert gone.calls == 1


def test_credentials_that_are_still_good_are_used_while_they_are_renewed(provider: Callable[[float], Provider]) -> None:
    ending = provider(20)
    with within(10):
        assert ending.key() == "key-0"
    ending.now += timedelta(minutes=8)

    started = monotonic()
    with within(10):
        assert [ending.key(), ending.key()] == ["key-0", "key-0"]

    assert monotonic() - started < 5
    assert ending.calls == 1


def test_without_a_time_they_are_waited_for(provider: Callable[[float], Provider]) -> None:
    gone = provider(-1)
    threading.Timer(0.05, gone.let_go.set).start()

    assert gone.key() == "key-1"


@pytest.mark.parametrize(
    ("error", "words"),
    [(PermissionError("sign in first"), "sign in first"), (EOFError(), "a code is asked for .* no terminal")],
)
def test_what_gives_no_credentials_says_why(error: Exception, words: str) -> None:
    class Refusing(Provider):
        def renew(self) -> dict[str, str]:
            raise error

    with within(10), pytest.raises(CredentialRetrievalError, match=words):
        Refusing(-1).key()


PROFILE = "[profile slow]\nregion = eu-west-1\ncredential_process = /bin/sh -c 'sleep 8; echo {}'\n"


def test_a_call_ends_in_its_time_whatever_its_profile_does(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "config").write_text(PROFILE)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    started, aws = monotonic(), AwsClients(profile="slow")

    with aws.within(SECONDS), pytest.raises(EnvironmentFailure, match="no AWS credentials within") as raised:
        aws.client("sqs").list_queues()

    assert raised.value.code == "timeout"
    assert monotonic() - started < 6


def test_credentials_of_the_environment_are_as_botocore_finds_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "own")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "own")
    with within(10):
        credentials = AwsClients(region="eu-west-1").session.get_credentials()

    assert credentials
    assert (credentials.access_key, credentials.method) == ("own", "env")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("credential_process = echo no-json", "JSONDecodeError"),
        ("credential_process = /nowhere/there-is-none", "No such file or directory"),
        (f"credential_process = echo '{ENDED}'", "refreshed credentials are still expired"),
        ("credential_process = sleep 1", "no AWS credentials within 0.2 s"),
        ("role_arn = arn:aws:iam::123456789012:role/r\nweb_identity_token_file = /nowhere/t", "No such file"),
    ],
)
def test_what_botocore_lets_through_is_no_bug_and_ends(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, setting: str, words: str
) -> None:
    (tmp_path / "config").write_text(f"[profile p]\nregion = eu-west-1\n{setting}\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("awsit.aws.client.clients.CREDENTIALS_SECONDS", SECONDS)
    with pytest.raises(EnvironmentFailure, match=words):
        AwsClients(profile="p").check_credentials()


def test_an_endpoint_that_is_none_is_no_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "garbage")
    with pytest.raises(EnvironmentFailure, match="could not connect to sqs: Invalid endpoint: garbage") as caught:
        AwsClients(region="eu-west-1").client("sqs")
    assert "AWS_ENDPOINT_URL" in caught.value.hint

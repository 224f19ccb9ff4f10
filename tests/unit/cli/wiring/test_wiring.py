"""Which account the real objects talk to."""

from pathlib import Path

import pytest

from awsit import config
from awsit.cli.wiring.wiring import Wiring
from awsit.errors import SandboxError


def settings(tmp_path: Path, **flags: object) -> config.Settings:
    return config.load(flags, {}, tmp_path)


@pytest.mark.parametrize(
    ("flag", "named", "expected"),
    [("eu-west-1", "us-east-1", "eu-west-1"), (None, "us-east-1", "us-east-1"), (None, "", "ap-south-1")],
)
def test_the_region_is_the_flags_then_the_arns_then_the_environments(tmp_path, monkeypatch, flag, named, expected):
    monkeypatch.setenv("AWS_REGION", "ap-south-1")
    assert Wiring().aws(settings(tmp_path, region=flag), named).region == expected


def test_a_sandbox_that_does_not_run_is_never_replaced_by_an_account(tmp_path):
    with pytest.raises(SandboxError, match="no sandbox is running"):
        Wiring().aws(settings(tmp_path, sandbox=True))


def test_run_ids_are_ulids_in_order_of_time():
    first, second = Wiring().run_id(), Wiring().run_id()
    assert first != second
    assert first[:10] == second[:10]
    assert len(first) == len("run-") + 26


def test_evidence_is_read_with_the_credentials_of_whoever_runs_the_command(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDOFTHEPERSON")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    machine = "arn:aws:states:eu-west-1:123456789012:stateMachine:awsit-test-flow"
    used = []

    class Watched(Wiring):
        def aws(self, settings, region=""):
            used.append((aws := super().aws(settings, region)).client("logs")._request_signer._credentials.access_key)
            return aws

    Watched().evidence(settings(tmp_path, state_machine_arn=machine, region="eu-west-1"))

    assert used == ["AKIDOFTHEPERSON"]


def test_aws_is_the_same_as_long_as_all_that_decides_on_it_is(tmp_path, monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDFIRST")
    wiring, here = Wiring(), settings(tmp_path, region="eu-west-1")
    first = wiring.aws(here)

    assert wiring.aws(here) is first
    assert wiring.aws(here).quick() is first.quick()
    assert first.quick() is not first.patient()
    assert wiring.aws(settings(tmp_path, region="eu-west-2")) is not first
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIDSECOND")
    assert wiring.aws(here) is not first

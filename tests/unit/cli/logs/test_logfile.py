"""The debug log: levelled, with the run's ID, without secrets."""

import logging

import pytest

from awsit.cli.logs.logfile import LogFile, without_secrets
from awsit.system.clock import FakeClock


def test_lines_have_time_level_run_and_logger(tmp_path):
    log = LogFile(tmp_path / ".awsit" / "logs", "info", FakeClock())
    log.run_id = "run-1"
    logging.getLogger("awsit.aws").info("states.StartExecution 200 request_id=abc")
    logging.getLogger("awsit.aws").debug("too much")
    log.close()
    lines = log.path.read_text().splitlines()
    assert any(line.endswith("Z INFO    run-1 awsit.aws: states.StartExecution 200 request_id=abc") for line in lines)
    assert not any("too much" in line for line in lines)


def test_nothing_is_written_after_the_end(tmp_path):
    log = LogFile(tmp_path / "logs", "debug", FakeClock())
    log.close()
    before = log.path.read_text()
    logging.getLogger("awsit.aws").error("late")
    assert log.path.read_text() == before


def test_what_a_process_logs_afterwards_is_as_much_as_before(tmp_path):
    before = logging.getLogger("awsit").level
    LogFile(tmp_path / "logs", "debug", FakeClock()).close()
    assert logging.getLogger("awsit").level == before


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/2030, Signature=abc", "AKIAIOSFODNN7EXAMPLE"),
        ("{'X-Amz-Security-Token': 'IQoJb3JpZ2luX2VjEXAMPLE'}", "IQoJb3JpZ2luX2VjEXAMPLE"),
        ("https://b.s3.amazonaws.com/k?X-Amz-Signature=deadbeef&x=1", "deadbeef"),
        ("password=hunter2 user=me", "hunter2"),
        ('"client_secret": "s3cr3t"', "s3cr3t"),
        ("aws_secret_access_key = wJalrXUtnFEMI", "wJalrXUtnFEMI"),
        ("key ASIAIOSFODNN7EXAMPLE was used", "IOSFODNN7EXAMPLE"),
        ("Bearer eyJhbGciOi.eyJzdWIi.c2ln", "eyJhbGciOi"),
    ],
)
def test_secrets_are_not_written(text, secret):
    shown = without_secrets(text)
    assert secret not in shown
    assert "***" in shown


def test_other_text_stays_as_it_is():
    text = "states.StartExecution 200 request_id=9f8a-token_id retries=0 12 ms"
    assert "StartExecution 200 request_id=9f8a" in without_secrets(text)

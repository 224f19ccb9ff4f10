"""A program that gives credentials ends with awsit, not later."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

HANGING = """\
import os, sys, time
open(sys.argv[1], "w").write(str(os.getpid()))
time.sleep(60)
"""
ASKING = """\
import sys
from awsit.aws.client.clients import AwsClients
from awsit.errors import EnvironmentFailure

aws = AwsClients(profile="slow")
try:
    with aws.within(2):
        aws.client("sqs").list_queues()
except EnvironmentFailure as error:
    sys.exit(error.code)
"""
GIVING = """\
import json
print(json.dumps({"Version": 1, "AccessKeyId": "given", "SecretAccessKey": "s"}))
"""


def environment(tmp_path: Path, program: str) -> dict[str, str]:
    (tmp_path / "program.py").write_text(program)
    command = f"{sys.executable} {tmp_path / 'program.py'} {tmp_path / 'pid'}"
    (tmp_path / "config").write_text(f"[profile slow]\nregion = eu-west-1\ncredential_process = {command}\n")
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    return {**kept, "AWS_CONFIG_FILE": str(tmp_path / "config")}


def is_gone(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text() if Path("/proc").is_dir() else False


@pytest.mark.skipif(sys.platform == "win32", reason="looks at processes as POSIX has them")
def test_a_program_that_hangs_ends_with_the_process_that_asked_it(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", ASKING], env=environment(tmp_path, HANGING), capture_output=True, text=True, check=False
    )
    assert done.stderr.strip() == "timeout"
    pid, until = int((tmp_path / "pid").read_text()), monotonic() + 10
    while not is_gone(pid):
        assert monotonic() < until, "the program goes on after awsit has ended"
        sleep(0.05)


def test_a_program_that_gives_credentials_is_asked_as_ever(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from awsit.aws.client.credentials import open_session

    for name, value in environment(tmp_path, GIVING).items():
        monkeypatch.setenv(name, value)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)
    found = open_session("slow", None).get_credentials()
    assert found is not None
    assert (found.access_key, found.method) == ("given", "custom-process")

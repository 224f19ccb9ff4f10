import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from awsit.sandbox.functions import sitecustomize

FOLDER = Path(sitecustomize.__file__).parent
AWAY = "a.execute-api.eu-west-1.amazonaws.com"


def run(code):
    """A Python that starts as the functions of the sandbox do, and the last line that it wrote."""
    command = [sys.executable, "-c", f"import socket; {code}"]
    done = subprocess.run(
        command, env={**os.environ, "PYTHONPATH": str(FOLDER)}, capture_output=True, text=True, timeout=30, check=False
    )
    return (done.stdout + done.stderr).strip().splitlines()[-1]


@pytest.mark.parametrize(
    "code",
    [
        f"socket.getaddrinfo('{AWAY}', 443)",
        f"socket.getaddrinfo(b'{AWAY}', 443)",
        f"socket.create_connection(('{AWAY}', 443))",
        f"socket.gethostbyname('{AWAY}')",
        f"socket.gethostbyname_ex('{AWAY}')",
        f"from socket import getaddrinfo; getaddrinfo('{AWAY}.', 443)",
        f"import asyncio; asyncio.run(asyncio.open_connection('{AWAY}', 443))",
        f"import urllib.request; urllib.request.urlopen('https://{AWAY}/')",
    ],
)
def test_names_of_aws_lead_nowhere_and_the_error_says_why(code):
    error = run(code)

    assert f"awsit's sandbox sends nothing to AWS, and {AWAY}" in error
    assert "take its URL from an environment variable that the template sets" in error


@pytest.mark.parametrize("event", ["socket.connect", "socket.sendto"])
def test_a_name_in_an_address_is_refused_before_anything_is_sent(event):
    """CPython looks the name up before it tells of the event, which takes a network."""
    with pytest.raises(socket.gaierror, match=f"{AWAY} is a host of AWS"):
        sitecustomize.refuse_aws(event, (None, (AWAY, 443)))


@pytest.mark.parametrize("host", ["'127.0.0.1'", "b'127.0.0.1'", "'localhost'"])
def test_other_names_are_resolved_as_ever(host):
    assert run(f"print(socket.getaddrinfo({host}, 80, socket.AF_INET)[0][4])") == "('127.0.0.1', 80)"


def test_an_address_without_a_host_is_none_of_aws():
    assert "[Errno 2] No such file" in run("socket.socket(socket.AF_UNIX).connect('/nowhere/at/all')")

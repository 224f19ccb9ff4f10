"""The real emulator: what it opens, what it inherits, what it leaves behind."""

import os
from pathlib import Path

import pytest

from awsit.errors import SandboxError
from awsit.model.http import HttpRequest
from awsit.sandbox.sandbox import Sandbox
from awsit.system.clock import SystemClock
from awsit.system.randomness import SystemRandomness

LISTENING = "0A"


@pytest.mark.skipif(not Path("/proc/net/tcp").exists(), reason="needs Linux's /proc")
def test_it_opens_one_port_on_loopback_and_nothing_else(sandbox):
    info = sandbox.check_alive()

    assert open_sockets(info.pid) == [("tcp", "0100007F", info.port)]


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="needs Linux's /proc")
def test_the_user_s_own_settings_do_not_reach_the_server(tmp_path, http):
    outside = {
        "PATH": os.environ["PATH"],
        "AWS_PROFILE": "production",
        "AWS_SESSION_TOKEN": "t",
        "HTTP_PROXY": "http://p",
    }
    sandbox = Sandbox(tmp_path, http, SystemClock(), SystemRandomness(), outside=outside)
    info = sandbox.start()
    try:
        variables = Path(f"/proc/{info.pid}/environ").read_text().split("\0")
    finally:
        sandbox.stop()

    names = {line.partition("=")[0] for line in variables}
    assert not names & {"AWS_PROFILE", "AWS_SESSION_TOKEN", "HTTP_PROXY"}
    assert f"HOME={tmp_path}/sandbox/scratch/home" in variables


def test_reset_empties_the_account(tmp_path, http):
    sandbox = Sandbox(tmp_path, http, SystemClock(), SystemRandomness(), outside=os.environ)
    info = sandbox.start()
    own = {"Authorization": f"Bearer {info.secret_access_key}"}
    try:
        http.send(HttpRequest("PUT", f"{info.endpoint_url}/bucket-of-mine", own))
        assert "bucket-of-mine" in http.send(HttpRequest("GET", f"{info.endpoint_url}/", own)).body.decode()
        sandbox.reset()
        assert "bucket-of-mine" not in http.send(HttpRequest("GET", f"{info.endpoint_url}/", own)).body.decode()
    finally:
        sandbox.stop()

    assert sorted(path.name for path in (tmp_path / "sandbox").iterdir()) == ["lease", "port", "server.log"]
    with pytest.raises(SandboxError, match="no sandbox is running"):
        sandbox.check_alive()


def open_sockets(pid):
    """(protocol, address in hexadecimal, port) of each listening TCP and each UDP socket of a process."""
    links = [str(path.readlink()) for path in Path(f"/proc/{pid}/fd").iterdir()]
    found = []
    for protocol in ("tcp", "tcp6", "udp", "udp6"):
        table = Path(f"/proc/net/{protocol}")
        for line in table.read_text().splitlines()[1:] if table.exists() else []:
            local, state, inode = (line.split()[column] for column in (1, 3, 9))
            if f"socket:[{inode}]" in links and (state == LISTENING or protocol.startswith("udp")):
                address, port = local.split(":")
                found.append((protocol, address, int(port, 16)))
    return found

import os
import signal
import socket
import threading
import time

import pytest

from awsit.errors import ExitCode, SandboxError
from awsit.model import json
from awsit.sandbox import lease
from awsit.sandbox.info import client_environment
from awsit.sandbox.sandbox import Sandbox
from awsit.system.clock import FakeClock
from awsit.system.randomness import SeededRandomness

IGNORES_SIGTERM = "import signal; signal.signal(15, signal.SIG_IGN); print('ready', flush=True); signal.pause()"
DIES = "print('no room on the disk', flush=True); raise SystemExit(3)"
HAS_A_CHILD = """
import fcntl, os, signal
if os.fork():
    signal.pause()
os.closerange(3, 20)
signal.signal(signal.SIGTERM, signal.SIG_IGN)
lock = os.open({lock!r}, os.O_CREAT | os.O_RDWR)
fcntl.flock(lock, fcntl.LOCK_EX)
print("ready", flush=True)
signal.pause()
"""


def lives(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_started_sandbox_is_found_by_later_commands(make):
    info = make().start()

    assert make().status() == info == make().check_alive()
    assert info.endpoint_url == f"http://127.0.0.1:{info.port}"
    assert lives(info.pid)


def test_starting_again_gives_the_same_sandbox(make):
    assert make().start() == make().start()


def test_two_starts_at_once_give_one_server(make):
    found = []
    threads = [threading.Thread(target=lambda: found.append(make().start())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(found) == 4
    assert len(set(found)) == 1


def test_a_running_sandbox_does_not_change_its_port(make):
    info = make().start()

    with pytest.raises(SandboxError, match=f"already running, on port {info.port}") as caught:
        make().start(port=info.port + 1)

    assert "awsit sandbox stop" in caught.value.hint
    assert make().start(port=info.port) == info


def test_policies_are_enforced_from_the_start_or_not_at_all(make):
    started = make().start()

    with pytest.raises(SandboxError, match="was started without --enforce-policies") as caught:
        make(enforce_policies=True).start()

    assert (caught.value.code, started.enforces_policies) == ("policies_not_enforced", False)


def test_a_sandbox_that_enforces_policies_is_right_for_everybody(make):
    assert make(enforce_policies=True).start().enforces_policies
    assert make().start().enforces_policies


def test_a_sandbox_of_the_version_before_enforces_nothing(make, tmp_path):
    info = make().start()
    record = tmp_path / "sandbox" / "server.json"
    fields = json.loads(record.read_text())
    del fields["enforces_policies"]
    record.write_text(json.dumps(fields))

    assert make().status() == info


def test_a_taken_port_is_named_and_nothing_is_started(make):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(SandboxError, match=f"port {port}: Address already in use") as caught:
            make().start(port=port)

    assert caught.value.exit_code is ExitCode.ENVIRONMENT
    assert "--port" in caught.value.hint
    assert make().status() is None


def test_the_port_stays_the_same_over_restarts(make):
    port = make().start().port
    make().stop()

    assert make().usual_port == port
    assert make().start().port == port


def test_a_usual_port_that_is_taken_is_replaced_by_a_free_one(make):
    port = make().start().port
    make().stop()
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        info = make().start()

    assert info.port != port
    assert make().usual_port == info.port


def test_a_port_file_that_somebody_has_spoilt_is_written_again(make, tmp_path):
    make().start()
    make().stop()
    for content in ("x", "99999", "-1"):
        (tmp_path / "sandbox" / "port").write_text(content)
        assert make().start().port in range(1, 65536)
        make().stop()


@pytest.mark.parametrize("port", [-1, 70000])
def test_a_number_that_is_no_port_is_refused(make, port):
    with pytest.raises(SandboxError, match=f"cannot use port {port}"):
        make().start(port=port)


def test_a_server_that_ends_at_once_shows_the_end_of_its_log(make):
    with pytest.raises(SandboxError, match=r"ended while it was starting(?s:.)*no room on the disk"):
        make(DIES).start()

    assert make().status() is None


def test_a_server_that_is_never_ready_is_ended(make, http, tmp_path):
    http.silent = True

    with pytest.raises(SandboxError, match=r"not ready in 0\.3 seconds(?s:.)*the server is ready"):
        make(ready_within_seconds=0.3).start()

    assert make().status() is None
    assert not (tmp_path / "sandbox" / "scratch").exists()


def test_another_server_on_the_port_is_not_taken_for_ours(make, http):
    http.stranger = True

    with pytest.raises(SandboxError, match="not ready"):
        make(ready_within_seconds=0.3).start()


def test_a_sandbox_whose_port_another_server_has_does_not_answer(make, http):
    make().start()
    http.stranger = True

    for look in (make().check_answers, make().reset):
        with pytest.raises(SandboxError, match="does not answer") as caught:
            look()
        assert "awsit sandbox stop" in caught.value.hint


def test_a_sandbox_that_died_says_so_with_its_log_and_can_be_started_again(make, murder):
    info = make().start()
    murder(info)

    with pytest.raises(SandboxError, match=r"the sandbox has died(?s:.)*the server is ready") as caught:
        make().check_alive()
    assert "awsit sandbox start" in caught.value.hint
    assert make().status() is None
    assert make().start().pid != info.pid


def test_the_process_id_of_a_dead_server_is_never_signalled(make, murder, tmp_path):
    """Another process may have the ID by now."""
    stranger = os.posix_spawn("/bin/sleep", ["sleep", "60"], {})
    try:
        murder(make().start())
        record = tmp_path / "sandbox" / "server.json"
        record.write_text(json.dumps(json.loads(record.read_text()) | {"pid": stranger}))

        assert make().status() is None
        assert make().stop() is False
        assert os.waitpid(stranger, os.WNOHANG) == (0, 0)
    finally:
        os.kill(stranger, signal.SIGKILL)
        os.waitpid(stranger, 0)


def test_stop_ends_the_server_and_leaves_only_its_log_and_its_port(make, tmp_path):
    info = make().start()

    assert make().stop() is True
    assert not lives(info.pid)
    assert {path.name for path in (tmp_path / "sandbox").iterdir()} == {"lease", "port", "server.log"}
    assert make().stop() is False


def test_a_server_that_ignores_sigterm_is_killed(make):
    info = make(IGNORES_SIGTERM).start()

    assert make().stop() is True
    assert not lives(info.pid)


def test_what_the_server_started_ends_with_it(make, tmp_path):
    lock = tmp_path / "held by the child"
    make(HAS_A_CHILD.format(lock=str(lock))).start()
    assert lease.is_held(lock)

    make().stop()

    deadline = time.monotonic() + 10  # the system frees the lock a moment after the signal
    while lease.is_held(lock) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not lease.is_held(lock)


def test_stopping_what_was_never_started_creates_nothing(make, tmp_path):
    assert make().stop() is False
    assert not (tmp_path / "sandbox").exists()
    with pytest.raises(SandboxError, match="no sandbox is running"):
        make().check_alive()


def test_reset_asks_the_server(make, http):
    info = make().start()
    make().reset()

    assert http.sent[-1] == ("POST", f"{info.endpoint_url}/_ministack/reset")


def test_a_reset_that_did_not_happen_is_an_error(make, http):
    make().start()
    http.reset_status = 500

    with pytest.raises(SandboxError, match="did not reset: HTTP 500"):
        make().reset()


def test_a_reset_without_a_sandbox_says_how_to_start_one(make):
    with pytest.raises(SandboxError) as caught:
        make().reset()

    assert "awsit sandbox start" in caught.value.hint


def test_a_missing_extra_names_the_command_that_installs_it(tmp_path, http):
    sandbox = Sandbox(tmp_path, http, FakeClock(), SeededRandomness(), needed_modules=("no_such_emulator",))

    with pytest.raises(SandboxError, match="no_such_emulator not found") as caught:
        sandbox.start()
    assert "pip install 'awsit[sandbox]'" in caught.value.hint
    assert not (tmp_path / "sandbox").exists()


def test_a_state_folder_that_cannot_be_written_is_named(tmp_path, http):
    (tmp_path / "sandbox").write_text("a file, not a folder")
    sandbox = Sandbox(tmp_path, http, FakeClock(), SeededRandomness(), needed_modules=())

    with pytest.raises(SandboxError, match="cannot write its folder") as caught:
        sandbox.start()
    assert "AWSIT_STATE_FOLDER" in caught.value.hint


def test_clients_are_pointed_at_the_sandbox_and_nothing_else(make):
    info = make().start()

    assert client_environment(info) == {
        "AWS_ENDPOINT_URL": info.endpoint_url,
        "AWS_ACCESS_KEY_ID": info.access_key_id,
        "AWS_SECRET_ACCESS_KEY": info.secret_access_key,
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


def test_each_start_has_keys_of_its_own_that_only_this_user_can_read(make, tmp_path):
    sandbox = make()
    first = sandbox.start()
    modes = [path.stat().st_mode & 0o777 for path in (tmp_path / "sandbox", tmp_path / "sandbox" / "server.json")]
    sandbox.stop()
    second = sandbox.start()

    assert modes == [0o700, 0o600]
    assert first.access_key_id != second.access_key_id
    assert first.secret_access_key != second.secret_access_key
    assert first.secret_access_key not in repr(first)


def test_a_sandbox_that_the_version_before_has_started_is_called_with_its_keys(make, tmp_path):
    make().start()
    record = tmp_path / "sandbox" / "server.json"
    fields = json.loads(record.read_text())
    record.write_text(json.dumps({name: fields[name] for name in fields if not name.endswith(("key_id", "_key"))}))

    assert client_environment(make().check_alive())["AWS_ACCESS_KEY_ID"] == "test"


@pytest.mark.parametrize("name", ["server.log", "server.json", "port"])
def test_nothing_is_written_through_a_link_of_a_cloned_repository(make, tmp_path, name):
    outside = tmp_path / "outside"
    outside.write_text("precious")
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox" / name).symlink_to(outside)

    make().start()

    assert outside.read_text() == "precious"


def test_a_sandbox_folder_that_is_a_link_is_refused(make, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "sandbox").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(SandboxError, match="cannot write its folder"):
        make().start()
    assert not list((tmp_path / "elsewhere").iterdir())


def test_what_a_link_leads_to_is_not_removed_with_the_sandbox(make, tmp_path):
    precious = tmp_path / "elsewhere" / "scratch" / "precious"
    precious.parent.mkdir(parents=True)
    precious.touch()
    (tmp_path / "sandbox").symlink_to(tmp_path / "elsewhere")

    assert not make().stop()
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["scratch"]

    (tmp_path / "sandbox").unlink()
    (tmp_path / "sandbox").mkdir()
    (tmp_path / "sandbox" / "scratch").symlink_to(precious.parent)
    make().start()

    assert [path.name for path in precious.parent.iterdir()] == ["precious"]

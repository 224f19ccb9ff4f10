"""Locks on files: who holds one, who waits for it, and what the end of a process does to it."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from awsit.system import file_lock

HOLDER = """
import sys, time
from pathlib import Path
from awsit.system import file_lock
held = file_lock.acquire(Path(sys.argv[1]))
print("held" if held is not None else "refused", flush=True)
sys.stdin.read()
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "it.lock"


@pytest.fixture
def holder(path: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the lock until its standard input ends."""
    command = [sys.executable, "-c", HOLDER, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
        process.kill()


def opened(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT)


def test_a_file_that_is_not_there_is_not_held(path):
    assert not file_lock.is_held(path)
    assert not path.exists()


def test_one_holds_it_and_the_next_is_refused_until_it_is_released(path):
    held = file_lock.acquire(path)
    assert held is not None
    assert file_lock.is_held(path)
    assert file_lock.acquire(path) is None

    os.close(held)

    assert not file_lock.is_held(path)
    assert file_lock.acquire(path) is not None


def test_several_share_it_and_nobody_has_it_alone(path):
    first, second, third = opened(path), opened(path), opened(path)
    assert file_lock.lock(first, shared=True)
    assert file_lock.lock(second, shared=True)
    assert not file_lock.lock(third)
    assert not file_lock.is_held(path)  # nobody holds it exclusively

    os.close(first)
    os.close(second)

    assert file_lock.lock(third)


def test_another_process_holds_it_until_it_is_killed(path, holder):
    assert file_lock.is_held(path)
    assert file_lock.acquire(path) is None

    holder.send_signal(signal.SIGKILL)
    holder.wait(10)

    assert not file_lock.is_held(path)


def test_who_waits_gets_it_when_the_other_process_ends(path, holder):
    descriptor = opened(path)
    assert not file_lock.lock(descriptor)
    holder.stdin.close()

    assert file_lock.lock(descriptor, wait=True)
    assert file_lock.is_held(path)


def test_a_file_that_can_only_be_read_can_be_looked_at(path):
    held = file_lock.acquire(path)
    path.chmod(0o400)
    assert file_lock.is_held(path)
    os.close(held)
    assert not file_lock.is_held(path)


def test_where_there_are_no_locks_everybody_gets_theirs_and_nobody_holds_one(path, monkeypatch):
    monkeypatch.setattr(file_lock, "IS_SUPPORTED", False)
    assert file_lock.acquire(path) is not None
    assert file_lock.acquire(path) is not None
    assert not file_lock.is_held(path)


def test_a_file_that_is_removed_before_it_is_locked_is_made_anew(path, monkeypatch):
    lock, removed = file_lock.lock, []

    def lock_late(descriptor: int, **options: bool) -> bool:
        if options.get("wait") and not removed:
            removed.append(path)
            file_lock.remove_empty(path)
            assert not path.exists()
        return lock(descriptor, **options)

    monkeypatch.setattr(file_lock, "lock", lock_late)
    descriptor = file_lock.create(path, os.O_WRONLY | os.O_APPEND)
    os.write(descriptor, b"one line")

    assert removed == [path]
    assert path.read_bytes() == b"one line"
    assert file_lock.is_held(path)
    os.close(descriptor)


def test_what_is_empty_is_removed_unless_somebody_holds_it_or_it_is_no_more(path, holder):
    file_lock.remove_empty(path)
    assert path.exists()
    holder.kill()
    holder.wait()
    path.write_bytes(b"a line")
    file_lock.remove_empty(path)
    assert path.read_bytes() == b"a line"
    path.write_bytes(b"")
    file_lock.remove_empty(path)
    assert not path.exists()
    with pytest.raises(FileNotFoundError):
        file_lock.remove_empty(path)

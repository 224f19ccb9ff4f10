"""Places under a key. Two objects stand for two processes: each opens the files for itself."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from awsit.errors import EnvironmentFailure
from awsit.system import file_lock
from awsit.system.slots import Holder, Slots


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "state" / "slots"


@pytest.fixture
def ours(folder: Path) -> Slots:
    return Slots(folder)


@pytest.fixture
def theirs(folder: Path) -> Slots:
    return Slots(folder)


def test_a_key_is_held_by_one_until_it_gives_it_back(ours: Slots, theirs: Slots) -> None:
    assert ours.take("queue", 1, "a") is None
    assert theirs.take("queue", 1, "b") == (Holder("a", 1),)
    assert ours.take("queue", 1, "c") == (Holder("a", 1),)
    assert theirs.take("table", 1, "d") is None
    ours.give_back("a")
    assert theirs.take("queue", 1, "b") is None


def test_as_many_hold_it_as_all_of_them_allow(ours: Slots, theirs: Slots) -> None:
    assert ours.take("queue", 3, "a") is None
    assert theirs.take("queue", 2, "b") is None
    assert ours.take("queue", 3, "c") is not None  # b wants two of them at most
    theirs.give_back("b")
    assert ours.take("queue", 3, "c") is None
    assert theirs.take("queue", 2, "b") is not None
    assert theirs.take("queue", 3, "d") is None
    assert theirs.take("queue", 3, "e") is not None


def test_what_a_process_leaves_that_has_ended_is_swept(ours: Slots, folder: Path) -> None:
    assert ours.take("queue", 1, "a") is None
    (file,) = (path for path in folder.iterdir() if path.name != "guard")
    ours.give_back("a")
    file.write_text("1\na process that was killed")
    assert ours.take("another", 1, "b") is None
    assert not file.exists()


def test_while_another_process_looks_nobody_gets_a_place(ours: Slots, folder: Path) -> None:
    folder.mkdir(parents=True)
    with (folder / "guard").open("w") as guard:
        assert file_lock.lock(guard.fileno())
        assert ours.take("queue", 1, "a") == ()
    assert ours.take("queue", 1, "a") is None


def test_names_and_keys_may_be_any_text(ours: Slots, theirs: Slots) -> None:
    assert ours.take("../é\ud800/", 1, "x\ny/é\ud800") is None
    assert theirs.take("../é\ud800/", 1, "b") == (Holder("x\ny/é?", 1),)
    ours.give_back("never taken")


def test_files_are_the_users_own(ours: Slots, folder: Path) -> None:
    ours.take("queue", 1, "a")
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_folder_that_cannot_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EnvironmentFailure, match="`concurrency` keeps its locks in") as raised:
        Slots(tmp_path / "file" / "slots").take("queue", 1, "a")
    assert "XDG_STATE_HOME" in raised.value.hint


def test_a_full_disk_is_told_and_what_was_begun_holds_no_place(
    ours: Slots, theirs: Slots, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_descriptor: int, _data: bytes) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr(os, "write", full)
        with pytest.raises(EnvironmentFailure, match="cannot be used: No space left on device"):
            ours.take("queue", 1, "a")
    assert theirs.take("queue", 1, "b") is None

import errno
import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from stat import S_IMODE

import pytest

from awsit.errors import EnvironmentFailure
from awsit.system.marks import KEY_BYTES, Marks, user_key


def test_a_mark_is_of_one_name_and_one_text_and_one_key() -> None:
    marks, other = Marks(lambda: b"a" * 32), Marks(lambda: b"b" * 32)
    mark = marks.of("run-1", b"text")

    assert marks.is_right("run-1", b"text", mark)
    assert not marks.is_right("run-2", b"text", mark)
    assert not marks.is_right("run-1", b"texts", mark)
    assert not marks.is_right("run-1", b"text", "\u00e9")
    assert not other.is_right("run-1", b"text", mark)


def test_the_key_is_made_once_for_its_user_only(tmp_path: Path) -> None:
    folder = tmp_path / "config" / "awsit"
    with ThreadPoolExecutor(16) as pool:
        keys = set(pool.map(lambda _: user_key(folder), range(64)))

    assert [len(key) for key in keys] == [KEY_BYTES]
    assert [S_IMODE(path.stat().st_mode) for path in (folder, folder / "state.key")] == [0o700, 0o600]
    assert [path.name for path in folder.iterdir()] == ["state.key"]


def test_a_file_system_without_hard_links_keeps_the_key_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: Path) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    key = user_key(tmp_path)

    assert user_key(tmp_path) == key
    assert [path.name for path in tmp_path.iterdir()] == ["state.key"]


def test_the_key_is_read_once_and_only_when_something_is_marked() -> None:
    reads: list[bytes] = []

    def key() -> bytes:
        reads.append(b"k" * KEY_BYTES)
        return reads[-1]

    marks = Marks(key)
    before = len(reads)
    mark = marks.of("run-1", b"text")

    assert marks.is_right("run-1", b"text", mark)
    assert (before, len(reads)) == (0, 1)


def test_without_a_place_for_a_key_a_process_knows_its_own_marks(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    marks, later = (Marks(lambda: user_key(tmp_path / "file")) for _ in range(2))
    mark = marks.of("run-1", b"text")

    assert marks.is_right("run-1", b"text", mark)
    assert not later.is_right("run-1", b"text", mark)
    with pytest.raises(EnvironmentFailure, match=r"file/state\.key: Not a directory") as caught:
        marks.check_kept()
    assert "AWSIT_STATE_KEY" in caught.value.hint


@pytest.mark.parametrize("content", [b"", b"k" * (KEY_BYTES - 1)], ids=["empty", "short"])
def test_a_key_file_that_was_cut_off_is_no_key(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "state.key").write_bytes(content)
    marks = Marks(lambda: user_key(tmp_path))

    assert not marks.is_right("run-1", b"text", Marks(lambda: content).of("run-1", b"text"))
    with pytest.raises(EnvironmentFailure, match="fewer than 32 bytes and is no key: remove it"):
        marks.check_kept()

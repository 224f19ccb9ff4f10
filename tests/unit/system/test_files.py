import errno
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from stat import S_IMODE

import pytest

from awsit.errors import InvalidInputError
from awsit.model.files import MAX_FILE_BYTES
from awsit.system.files import (
    DiskFiles,
    make_own,
    read_beginning,
    read_regular,
    write_own,
    write_parts,
    write_whole,
)


def test_a_file_is_read(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"\x00a")

    assert DiskFiles().read(str(tmp_path / "a")) == b"\x00a"


def test_what_is_no_file_of_a_sensible_size_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with (tmp_path / "large").open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)

    for name, message in (("none", "no file"), ("pipe", "regular"), ("", "cannot be|regular"), ("large", "too large")):
        with pytest.raises(InvalidInputError, match=message):
            DiskFiles().read(str(tmp_path / name))


def test_reading_ends_at_the_limit_and_never_waits_for_a_device_or_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "endless").symlink_to("/dev/zero")
    (tmp_path / "five").write_bytes(b"12345")

    assert read_regular(tmp_path / "five", 5) == b"12345"
    for name, number in (("pipe", errno.EINVAL), ("endless", errno.EINVAL), ("five", errno.EFBIG)):
        with pytest.raises(OSError, match=r"regular file|larger") as error:
            read_regular(tmp_path / name, 4)
        assert error.value.errno == number


def test_a_pipe_that_has_no_name_but_that_of_its_descriptor_is_written_to() -> None:
    reader, writer = os.pipe()
    write_parts(Path(f"/dev/fd/{writer}"), ["one", "two"])
    os.close(writer)
    with os.fdopen(reader) as read:
        assert read.read() == "onetwo"


def test_a_file_that_cannot_be_written_whole_stays_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place = tmp_path / "report.json"
    place.write_text("before")
    monkeypatch.setattr("pathlib.Path.open", lambda *_, **__: open("/dev/full", "wb"))  # noqa: PTH123, SIM115

    with pytest.raises(OSError, match="No space left") as error:
        write_whole(place, "x" * 10_000)

    monkeypatch.undo()
    assert error.value.filename == str(place)
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("report.json", "before")]


def test_permissions_and_links_stay(tmp_path: Path) -> None:
    place, link = tmp_path / "report.json", tmp_path / "link.json"
    place.write_text("before")
    place.chmod(0o640)
    link.symlink_to(place)

    write_whole(link, "after")

    assert (link.is_symlink(), place.read_text(), S_IMODE(place.stat().st_mode)) == (True, "after", 0o640)


def test_what_is_no_regular_file_is_written_to(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)

    write_whole(tmp_path / "pipe", "text")

    assert os.read(reader, 10) == b"text"
    os.close(reader)


@pytest.mark.parametrize("number", [errno.EACCES, errno.EBUSY])
def test_a_folder_that_takes_no_other_file_has_the_one_written_in_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    place = tmp_path / "mounted.json"
    place.write_text("before")

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("pathlib.Path.replace", refuse)
    write_whole(place, "after")

    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("mounted.json", "after")]


def test_a_state_file_takes_the_place_of_a_link_and_what_it_led_to_stays(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("precious")
    (tmp_path / "last-run.json").symlink_to(outside)

    write_own(tmp_path / "last-run.json", "{}")

    assert outside.read_text() == "precious"
    assert not (tmp_path / "last-run.json").is_symlink()
    assert (tmp_path / "last-run.json").read_text() == "{}"


def test_a_state_file_is_for_its_user_only(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("before")
    (tmp_path / "file").chmod(0o644)
    write_own(tmp_path / "file", "after")
    make_own(tmp_path / "folder" / "inner")

    modes = [S_IMODE((tmp_path / name).stat().st_mode) for name in ("file", "folder", "folder/inner")]
    assert modes == [0o600, 0o700, 0o700]


def test_a_state_file_that_cannot_be_written_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()

    with pytest.raises(OSError, match="folder"):
        write_own(tmp_path / "folder", "text")
    assert [each.name for each in tmp_path.iterdir()] == ["folder"]


def test_a_state_folder_is_no_link(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "sandbox").symlink_to(tmp_path / "elsewhere")

    with pytest.raises(OSError, match="symbolic links"):
        make_own(tmp_path / "sandbox")


KERNEL = """
from pathlib import Path
from awsit.system.files import read_regular
while True:
    read_regular(Path("/proc/kmsg"), 64 * 1024 * 1024)
"""


@pytest.mark.skipif(not os.access("/proc/kmsg", os.R_OK), reason="only root reads the kernel's messages")
def test_a_file_that_waits_for_its_content_is_refused() -> None:
    """In a process of its own: where two read the kernel's messages at once, it lets one wait for the next message."""
    for _ in range(3):
        with suppress(subprocess.TimeoutExpired):
            done = subprocess.run(
                [sys.executable, "-c", KERNEL], capture_output=True, text=True, timeout=20, check=False
            )
            break
    assert "waits for its content" in done.stderr


def test_a_large_file_is_refused_before_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "large"
    with path.open("wb") as file:
        file.truncate(50 * 1024**3)
    with pytest.raises(OSError, match="larger than"):
        read_regular(path, 40 * 1024**3)


def test_the_beginning_of_a_regular_file_is_read_alone(tmp_path: Path) -> None:
    (tmp_path / "long").write_bytes(b"0123456789")
    os.mkfifo(tmp_path / "pipe")

    assert read_beginning(tmp_path / "long", 4) == b"0123"
    assert read_beginning(tmp_path / "long", 40) == b"0123456789"
    for name in ("pipe", ".", "none"):
        with pytest.raises(OSError, match=name):
            read_beginning(tmp_path / name, 4)

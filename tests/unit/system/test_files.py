import os
from pathlib import Path

import pytest

from awsit.errors import InvalidInputError
from awsit.model.files import MAX_FILE_BYTES
from awsit.system.files import DiskFiles


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

"""Texts that memory does not hold."""

import os
from pathlib import Path
from stat import S_IMODE

import pytest

from awsit.system import spool as module
from awsit.system.spool import Spool


@pytest.fixture
def spool(tmp_path, monkeypatch):
    """A spool that holds eight bytes in memory."""
    monkeypatch.setattr(module, "MEMORY_BYTES", 8)
    spool = Spool(tmp_path / "state")
    yield spool
    spool.close()


def test_texts_are_read_by_their_numbers_in_any_order_while_others_come(spool):
    texts = ["short", "much longer than memory", "é\ud83d", "", "and one more, which is long too"]
    numbers = []
    for text in texts:
        numbers.append(spool.add(text))
        assert [spool.read(number) for number in numbers] == texts[: len(numbers)]
    assert [spool.read(number) for number in reversed(numbers)] == texts[::-1]


def test_few_texts_make_no_file(tmp_path):
    spool = Spool(tmp_path / "state")
    assert spool.read(spool.add("short")) == "short"
    assert not (tmp_path / "state").exists()


@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="shows the open files of a process")
def test_the_file_is_the_user_s_alone_and_has_no_name(spool, tmp_path):
    spool.add("much longer than memory")
    assert list((tmp_path / "state").iterdir()) == []
    assert S_IMODE((tmp_path / "state").stat().st_mode) == 0o700
    (link,) = [link for link in Path("/proc/self/fd").iterdir() if str(tmp_path / "state") in os.path.realpath(link)]
    assert S_IMODE(link.stat().st_mode) == 0o600


def test_what_cannot_be_written_stays_in_memory(spool, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (tmp_path / "state").symlink_to(elsewhere)
    text = "much longer than memory"
    assert spool.read(spool.add(text)) == text
    assert list(elsewhere.iterdir()) == []


def test_a_full_disk_costs_no_text(spool, monkeypatch):
    monkeypatch.setattr("tempfile.TemporaryFile", lambda **_: open("/dev/full", "r+b", buffering=0))  # noqa: PTH123, SIM115
    assert [spool.read(spool.add(text)) for text in ("first, too long", "second, too long")] == [
        "first, too long",
        "second, too long",
    ]

"""Output whose reader has gone, or whose disk is full."""

import errno
import os
import sys
from collections.abc import Iterator
from io import BufferedWriter, FileIO, TextIOWrapper
from threading import Thread, Timer

import pytest

from awsit.system import standard_streams
from awsit.system.standard_streams import Output


@pytest.fixture
def broken() -> Iterator[FileIO]:
    """A pipe without a reader."""
    reader, writer = os.pipe()
    os.close(reader)
    with FileIO(writer, "w") as file:
        yield file


def test_the_first_write_that_fails_says_so_and_the_others_go_nowhere(broken):
    output = Output(broken)
    with pytest.raises(BrokenPipeError):
        output.write(b"one")
    assert isinstance(output.error, BrokenPipeError)
    assert output.write(b"three") == 5


def test_an_optional_output_raises_nothing(broken):
    output = Output(broken, optional=True)
    text = TextIOWrapper(BufferedWriter(output), "utf-8")
    for _ in range(3):
        print("x" * 10_000, file=text, flush=True)
    text.close()
    assert isinstance(output.error, BrokenPipeError)


def test_a_full_disk_is_remembered():
    with FileIO("/dev/full", "w") as file:
        output = Output(file, optional=True)
        output.write(b"x")
        assert output.error
        assert output.error.errno == errno.ENOSPC


def test_a_pipe_that_does_not_block_is_waited_for():
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    text, read = "x" * 300_000, []
    with os.fdopen(reader, "rb") as source, FileIO(writer, "w") as file:
        reads = Thread(target=lambda: read.append(source.read(len(text))))
        stream = TextIOWrapper(BufferedWriter(Output(file)), "utf-8")
        Timer(0.02, reads.start).start()
        stream.write(text)
        stream.flush()
        reads.join()
    assert read == [text.encode()]


def test_the_streams_of_a_process_keep_their_encoding_and_show_what_it_cannot_hold(monkeypatch, tmp_path):
    place = tmp_path / "out"
    with place.open("w", encoding="ascii") as out, (tmp_path / "err").open("w") as err:
        monkeypatch.setattr(sys, "stdout", out)
        monkeypatch.setattr(sys, "stderr", err)
        output = standard_streams.protect()
        assert (sys.stdout.encoding, sys.stdout.isatty()) == ("ascii", False)
        assert output.fileno() == out.fileno()
        print("a\ud83db", flush=True)
    assert place.read_text() == "a\\ud83db\n"

"""Lines of a journal: every byte of them is covered by their checksum."""

import pytest

from awsit.engine.store import lines
from awsit.system.marks import Marks

DOCUMENT = {"write": "begin", "index": 3, "text": "ä\ud83d"}
MARKS = Marks(lambda: b"mine" * 8)
TEXT = lines.line(DOCUMENT, "run-1", MARKS)


def test_a_line_is_read_as_it_was_written():
    assert TEXT.startswith(b'{"write":"begin"')
    (document,) = lines.read(TEXT, "run-1", MARKS).whole.values()
    assert {**DOCUMENT, **document, "text": DOCUMENT["text"]} == {**DOCUMENT, "mark": document["mark"]}


@pytest.mark.parametrize("at", range(len(TEXT) - 1))
def test_no_byte_of_a_line_can_change_unnoticed(at):
    text = bytearray(TEXT)
    text[at] ^= 1
    read = lines.read(TEXT + bytes(text) + TEXT, "run-1", MARKS)
    assert min(read.whole) == 1
    assert read.damaged
    assert 2 not in read.whole


def test_what_stands_after_the_last_line_break_is_cut_off():
    text = TEXT
    read = lines.read(text + text[:-10], "run-1", MARKS)
    assert (list(read.whole), read.damaged, read.cut_off, read.length) == ([1], (), text[:-10], len(text))
    assert list(lines.read(text + text[:-1], "run-1", MARKS).whole) == [1, 2]

"""Lines of a journal: every byte of them is covered by their checksum."""

import pytest

from awsit.engine.store import lines

DOCUMENT = {"write": "begin", "index": 3, "text": "ä\ud83d"}


def test_a_line_is_read_as_it_was_written():
    text = lines.line(DOCUMENT)
    assert text.startswith(b'{"write":"begin"')
    (document,) = lines.read(text).whole.values()
    assert {**document, "text": DOCUMENT["text"]} == DOCUMENT


@pytest.mark.parametrize("at", range(len(lines.line(DOCUMENT)) - 1))
def test_no_byte_of_a_line_can_change_unnoticed(at):
    text = bytearray(lines.line(DOCUMENT))
    text[at] ^= 1
    read = lines.read(lines.line(DOCUMENT) + bytes(text) + lines.line(DOCUMENT))
    assert min(read.whole) == 1
    assert read.damaged
    assert 2 not in read.whole


def test_what_stands_after_the_last_line_break_is_cut_off():
    text = lines.line(DOCUMENT)
    read = lines.read(text + text[:-10])
    assert (list(read.whole), read.damaged, read.cut_off, read.length) == ([1], (), text[:-10], len(text))
    assert list(lines.read(text + text[:-1]).whole) == [1, 2]

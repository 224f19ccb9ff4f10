"""What threads hand to one reader: in order, an urgent item at once, others soon."""

import threading
from queue import Empty
from time import monotonic

import pytest

from awsit.cli.running.side_by_side import mailbox
from awsit.cli.running.side_by_side.mailbox import Mailbox

LONG = 60.0


def test_items_come_in_their_order() -> None:
    box = Mailbox[int]()
    for number in range(3):
        box.put(number, is_urgent=number == 1)
    assert [box.get(LONG) for _ in range(3)] == [0, 1, 2]


def test_nothing_comes_of_an_empty_box() -> None:
    box = Mailbox[int]()
    box.put(1, is_urgent=True)
    assert box.get(LONG) == 1
    with pytest.raises(Empty):
        box.get(0.01)


def test_an_urgent_item_wakes_the_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "GLANCE_SECONDS", LONG)
    box, started = Mailbox[str](), monotonic()
    threading.Timer(0.02, box.put, ["now"], {"is_urgent": True}).start()
    assert box.get(LONG) == "now"
    assert monotonic() - started < LONG / 2


def test_another_item_is_taken_at_the_next_glance(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mailbox, "GLANCE_SECONDS", 0.001)
    box, started = Mailbox[str](), monotonic()
    threading.Timer(0.02, box.put, ["soon"]).start()
    assert box.get(LONG) == "soon"
    assert monotonic() - started < LONG / 2

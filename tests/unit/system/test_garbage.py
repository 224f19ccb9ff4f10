import gc
from collections.abc import Iterator
from weakref import WeakSet

import pytest

from awsit.system.garbage import MANY_PIECES, frequent_collections, no_collections

RARELY = 100_000, 50, 1000


class Answer:
    """What an SDK makes of a response: it leads back to itself, through a hundred objects."""

    def __init__(self) -> None:
        self.parts = [[self] for _ in range(100)]


@pytest.fixture(autouse=True)
def rarely() -> Iterator[None]:
    """A collector that comes as rarely as the command has it."""
    before = gc.get_threshold()
    gc.collect()
    gc.set_threshold(*RARELY)
    yield
    gc.set_threshold(*before)


def test_the_collector_is_on_again_after_the_outermost_block_and_an_error() -> None:
    with no_collections():
        with no_collections():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), no_collections():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_what_many_pieces_of_work_leave_does_not_grow_with_their_number() -> None:
    left: WeakSet[Answer] = WeakSet()
    with frequent_collections(900):
        for _ in range(900):
            left.add(Answer())
    assert len(left) < 150


def test_few_pieces_of_work_change_nothing() -> None:
    with frequent_collections(MANY_PIECES - 1):
        assert gc.get_threshold() == RARELY


@pytest.mark.parametrize("often", [0, 700])
def test_a_collector_that_is_off_or_comes_more_often_stays_so(often: int) -> None:
    gc.set_threshold(often, 10, 10)
    with frequent_collections(900):
        assert gc.get_threshold()[0] == often
    assert gc.get_threshold()[0] == often


def test_the_collector_comes_as_before_after_an_error() -> None:
    with pytest.raises(ZeroDivisionError), frequent_collections(900):
        raise ZeroDivisionError
    assert gc.get_threshold() == RARELY

"""Workers check scenarios ahead: all come in their order, and none counts as valid that nobody found to be."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import cycle
from pathlib import Path

import pytest

from awsit.cli.selection.selected import SelectedScenario
from awsit.cli.selection.waiting.ahead import BATCH, MOST_AHEAD, Ahead
from awsit.cli.selection.waiting.known import KnownScenarios
from awsit.errors import EnvironmentFailure
from awsit.model.json import dumps
from awsit.scenario.reading.load import load_text
from awsit.scenario.reading.source import Source

MANY = 3 * BATCH * MOST_AHEAD + 1


class FakeWorker:
    """A worker that is free when `frees` says so, and finds all valid but those whose name has `bad` in it."""

    def __init__(self, frees: Callable[[], bool] = lambda: True, dies_after: int = 10**6) -> None:
        self.asked: list[str] = []
        self._frees = frees
        self._dies_after = dies_after
        self._sources: Sequence[Source] | None = None

    def is_free(self) -> bool:
        return self._frees()

    def check(self, sources: Sequence[Source]) -> None:
        assert self._sources is None, "it was asked again before it had answered"
        self._sources = sources
        self.asked += [source.file for source in sources]

    def checked(self) -> list[bool]:
        if len(self.asked) >= self._dies_after:
            raise EnvironmentFailure("it has died")
        sources, self._sources = self._sources or (), None
        return ["bad" not in source.file for source in sources]


def scenario(number: int, word: str = "") -> SelectedScenario:
    document = {"name": f"s{number}", "actions": [{"name": "W", "type": "wait", "params": {"seconds": 0}}]}
    source = load_text(dumps(document), f"{number}{word}.json")
    return SelectedScenario(source.document, source.file, source)


@pytest.fixture
def known(tmp_path: Path) -> KnownScenarios:
    return KnownScenarios(tmp_path)


@pytest.fixture
def found_here() -> list[str]:
    return []


@pytest.fixture
def ahead(known: KnownScenarios, found_here: list[str]) -> Callable[..., Ahead]:
    def is_valid(source: Source) -> bool:
        found_here.append(source.file)
        return "bad" not in source.file

    return lambda *workers: Ahead(known, is_valid, workers)


def known_of(known: KnownScenarios, scenarios: Sequence[SelectedScenario]) -> list[str]:
    return [each.place for each in scenarios if each.source and known.has(each.source)]


@pytest.mark.parametrize("workers", [0, 1, 2, 3])
def test_all_come_in_their_order(ahead, workers):
    scenarios = [scenario(number) for number in range(MANY)]
    assert [*ahead(*(FakeWorker() for _ in range(workers))).each(scenarios)] == scenarios


def test_what_a_worker_found_valid_is_known_when_it_comes(ahead, known, found_here):
    scenarios = [scenario(number, "bad" if number % 7 == 3 else "") for number in range(MANY)]
    turns = cycle([True, False])
    one, two = FakeWorker(lambda: next(turns)), FakeWorker()
    seen = []
    for each in ahead(one, two).each(scenarios):
        seen.append(each)
        assert each.source
        assert known.has(each.source) == ("bad" not in each.place and each.place in {*one.asked, *two.asked})
    assert seen == scenarios
    assert one.asked
    assert two.asked
    assert not {*one.asked} & {*two.asked}
    assert found_here == []  # somebody was always free


def test_while_all_workers_are_busy_this_process_checks(ahead, known, found_here):
    scenarios = [scenario(number, "bad" if number == BATCH + 1 else "") for number in range(MANY)]
    frees = iter([True])
    worker = FakeWorker(lambda: next(frees, False))
    assert [*ahead(worker).each(scenarios)] == scenarios
    assert worker.asked[:BATCH] == [each.place for each in scenarios[:BATCH]]
    assert found_here[: BATCH * MOST_AHEAD] == [each.place for each in scenarios[BATCH:][: BATCH * MOST_AHEAD]]
    assert not {*worker.asked} & {*found_here}
    assert {*known_of(known, scenarios)} == {*worker.asked, *found_here} - {f"{BATCH + 1}bad.json"}


def test_a_worker_that_dies_has_found_nothing(ahead, known):
    scenarios = [scenario(number) for number in range(MANY)]
    dying, other = FakeWorker(dies_after=2 * BATCH), FakeWorker()
    assert [*ahead(dying, other).each(scenarios)] == scenarios
    assert known_of(known, scenarios) == sorted({*dying.asked[:BATCH], *other.asked}, key=lambda file: int(file[:-5]))


def test_workers_are_not_asked_for_what_is_known_or_needs_other_files(ahead, known, tmp_path):
    scenarios = [scenario(number) for number in range(BATCH)]
    assert scenarios[0].source
    known.add(scenarios[0].source)
    suite = load_text(dumps(scenarios[0].document), "suite.yaml")
    worker = FakeWorker()
    assert len([*ahead(worker).each([*scenarios, SelectedScenario(suite.document, suite.file, suite)])]) == BATCH + 1
    assert worker.asked == [each.place for each in scenarios[1:]]


def test_an_error_while_they_are_read_is_raised(ahead):
    def read():
        yield from (scenario(number) for number in range(BATCH + 1))
        raise ValueError("unreadable")

    with pytest.raises(ValueError, match="unreadable"):
        for _ in ahead(FakeWorker()).each(read()):
            pass

"""What several results come to, and results that are read one by one."""

import pytest
from tests.unit.reporting.runs import EVERY, NEVER_BEGAN, OVERDUE, PASSED, at

from awsit.model.result import RunResult
from awsit.records import replace
from awsit.reporting.registry import FORMATS, ReportContext
from awsit.reporting.totals import PagedResults, Totals
from awsit.reporting.verdicts import Verdict, passed_cleanly


def test_verdicts_are_counted_worst_first():
    found = Totals.of(EVERY).tally
    assert list(found) == [verdict for verdict in Verdict if verdict in found]
    assert next(iter(found)) is Verdict.FAILED
    assert sum(found.values()) == len(EVERY)


def test_a_report_reaches_from_the_first_start_to_the_last_end():
    assert Totals.of([PASSED, OVERDUE]).meta.finished_at == OVERDUE.finished_at
    assert Totals.of([]).meta.started_at == ""


@pytest.mark.parametrize(
    ("runs", "seconds"),
    [
        ([], 0),
        ([(0, 4)], 4),
        ([(0, 4), (4, 2)], 6),
        ([(0, 4), (1, 2), (0, 4), (3, 3)], 6),
        ([(0, 4), (86_400, 2)], 6),
    ],
    ids=["none", "one", "one after the other", "side by side", "on two days"],
)
def test_the_time_of_many_is_wall_time(runs, seconds):
    results = [replace(PASSED, started_at=at(start), duration_seconds=lasts) for start, lasts in runs]
    assert Totals.of(results).meta.seconds == seconds


def test_a_run_that_never_began_takes_no_time():
    assert Totals.of([NEVER_BEGAN, replace(PASSED, started_at=at(0), duration_seconds=4.0)]).meta.seconds == 4


@pytest.fixture
def reads() -> list[int]:
    """The places that were read of `paged`, in their order."""
    return []


@pytest.fixture
def paged(reads: list[int]) -> PagedResults:
    """All kinds of results, read one by one."""

    def read(place: int) -> RunResult:
        reads.append(place)
        return EVERY[place]

    return PagedResults(len(EVERY), read)


def test_paged_results_are_a_sequence(paged):
    assert list(paged) == list(EVERY)
    assert (paged[0], paged[-1], paged[1:3]) == (EVERY[0], EVERY[-1], list(EVERY[1:3]))
    with pytest.raises(IndexError):
        paged[len(EVERY)]


def test_they_are_counted_once(paged, reads):
    assert Totals.of(paged) == Totals.of(EVERY)
    assert Totals.of(paged) is Totals.of(paged)
    assert reads == list(range(len(EVERY)))


def test_those_that_did_not_pass_cleanly_are_known_without_reading_them_again(paged):
    totals = Totals.of(paged)
    assert [paged[place] for place in totals.not_clean] == [each for each in EVERY if not passed_cleanly(each)]
    assert {totals.verdicts[place] for place in totals.worst_first[len(totals.not_clean) :]} == {Verdict.PASSED}


@pytest.mark.parametrize("each", FORMATS, ids=lambda each: each.name)
def test_a_report_says_the_same_of_results_that_are_read_one_by_one(each, paged):
    assert "".join(each.render(paged, ReportContext())) == "".join(each.render(EVERY, ReportContext()))

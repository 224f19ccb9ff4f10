"""What is told of each kind of refusal and of each lost answer, against what the service really holds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from tests.torture.refusals import Case, carried_out, cases
from tests.torture.things import Things, serving
from tests.unit.engine.world import World

from awsit.engine.local import LocalEngine
from awsit.http.transport import Urllib3Transport
from awsit.records import replace
from awsit.system.clock import SystemClock


@pytest.fixture(scope="module")
def things() -> Iterator[Things]:
    with serving() as served:
        yield served


def engine(case: Case) -> LocalEngine:
    """The local engine with the real transport, and with a clock that never waits unless the service acts late."""
    services = World().services
    clock = SystemClock() if case.acts == "late-act" else services.clock
    return LocalEngine(replace(services, http=Urllib3Transport(), clock=clock))


@pytest.mark.parametrize("case", list(cases()), ids=str)
def test_no_report_is_untrue(things: Things, case: Case) -> None:
    assert not carried_out(engine(case), things, case)

"""What a clean-up says that it waits for."""

from __future__ import annotations

import pytest
from tests.unit.engine.run.test_effects import cleaned_up, killed, late
from tests.unit.engine.world import RUN_ID

from awsit.engine.run.last_looks import last_looks
from awsit.model.run import LastLook


def test_each_last_look_is_told_before_it_is_waited_for() -> None:
    world, service = late(13)
    killed(world, service)
    began, looks = world.clock.now().timestamp(), list[LastLook]()

    cleaned_up(world, looks=looks)

    assert looks == [LastLook("Remove", ("Make",), began + 15)]


def test_nothing_is_told_of_a_clean_up_that_looks_once() -> None:
    world, service = late(0)
    looks = list[LastLook]()
    killed(world, service)
    world.clock.sleep(60)

    cleaned_up(world, looks=looks)

    assert looks == []


@pytest.mark.parametrize(("after", "names"), [(14.9, ["Remove"]), (15.0, [])])
def test_a_look_whose_time_has_come_is_not_waited_for(after: float, names: list[str]) -> None:
    world, service = late(99)
    killed(world, service)
    began = world.clock.now().timestamp()
    assert cleaned_up(world, patience=5) is None

    looks = last_looks(world.store, RUN_ID, world.store.records(RUN_ID), began + after)

    assert [look.name for look in looks] == names

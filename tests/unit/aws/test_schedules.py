"""Names of schedules, and stacks without a place for them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.aws.fakes import FakeAws

from awsit.aws.installation import Installation
from awsit.aws.schedules import Schedules, name_of
from awsit.errors import EnvironmentFailure


def test_a_name_that_the_service_takes_is_kept() -> None:
    assert name_of("order_is_stored") == "order_is_stored"


@given(st.lists(st.text(max_size=90), unique=True, max_size=5))
def test_every_run_has_a_name_of_its_own_that_the_service_takes(labels: list[str]) -> None:
    names = [name_of(label) for label in labels]
    assert all(re.fullmatch(r"[0-9A-Za-z_.-]{1,64}", name) for name in names)
    assert len(set(names)) == len(labels)


def test_a_stack_of_a_version_without_schedules_says_what_to_do() -> None:
    older: Any = Installation("arn", "bucket", "table", "function", "logs", "more-logs")
    with pytest.raises(EnvironmentFailure) as raised:
        Schedules(FakeAws(), older)
    assert raised.value.hint == "run `awsit deploy` with this version"

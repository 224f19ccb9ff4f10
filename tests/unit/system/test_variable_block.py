from contextvars import ContextVar

import pytest

from awsit.system.variable_block import VariableBlock

NUMBER = ContextVar("number", default=-1)


def test_a_block_has_its_value_and_blocks_around_it_theirs() -> None:
    with VariableBlock(NUMBER, 1) as outer:
        with pytest.raises(ZeroDivisionError), VariableBlock(NUMBER, 0) as inner:
            assert outer / inner
        assert (outer, NUMBER.get()) == (1, 1)
    assert NUMBER.get() == -1

import gc

import pytest

from awsit.scenario.reading.garbage import no_collections


def test_the_collector_is_on_again_after_the_outermost_block_and_an_error() -> None:
    with no_collections():
        with no_collections():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), no_collections():
        raise ZeroDivisionError
    assert gc.isenabled()

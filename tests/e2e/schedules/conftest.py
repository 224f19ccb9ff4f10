"""The tests of this folder look at their own runs only: they share a sandbox."""

import pytest
from tests.deployed import Deployed


@pytest.fixture(scope="module")
def deployed(shared: Deployed) -> Deployed:
    """The sandbox of this process, with the stacks `awsit` and `orders`."""
    return shared

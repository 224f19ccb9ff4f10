"""Names that the templates of a step see."""

import pytest

from awsit.engine.step.scope import is_secret_parameter
from awsit.model.sources import StoredParameter


@pytest.mark.parametrize(
    ("name", "is_secret"),
    [
        ("/orders/level", False),
        ("/api_key/level", False),
        ("/orders/level:2", False),
        ("/orders/api_key", True),
        ("/orders/api_key:2", True),
        ("api_key:production", True),
        ("arn:aws:ssm:eu-west-1:123456789012:parameter/orders/api_key", True),
        ("arn:aws:ssm:eu-west-1:123456789012:parameter/orders/api_key:2", True),
    ],
)
def test_a_parameter_that_is_called_a_secret_is_one_in_every_version(name: str, is_secret: bool) -> None:
    assert is_secret_parameter(name, StoredParameter("a value", is_secret=False)) is is_secret
    assert is_secret_parameter(name, StoredParameter("a value", is_secret=True))

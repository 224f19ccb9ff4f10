from typing import Any

import pytest

from awsit.expressions.assertions import assertion
from awsit.expressions.assertions.rendering import LISTS, NESTED
from awsit.expressions.assertions.validation import KEYS
from awsit.model.json import exact
from awsit.scenario.json_schema.assertions import described

DESCRIBED = described({key: {} for key in (*KEYS, *LISTS, *NESTED)})
BESIDE: dict[str, dict[str, Any]] = {
    "path": {"exists": True},
    "name": {"exists": True},
    "strict": {"matches": {"id": "#uuid"}},
    "any_order": {"equals": [1, 2]},
    "tolerance_seconds": {"equals": 1},
}


@pytest.mark.parametrize("key", sorted(DESCRIBED.keys() - {"json_path"}))
def test_the_example_of_each_key_is_an_assertion(key: str) -> None:
    (example,) = DESCRIBED[key]["examples"]
    assert list(assertion.problems(exact({**BESIDE.get(key, {}), key: example}))) == []

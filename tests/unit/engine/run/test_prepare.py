"""What a run is told that could not be prepared."""

import botocore
import pytest
from tests.unit.engine.world import World, answer

from awsit.model.result import RunStatus

SCENARIO = """
name: it
actions: [{name: Call, type: aws_api, params: {service: SERVICE, operation: OPERATION, params: {PARAM: 1}}}]
"""


@pytest.mark.parametrize(
    "names", [("quantum-ledgers", "x", "A"), ("sqs", "qq", "A"), ("sts", "get_caller_identity", "A")]
)
def test_a_name_that_botocore_does_not_know_may_be_newer_than_it(names):
    text = SCENARIO
    for place, name in zip(("SERVICE", "OPERATION", "PARAM"), names, strict=True):
        text = text.replace(place, name)
    result = World(answer(200, {})).run(text)
    assert (result.status, result.error.code) == (RunStatus.ERROR, "invalid_input")
    assert (
        result.error.hint == f"botocore {botocore.__version__}, which checks it here, does not know it; a newer one may"
    )


def test_a_misspelt_name_is_not_taken_for_a_newer_one():
    text = SCENARIO.replace("SERVICE", "sqs").replace("OPERATION", "send_mesage").replace("PARAM", "A")
    assert "newer" not in World(answer(200, {})).run(text).error.hint

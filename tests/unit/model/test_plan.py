"""The phases of a scenario, and how records of other versions name them."""

import pytest

from awsit.engine.store.records import StepRecord
from awsit.model.codec import decode, encode
from awsit.model.plan import AwsPlace, Phase

RESULT = {"index": 3, "phase": "setup", "name": "Create", "type": "http_call", "status": "passed"}
RECORD = {"index": 3, "sequence": 1, "directive": {"next": "succeeded"}, "result": RESULT}


@pytest.mark.parametrize(("kind", "phase"), [("action", Phase.ACTIONS), ("cleanup", Phase.CLEANUP)])
def test_a_record_of_an_older_version_is_read(kind, phase):
    assert decode(StepRecord, {**RECORD, "kind": kind}).kind is phase


@pytest.mark.parametrize("phase", Phase)
def test_a_record_keeps_its_phase(phase):
    record = decode(StepRecord, {**RECORD, "kind": str(phase)})
    assert record.kind is phase
    assert decode(StepRecord, encode(record)) == record


def test_what_follows_the_actions_is_diagnostics_and_clean_up():
    assert [phase for phase in Phase if phase.is_follow_up] == [Phase.ON_FAILURE, Phase.CLEANUP]


def test_an_external_id_is_not_shown():
    assert "s3cret" not in repr(AwsPlace("arn:aws:iam::210987654321:role/tester", "eu-west-1", "s3cret"))

"""The JSON Schema of a report."""

import jsonschema
import pytest
from msgspec.structs import fields
from tests.unit.reporting.runs import EVERY, PASSED

from awsit.model import json
from awsit.model.codec import encode
from awsit.model.result import RunResult
from awsit.reporting.formats import json_
from awsit.reporting.report_schema import report_schema

CHECK = jsonschema.Draft202012Validator(report_schema())


@pytest.mark.parametrize("result", EVERY, ids=lambda result: result.run_id[-2:])
def test_every_report_fits(result):
    assert list(CHECK.iter_errors(json.plain(json.loads(json_.report(result))))) == []


def test_the_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(report_schema())
    assert set(report_schema()["properties"]) == {field.name for field in fields(RunResult)}


@pytest.mark.parametrize("change", [{"version": "awsit.report/2"}, {"status": "fine"}, {"steps": [{}]}, {"run_id": 1}])
def test_what_is_not_a_report_does_not_fit(change):
    assert not CHECK.is_valid(json.plain({**encode(PASSED), **change}))

"""`awsit schema`, and problems for code scanning, as a person or a tool sees them."""

import json

import jsonschema
import pytest

WRONG = "name: wrong\nactions:\n  - {name: Pause, type: wait, parms: {seconds: 1}}\n"


@pytest.mark.parametrize("arguments", [[], ["scenario"], ["library"], ["report"], ["load"], ["config"]])
def test_a_schema_is_printed_and_nothing_else(awsit, arguments):
    result = awsit("schema", *arguments)
    assert result.exit_code == 0
    assert result.stderr == ""
    jsonschema.Draft202012Validator.check_schema(json.loads(result.stdout))


def test_the_schema_of_scenarios_finds_a_misspelt_key(awsit):
    schema = json.loads(awsit("schema").stdout)
    document = {"name": "a", "actions": [{"name": "A", "type": "wait", "parms": {}}]}
    assert not jsonschema.Draft202012Validator(schema).is_valid(document)


@pytest.mark.parametrize(
    ("kind", "document"),
    [
        ("scenario", {"name": "a", "actions": [{"name": "A", "type": "wait", "params": {"seconds": 0}}]}),
        ("library", {"library": "a", "actions": {"b": {"actions": [{"use": "c"}]}}}),
    ],
)
def test_the_schemas_take_keys_for_anchors_at_the_top_only(awsit, kind, document):
    validator = jsonschema.Draft202012Validator(json.loads(awsit("schema", kind).stdout))
    validator.validate({**document, "x-base": {"type": "wait"}, "x-list": [1]})
    assert not validator.is_valid({**document, "X-Base": 1})
    assert not validator.is_valid({**document, "defaults": {"wait": {"x-base": 1}}})


def test_an_unknown_schema_names_those_there_are(awsit):
    result = awsit("schema", "scenarios")
    assert result.exit_code == 2
    assert "did you mean `scenario`?" in " ".join(result.stderr.split())
    known = "known here: `config`, `library`, `load`, `report`, `scenario`, `suite`"
    assert known in " ".join(awsit("schema", "things").stderr.split())


def test_validate_writes_sarif_with_the_place_of_each_problem(awsit, scenario):
    scenario()
    scenario(WRONG, "wrong.yaml")
    result = awsit("validate", "scenarios", "--sarif")
    assert result.exit_code == 3
    assert result.stderr == ""
    found = json.loads(result.stdout)["runs"][0]["results"]
    places = [each["locations"][0]["physicalLocation"] for each in found]
    assert {place["artifactLocation"]["uri"] for place in places} == {"scenarios/wrong.yaml"}
    assert ("unknown_key", 3) in [
        (each["ruleId"], place["region"]["startLine"]) for each, place in zip(found, places, strict=True)
    ]


def test_validate_writes_sarif_for_scenarios_that_are_right(awsit, scenario):
    result = awsit("validate", str(scenario()), "--sarif")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["runs"][0]["results"] == []


def test_validate_writes_one_kind_of_output(awsit, scenario):
    result = awsit("validate", str(scenario()), "--sarif", "--json")
    assert result.exit_code == 2
    assert "--json and --sarif" in result.stderr

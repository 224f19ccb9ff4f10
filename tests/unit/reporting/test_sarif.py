"""SARIF logs hold what the specification requires, and what code scanning needs to find the line."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from awsit.errors import Position, Problem
from awsit.records import replace
from awsit.reporting.sarif import sarif_log

FOLDER = Path("/projects/orders")
ESSENTIALS = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {"type": "array", "items": {"$ref": "#/$defs/run"}},
    },
    "$defs": {
        "run": {
            "required": ["tool", "results"],
            "properties": {
                "tool": {
                    "required": ["driver"],
                    "properties": {
                        "driver": {
                            "required": ["name"],
                            "properties": {"rules": {"items": {"$ref": "#/$defs/rule"}, "uniqueItems": True}},
                        }
                    },
                },
                "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
                "results": {"type": "array", "items": {"$ref": "#/$defs/result"}},
            },
        },
        "rule": {
            "required": ["id", "shortDescription", "fullDescription", "help"],
            "properties": {"shortDescription": {"$ref": "#/$defs/text"}, "help": {"$ref": "#/$defs/text"}},
        },
        "result": {
            "required": ["ruleId", "ruleIndex", "message", "locations"],
            "properties": {
                "level": {"enum": ["none", "note", "warning", "error"]},
                "message": {"$ref": "#/$defs/text"},
                "locations": {"items": {"properties": {"physicalLocation": {"$ref": "#/$defs/place"}}}},
            },
        },
        "place": {
            "required": ["artifactLocation", "region"],
            "properties": {
                "artifactLocation": {"required": ["uri"]},
                "region": {
                    "required": ["startLine", "startColumn"],
                    "properties": {"startLine": {"minimum": 1}, "startColumn": {"minimum": 1}},
                },
            },
        },
        "text": {"type": "object", "required": ["text"], "properties": {"text": {"type": "string", "minLength": 1}}},
    },
}
"""What the specification requires of the objects that we write (sections 3.13, 3.14, 3.18, 3.19, 3.27, 3.29, 3.49)."""

MISSPELT = Problem(
    "unknown_key", "unknown key `asert`", "actions[0].asert", "write `assert`", Position("scenarios/a b.yaml", 7, 5, 5)
)
TOO_LARGE = Problem("limit", "the scenario is larger than 256 KiB")


def not_as_specified(log):
    """What of a log is not as the specification requires."""
    return [error.message for error in Draft202012Validator(ESSENTIALS).iter_errors(log)]


@pytest.fixture
def log():
    return sarif_log({"scenarios/a b.yaml": [MISSPELT, TOO_LARGE], "fine.yaml": []}, FOLDER, "1.2.3")


def test_a_log_holds_what_the_specification_requires(log):
    assert not_as_specified(log) == []


def test_a_result_marks_the_place_in_the_file(log):
    first = log["runs"][0]["results"][0]
    assert first["locations"] == [
        {
            "physicalLocation": {
                "artifactLocation": {"uri": "scenarios/a%20b.yaml", "uriBaseId": "%SRCROOT%"},
                "region": {"startLine": 7, "startColumn": 5, "endLine": 7, "endColumn": 10},
            },
            "logicalLocations": [{"fullyQualifiedName": "actions[0].asert"}],
        }
    ]
    assert first["message"]["text"] == "unknown key `asert`. write `assert`"


def test_each_result_points_at_its_rule(log):
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert rules == ["limit", "unknown_key"]
    assert [(each["ruleId"], rules[each["ruleIndex"]]) for each in run["results"]] == [
        ("unknown_key", "unknown_key"),
        ("limit", "limit"),
    ]


def test_a_problem_of_the_whole_file_is_shown_at_its_first_line(log):
    place = log["runs"][0]["results"][1]["locations"][0]["physicalLocation"]
    assert place["region"]["startLine"] == 1


def test_what_is_wrong_in_a_file_that_others_share_is_placed_there_and_told_once():
    wrong = replace(MISSPELT, position=Position("scenarios/suite.yaml", 2, 3, 5))
    (run,) = sarif_log({"a.yaml": [wrong, TOO_LARGE], "b.yaml": [wrong, TOO_LARGE]}, FOLDER, "1.2.3")["runs"]
    places = [each["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for each in run["results"]]
    assert places == ["scenarios/suite.yaml", "a.yaml", "b.yaml"]


def test_a_file_outside_the_folder_has_a_uri_of_its_own():
    log = sarif_log({"../other/a.yaml": [MISSPELT]}, FOLDER, "1.2.3")
    assert log["runs"][0]["artifacts"] == [{"location": {"uri": "file:///projects/other/a.yaml"}}]


def test_the_standard_input_is_no_file():
    log = sarif_log({"-": [replace(MISSPELT, position=Position("-", 7, 5, 5))]}, FOLDER, "1.2.3")
    assert not_as_specified(log) == []
    assert log["runs"][0]["artifacts"] == []
    assert log["runs"][0]["results"][0]["locations"] == [
        {"logicalLocations": [{"fullyQualifiedName": "actions[0].asert"}]}
    ]


def test_nothing_wrong_is_a_log_without_results():
    log = sarif_log({"fine.yaml": []}, FOLDER, "1.2.3")
    assert not_as_specified(log) == []
    assert log["runs"][0]["results"] == []

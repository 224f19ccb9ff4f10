"""The committed JSON Schemas, which editors use: every file that is right fits, and they see the mistakes they can."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from awsit.errors import InvalidInputError
from awsit.scenario.reading.discover import scenario_files
from awsit.scenario.reading.kinds import SUITE_FILE, is_library, is_scenario
from awsit.scenario.reading.load import load_file

ROOT = Path(__file__).parents[2]
GALLERY = ROOT / "docs" / "errors"
OTHERS = {"template.yaml", "e2e.yml"}
"""A CloudFormation template and a workflow beside the scenarios."""
FOLDERS = (
    "tests/conformance/scenarios",
    "tests/conformance/libraries",
    "examples/orders",
    "src/awsit/cli/drafts/files",
)
RIGHT = [
    path.relative_to(ROOT)
    for folder in FOLDERS
    for path in scenario_files(ROOT / folder)
    if path.name not in OTHERS and path.parent.name != "cases"
]
SEEN = {
    "check_on_parallel",
    "many_at_once",
    "missing_key",
    "misspelt_key",
    "misspelt_parameter",
    "misspelt_type",
    "unknown_operator",
    "wrong_value",
}
"""The wrong files of docs/errors whose mistake is one of shape; a schema cannot know of the others."""


SCHEMAS = {
    kind: jsonschema.Draft202012Validator(json.loads((ROOT / "docs" / "schema" / f"{kind}.schema.json").read_text()))
    for kind in ("library", "scenario", "suite")
}


def misfits(path: Path) -> list[str]:
    """What the schema of its kind says against the file as it is written: its `use` and `defaults` are not expanded."""
    document: Any = load_file(path).document
    if path.name == SUITE_FILE:
        return faults(document, "suite")
    assert is_library(document) or is_scenario(document), path
    return faults(document)


def faults(document: Any, kind: str = "") -> list[str]:
    kind = kind or ("library" if is_library(document) else "scenario")
    return [error.message for error in SCHEMAS[kind].iter_errors(document)]


def test_there_are_as_many_files_as_the_project_has():
    assert len(RIGHT) > 60


@pytest.mark.parametrize("path", RIGHT, ids=str)
def test_every_file_that_is_right_fits(path):
    assert misfits(ROOT / path) == []


def test_the_schema_sees_the_mistakes_of_shape_in_the_gallery_and_no_others():
    assert {path.stem for path in GALLERY.glob("*.yaml") if readable(path) and misfits(path)} == SEEN


CALL = {"name": "A", "type": "http_call", "params": {"url": "http://orders.test"}}
PAUSE = {"name": "A", "type": "wait", "params": {"seconds": 0}}
STORED = {"name": "s", "actions": [CALL]}


def action(**keys: Any) -> dict[str, Any]:
    return {**STORED, "actions": [{**CALL, **keys}]}


def params(**keys: Any) -> dict[str, Any]:
    return action(params={**CALL["params"], **keys})


def asserts(*assertions: Any) -> dict[str, Any]:
    return action(**{"assert": list(assertions)})


WRONG_SHAPES: dict[str, Any] = {
    "a list of scenarios": [STORED],
    "no actions": {"name": "s"},
    "no action": {"name": "s", "actions": []},
    "an action without brackets": {"name": "s", "actions": PAUSE},
    "no name": {"actions": [PAUSE]},
    "tags at the top": {**STORED, "tags": ["smoke"]},
    "a key for anchors in an action": action(**{"x-base": 1}),
    "no type": {"name": "s", "actions": [{"name": "A"}]},
    "a type of another tool": action(type="http"),
    "params beside the type": action(url="http://orders.test"),
    "no url": action(params={}),
    "no status": params(expected_status=[]),
    "a status as text": params(expected_status="200"),
    "a body by another name": params(json={"a": 1}),
    "seconds as text": {"name": "s", "actions": [{**PAUSE, "params": {"seconds": "5"}}]},
    "an assertion without operator": asserts({"path": "$.status"}),
    "only a name": asserts({"name": "created"}),
    "only an option": asserts({"path": "$.body", "any_order": True}),
    "nothing in an assertion": asserts({}),
    "no operator in a list of alternatives": asserts({"or": [{"path": "$.status", "equals": 1}, {"path": "$.body"}]}),
    "no operator under not": asserts({"not": {"path": "$.status"}}),
    "no operator for elements": asserts({"path": "$.body", "any": {"path": "$.id"}}),
    "no operator in until": action(until={"assert": [{"path": "$.status"}], "timeout_seconds": 5}),
    "no operator in fail_when": action(
        until={"assert": [{"path": "$.a", "exists": True}], "fail_when": [{"path": "$.b"}], "timeout_seconds": 5}
    ),
    "no operator in a final assertion": {**STORED, "assertions": [{"path": "$.context.a"}]},
    "no operator in clean-up": {**STORED, "cleanup": [{**CALL, "name": "B", "assert": [{"path": "$.status"}]}]},
    "an operator that there is not": asserts({"path": "$.status", "equal": 200}),
    "an assertion without brackets": action(**{"assert": {"path": "$.status", "equals": 200}}),
    "until as a list": action(until=[{"path": "$.status", "equals": 200}]),
    "polls without number": action(until={"assert": [{"path": "$.a", "exists": True}], "max_attempts": 3}),
    "no attempt": action(retry={"max_attempts": 0}),
    "a retry by another name": action(retries=3),
    "a check on parallel": {
        "name": "s",
        "actions": [{"name": "P", "type": "parallel", "params": {"branches": [[PAUSE]]}, "assert": []}],
    },
    "an empty branch": {"name": "s", "actions": [{"name": "P", "type": "parallel", "params": {"branches": [[]]}}]},
    "a choice without condition": {
        "name": "s",
        "actions": [{"name": "P", "type": "choice", "params": {"then": [PAUSE]}}],
    },
    "a library with a list": {"library": "l", "actions": [PAUSE]},
    "no operator in a library": {
        "library": "l",
        "actions": {"a": {"actions": [{**CALL, "assert": [{"path": "$.status"}]}]}},
    },
}
"""Documents with one mistake that both `validate` and a schema must see."""


@pytest.mark.parametrize("mistake", WRONG_SHAPES)
def test_validate_and_the_schema_refuse_the_same_shapes(awsit, mistake):
    document = WRONG_SHAPES[mistake]
    assert awsit("validate", "-", stdin=json.dumps(document)).exit_code == 3
    assert faults(document) != []


def changed(value: Any) -> Iterator[Any]:
    """Copies of a value in which one thing at any depth is gone, unknown or of another kind."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from ([*value[:index], each, *value[index + 1 :]] for each in changed(item))
    if not isinstance(value, dict):
        return
    yield {**value, "zzz": 1}
    for key, inner in value.items():
        yield {other: value[other] for other in value if other != key}
        yield from ({**value, key: each} for each in (None, 7, "text", [], {}, *changed(inner)))


def test_what_the_schema_refuses_validate_refuses_too(awsit, tmp_path):
    """Else an editor marks a scenario that runs."""
    document = load_file(ROOT / "tests" / "functional" / "whole_scenario.yaml").document
    assert faults(document) == []
    marked = [each for each in islice(changed(document), 0, None, 3) if faults(each)]
    assert len(marked) > 100
    for number, each in enumerate([document, *marked]):
        (tmp_path / f"{number:03}.json").write_text(json.dumps(each))
    files = sorted(path.name for path in tmp_path.iterdir())
    judged = json.loads(awsit("validate", "--json", *files).stdout)
    assert [each["file"] for each in judged if each["valid"]] == ["000.json"]


def readable(path: Path) -> bool:
    """Whether it is YAML at all: the schema is asked about the others never."""
    try:
        return load_file(path) is not None
    except InvalidInputError:
        return False

"""The committed JSON Schemas, which editors use: every file that is right fits, and they see the mistakes they can."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from awsit.errors import InvalidInputError
from awsit.scenario.library.library import is_library
from awsit.scenario.reading.discover import scenario_files
from awsit.scenario.reading.kinds import is_scenario
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
    path.relative_to(ROOT) for folder in FOLDERS for path in scenario_files(ROOT / folder) if path.name not in OTHERS
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


def misfits(path: Path) -> list[str]:
    """What the schema of its kind says against the file as it is written: its `use` and `defaults` are not expanded."""
    document: Any = load_file(path).document
    kind = "library" if is_library(document) else "scenario"
    assert kind == "library" or is_scenario(document), path
    schema = json.loads((ROOT / "docs" / "schema" / f"{kind}.schema.json").read_text())
    return [error.message for error in jsonschema.Draft202012Validator(schema).iter_errors(document)]


def test_there_are_as_many_files_as_the_project_has():
    assert len(RIGHT) > 60


@pytest.mark.parametrize("path", RIGHT, ids=str)
def test_every_file_that_is_right_fits(path):
    assert misfits(ROOT / path) == []


def test_the_schema_sees_the_mistakes_of_shape_in_the_gallery_and_no_others():
    assert {path.stem for path in GALLERY.glob("*.yaml") if readable(path) and misfits(path)} == SEEN


def readable(path: Path) -> bool:
    """Whether it is YAML at all: the schema is asked about the others never."""
    try:
        return load_file(path) is not None
    except InvalidInputError:
        return False

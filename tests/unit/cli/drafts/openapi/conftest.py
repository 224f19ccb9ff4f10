"""What the tests of drafts from OpenAPI share."""

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.cli.drafts.draft import as_yaml
from awsit.cli.drafts.openapi.draft import draft_of_openapi
from awsit.scenario.checks.validate import validate
from awsit.scenario.reading.load import load_text


@pytest.fixture
def write(tmp_path):
    def write_file(text, name="api.yaml"):
        (tmp_path / name).write_text(text, encoding="utf-8")
        return name

    return write_file


@pytest.fixture
def made(write):
    """The draft of a document; the scenario is valid."""

    def draft(text, *operations, name="api.yaml"):
        found = draft_of_openapi(write(text, name), operations)
        assert validate(load_text(as_yaml(found), "draft.yaml"), BY_TYPE) == []
        return found

    return draft

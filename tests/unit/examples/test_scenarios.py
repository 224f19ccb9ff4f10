"""The example scenarios as files; that they run is shown by the conformance tests."""

from pathlib import Path

import pytest

from awsit.actions import registry
from awsit.scenario.checks import validate
from awsit.scenario.library import expand, files
from awsit.scenario.reading import load

FOLDER = Path(__file__).parents[3] / "examples" / "orders" / "scenarios"
FILES = sorted(FOLDER.glob("*.yaml"))


def expanded(path):
    return expand.expand(load.load_file(path), files.Libraries())


@pytest.fixture(params=FILES, ids=lambda path: path.stem)
def source(request):
    return expanded(request.param)


def test_there_are_as_many_as_the_example_s_page_lists():
    page = (FOLDER.parent / "README.md").read_text(encoding="utf-8")

    listed = [
        line.split("`")[1] for line in page.partition("## The scenarios")[2].splitlines() if line.startswith("| `")
    ]
    assert sorted(listed) == [path.stem for path in FILES]


def test_a_scenario_is_valid(source):
    assert validate.validate(source, registry.BY_TYPE) == []


def test_a_scenario_is_named_after_its_file_described_and_tagged(source):
    document = source.document

    assert document["name"] == Path(source.file).stem
    assert document["description"]
    assert document["metadata"]["tags"]


def test_what_creates_an_order_also_removes_it(source):
    document = source.document
    branches = [branch for action in document["actions"] for branch in action["params"].get("branches", ())]
    actions = [*document.get("setup", ()), *document["actions"], *(action for branch in branches for action in branch)]
    creating = [
        action
        for action in actions
        if action["params"].get("expected_status") == 201 or action["params"].get("operation") == "put_item"
    ]

    assert all(action.get("cleanup") for action in creating)


def test_only_the_one_that_says_so_fails_on_purpose():
    failing = [path.stem for path in FILES if "demo-failure" in load.load_file(path).document["metadata"]["tags"]]

    assert failing == ["fails_on_purpose"]

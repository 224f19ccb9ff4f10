"""A `suite.yaml`, read as a scenario, and where it is found."""

from pathlib import Path

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.errors import InvalidInputError
from awsit.scenario.library.files import Libraries
from awsit.scenario.reading.load import load_text
from awsit.scenario.suite import SuiteFiles, as_scenario

SUITE = """
setup:
  - {name: Wait, type: wait, params: {seconds: 0}, let: {customer: c-1}}
"""
SCENARIO = "name: a\nactions: [{name: W, type: wait, params: {seconds: 0}}]\n"


def files(root: Path) -> SuiteFiles:
    return SuiteFiles(root, Libraries(()), BY_TYPE, str)


def test_the_setup_is_the_actions_of_a_scenario_and_stands_where_it_is_written() -> None:
    source = as_scenario(load_text(SUITE, "suite.yaml"))
    assert list(source.document) == ["name", "actions"]
    assert source.position("actions[0].params").line == 3


def test_the_nearest_one_counts_and_none_above_the_project(tmp_path: Path) -> None:
    root = tmp_path / "project"
    (root / "a" / "b").mkdir(parents=True)
    (root / "c").mkdir()
    for folder in (tmp_path, root / "a"):
        (folder / "suite.yaml").write_text(SUITE)
    found = files(root).around(str(root / "a" / "b" / "x.yaml"))
    assert found is not None
    assert (found.file, found.names) == (str(root / "a" / "suite.yaml"), {"customer"})
    assert files(root).around(str(root / "c" / "x.yaml")) is None


def test_a_scenario_of_that_name_stays_one(tmp_path: Path) -> None:
    (tmp_path / "suite.yaml").write_text(SCENARIO)
    assert files(tmp_path).around(str(tmp_path / "x.yaml")) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("setup: []", "a suite.yaml has a `setup`"),
        ("cleanup: []", "a suite.yaml has a `setup`"),
        ("- setup", "a suite.yaml is a mapping with `setup`"),
        (f"{SUITE}cases: x", "a suite.yaml has no key `cases`"),
        (f"{SUITE}name: x", "a suite.yaml has no key `name`"),
        (SUITE.replace("c-1", "'{{ suite.x }}'"), "in the suite.yaml itself it is `context`"),
        (SUITE.replace("Wait, type: wait", "Wait, type: wayt"), "wayt"),
    ],
)
def test_one_that_is_not_valid_says_where(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "suite.yaml").write_text(text)
    with pytest.raises(InvalidInputError) as caught:
        files(tmp_path).around(str(tmp_path / "x.yaml"))
    (problem,) = caught.value.problems
    assert message in problem.message
    assert problem.position is not None
    assert not problem.path.startswith("actions")

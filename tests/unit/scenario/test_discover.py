from __future__ import annotations

from pathlib import Path

import pytest

from awsit.errors import InvalidInputError, NotFoundError
from awsit.scenario.discover import find, list_scenarios

ORDER = """\
name: order_is_stored
description: It is stored
metadata: {tags: [orders, smoke]}
actions: [{name: Create, type: http_call}, {name: Read, type: dynamodb}]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "deep").mkdir()
    (tmp_path / ".hidden").mkdir()
    (tmp_path / "node_modules").mkdir()
    files = {
        "order.yaml": ORDER,
        "deep/user.yml": "name: user_is_created\nactions: []",
        "deep/json.json": '{"name": "from_json", "actions": []}',
        "broken.yaml": "name: broken\nactions: [\n",
        "package.json": '{"name": "package", "version": "1"}',
        "template.yaml": "Resources: !Ref x",
        "list.yaml": "[1]",
        "readme.md": "actions: []",
        ".hidden/a.yaml": "actions: []",
        "node_modules/a.yaml": "actions: []",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    return tmp_path


def test_scenarios_are_listed_and_other_files_passed_over(folder: Path) -> None:
    broken, from_json, user, order = list_scenarios(folder)
    assert (broken.name, broken.problems[0].message) == ("broken", "not valid YAML: expected a value here")
    assert (from_json.name, user.name) == ("from_json", "user_is_created")
    assert (order.name, order.description, order.tags) == ("order_is_stored", "It is stored", ("orders", "smoke"))
    assert (order.actions, order.path, order.problems) == (("Create", "Read"), folder / "order.yaml", ())


def test_a_scenario_is_found_by_its_name_its_files_name_or_its_path(folder: Path) -> None:
    for wanted in ("order_is_stored", "order", str(folder / "order.yaml")):
        found = find(wanted, [folder])
        assert (found.path, found.source.document["name"]) == (folder / "order.yaml", "order_is_stored")


def test_a_name_that_is_not_there_offers_the_near_ones(folder: Path) -> None:
    with pytest.raises(NotFoundError, match="there is no scenario `order_is_stord`") as caught:
        find("order_is_stord", [folder])
    assert caught.value.hint == "did you mean `order_is_stored`?"
    with pytest.raises(NotFoundError) as caught:
        find("zzz", [folder / "nowhere"])
    assert caught.value.hint == "`awsit list-scenarios` lists them"


def test_a_file_that_is_not_there_or_not_readable(folder: Path) -> None:
    with pytest.raises(NotFoundError, match="there is no file"):
        find("no.yaml", [folder])
    with pytest.raises(InvalidInputError):
        find("broken", [folder])


def test_a_name_that_two_files_have(folder: Path) -> None:
    (folder / "copy.yaml").write_text(ORDER)
    with pytest.raises(InvalidInputError, match="are both called `order_is_stored`"):
        find("order_is_stored", [folder])

from __future__ import annotations

from pathlib import Path

import pytest

from awsit.scenario.reading.discover import may_be_scenario, scenario_files


def test_files_are_found_in_order_and_what_is_hidden_passed_over(tmp_path: Path) -> None:
    names = ["b.yaml", "a.JSON", "deep/c.yml", "readme.md", ".hidden/a.yaml", ".b.yaml", "node_modules/a.yaml"]
    for name in names:
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("actions: []")

    found = [path.relative_to(tmp_path).as_posix() for path in scenario_files(tmp_path)]

    assert found == ["a.JSON", "b.yaml", "deep/c.yml"]
    assert list(scenario_files(tmp_path / "nowhere")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [("name: broken\nactions: [\n", True), ('{"actions": [}', True), ("Resources: !Ref transactions\n", False)],
)
def test_a_broken_file_is_told_if_it_looks_like_one(tmp_path: Path, text: str, expected: bool) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(text)
    assert may_be_scenario(path) is expected
    assert not may_be_scenario(tmp_path / "nowhere.yaml")


def test_a_file_that_cannot_be_opened_is_worth_a_message(tmp_path: Path) -> None:
    assert may_be_scenario(tmp_path)

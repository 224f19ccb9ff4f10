"""Case files: found, read, and put into the scenario."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from awsit.scenario.cases import case_paths, with_cases
from awsit.scenario.reading.load import load_file
from awsit.scenario.reading.source import Source
from awsit.scenario.schema.matrix import expand_matrix

Read = Callable[..., Source]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A scenario with its cases; `files` are the texts of those in the folder `cases`, `patterns` are YAML."""

    def reading(files: dict[str, str | bytes], patterns: str = "cases/*") -> Source:
        (tmp_path / "cases").mkdir(exist_ok=True)
        for name, content in files.items():
            (tmp_path / "cases" / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        (tmp_path / "s.yaml").write_text(f"name: s\ncases: {patterns}\nactions: [{{use: a}}]\n")
        return with_cases(load_file(tmp_path / "s.yaml"), tmp_path)

    return reading


def test_each_file_is_a_case_in_the_order_of_the_names(read: Read) -> None:
    source = read({"pen.yaml": "total: 1.50\nx-note: for people", "a.b.json": '{"total": 2}', "Ab.yml": "{}"})
    assert source.problems == ()
    assert list(source.document["cases"]) == ["Ab", "a.b", "pen"]
    assert [name for name, _ in expand_matrix(source.document)] == ["s[Ab]", "s[a.b]", "s[pen]"]
    assert source.document["cases"]["pen"] == {"total": source.document["cases"]["pen"]["total"]}


def test_positions_lead_into_the_files(read: Read, tmp_path: Path) -> None:
    source = read({"a.yaml": "x: 1\ny:\n  - z: 2\n"})
    at = source.position("cases.a.y[0].z")
    assert (at.file, at.line, at.column) == (str(tmp_path / "cases/a.yaml"), 3, 8)
    assert source.position("cases.a").line == 1
    assert source.position("actions").file == str(tmp_path / "s.yaml")


def test_a_file_that_several_patterns_name_is_one_case(read: Read, tmp_path: Path) -> None:
    source = read({"a.json": "{}", "b.json": "{}"}, "[cases/a.json, './cases/*.json']")
    assert list(source.document["cases"]) == ["a", "b"]
    assert case_paths(load_file(tmp_path / "s.yaml"), tmp_path) == {
        tmp_path / "cases/a.json",
        tmp_path / "cases/b.json",
    }


def test_reading_twice_changes_nothing(read: Read, tmp_path: Path) -> None:
    source = read({"a.json": "{}"})
    assert with_cases(source, tmp_path) is source
    assert source.written == load_file(tmp_path / "s.yaml")


@pytest.mark.parametrize(
    ("files", "line", "message", "hint"),
    [
        ({"a.json": '{"x": 1,\n "y" 2}'}, 2, "not valid JSON", ""),
        ({"a.yaml": "x: 1\nx: 2"}, 2, "x", ""),
        ({"a.yaml": b"\xff"}, 1, "UTF-8", ""),
        ({"a.yaml": " \n"}, 1, "is empty", "a case is a mapping of variables"),
        ({"a.yaml": "# only this"}, 1, "holds only comments", "a case is a mapping of variables"),
        ({"a.yaml": "[{x: 1}]"}, 1, "holds no variables", "a case is a mapping of variables"),
        ({"a.yaml": "name: t\nactions: []"}, 1, "is a scenario, not a case", "of its cases only"),
        ({"a[1].yaml": "x: 1"}, 1, "the name of a case must be text", "rename the file"),
        ({f"{'a' * 81}.yaml": "x: 1"}, 1, "the name of a case must be text", "rename the file"),
        ({"a.json": "{}", "a.yaml": "{}"}, 1, "a.json is called `a` too", "rename one"),
    ],
)
def test_what_is_wrong_with_a_file_is_told_there(
    read: Read, files: dict[str, str | bytes], line: int, message: str, hint: str
) -> None:
    (problem,) = read(files).problems
    assert problem.position is not None
    assert (Path(problem.position.file).name, problem.position.line) == (list(files)[-1], line)
    assert message in problem.message
    assert hint in problem.hint


def test_other_cases_are_read_beside_a_broken_one(read: Read) -> None:
    source = read({"a.json": "{", "b.json": "[", "c.json": '{"x": 1}'})
    assert len(source.problems) == 2
    assert source.document["cases"] == {"c": {"x": 1}}


@pytest.mark.parametrize(
    ("patterns", "column", "message"),
    [
        ("case/*.json", 8, "there is no folder"),
        ("[cases/*, other/*]", 18, "there is no folder"),
        ("/etc/*.json", 8, "is no relative path"),
    ],
)
def test_what_is_wrong_with_a_pattern_is_told_at_the_pattern(
    read: Read, patterns: str, column: int, message: str
) -> None:
    source = read({"a.json": "{}"}, patterns)
    (problem,) = source.problems
    assert problem.position is not None
    assert (problem.position.line, problem.position.column) == (2, column)
    assert message in problem.message
    assert "cases" in source.document


def test_a_link_may_lead_to_a_file_of_the_project_only(read: Read, tmp_path: Path) -> None:
    (tmp_path / "cases").mkdir()
    (tmp_path / "cases/out.json").symlink_to(__file__)
    (problem,) = read({"a.json": "{}"}).problems
    assert "out.json is outside of" in problem.message


def test_there_are_limits_before_a_file_is_read(read: Read) -> None:
    (problem,) = read({f"{number}.json": "{" for number in range(201)}).problems
    assert problem.message == "these are 201 cases; the limit is 200"
    assert problem.path == "cases"
    for number in range(1, 201):
        read({f"{number}.json": "{}"}, "cases/1.json")
    (problem,) = read({"1.json": " " * 600_000, "2.json": " " * 600_000}, "[cases/1.json, cases/2.json]").problems
    assert problem.message == "these cases have 1171 KiB together; the limit is 1024 KiB"

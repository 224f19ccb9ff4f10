"""The file that holds the rows of a matrix: found, read, and put into the scenario."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.model.json import loads
from awsit.scenario.checks.validate import validate
from awsit.scenario.matrix_file import matrix_path, with_rows
from awsit.scenario.reading.load import load_file
from awsit.scenario.reading.source import Source
from awsit.scenario.schema.matrix import expand_matrix

Read = Callable[..., Source]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """A scenario with the rows of a file, whose content is given."""

    def reading(content: str | bytes, name: str = "rows.csv") -> Source:
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        return with_rows(scenario(tmp_path, name), tmp_path)

    return reading


def scenario(folder: Path, name: str) -> Source:
    (folder / "s.yaml").write_text(
        f"name: s\nmatrix: {{file: {name}}}\nactions: [{{name: A, type: wait, params: {{seconds: 1}}}}]\n"
    )
    return load_file(folder / "s.yaml")


def told(source: Source) -> list[tuple[str, str]]:
    """The place and the message of each problem."""
    problems = validate(source, BY_TYPE)
    return [(f"{Path(at.file).name}:{at.line}:{at.column}", each.message) for each in problems if (at := each.position)]


@pytest.mark.parametrize(
    ("name", "content", "rows"),
    [
        ("r.csv", "product,total\nbook,12.50\npen,1\n", [["book", "12.50"], ["pen", "1"]]),
        ("r.CSV", '\ufeffproduct,total\r\n\r\n"a ""b"", c",\r\n', [['a "b", c', ""]]),
        ("r.csv", 'product,total\n"two\nlines",1', [["two\nlines", "1"]]),
        ("r.json", '[{"product": "book", "total": 12.50}]', [["book", loads("12.50")]]),
        ("r.yml", "- {product: book, total: [1]}\n- {product: pen, total: null}", [["book", [1]], ["pen", None]]),
    ],
)
def test_each_row_of_a_file_is_a_row_of_the_matrix(read: Read, name: str, content: str, rows: list[object]) -> None:
    source = read(content, name)
    assert source.problems == ()
    assert [list(row.values()) for row in source.document["matrix"]] == rows
    assert all(list(row) == ["product", "total"] for row in source.document["matrix"])


def test_rows_of_a_file_have_names_like_others(read: Read) -> None:
    source = read("name,total\nbook,1\npen,1\n")
    assert [label for label, _ in expand_matrix(source.document)] == ["s[book]", "s[pen]"]


def test_reading_twice_changes_nothing_and_the_file_is_known(read: Read, tmp_path: Path) -> None:
    source = read("a\n1\n")
    assert with_rows(source, tmp_path) is source
    assert source.written is not None
    assert matrix_path(source.written, tmp_path) == {tmp_path / "rows.csv"}
    assert matrix_path(source, tmp_path) == frozenset()


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        ("a,b\n1,2\n\n3\n", "rows.csv:4:1", "the row has 1 field, and the header names 2"),
        ('a,b\n1,2\n"x\ny",2,3\n', "rows.csv:4:6", "the row has 3 fields"),
        ("a,b,a\n1,2,3\n", "rows.csv:1:5", "two columns are called `a`"),
        ("a, b\n1,2\n", "rows.csv:1:3", "the column ` b` begins or ends with a space"),
        ("a,,b\n1,2,3\n", "rows.csv:1:3", "a column has no name"),
        ('a,b\n1,"2" x\n', "rows.csv:2:1", "not valid CSV"),
        ('a,b\n1,"2\n3', "rows.csv:3:1", "not valid CSV"),
        ("a;b\n1;2\n", "rows.csv:1:1", "the header has no comma"),
        ("a,b\n", "rows.csv:1:1", "holds no rows"),
        ("", "rows.csv:1:1", "holds no rows"),
        (b"a,b\n1,\xff\n", "rows.csv:2:3", "0xFF is not UTF-8"),
        ("a\n" + "1\n" * 201, "rows.csv:1:1", "has 201 rows; the limit is 200"),
        ("a\n" + "x" * 1024 * 1024, "rows.csv:1:1", "is larger than 1024 KiB"),
        ("a\n" + "x" * 140_000, "rows.csv:2:1", "field larger than field limit"),
        ("a,b\n1,x {{ vars.y }}\n", "rows.csv:2:3", "holds a template"),
    ],
)
def test_what_is_wrong_with_a_csv_file_is_told_there(
    read: Read, content: str | bytes, place: str, message: str
) -> None:
    (problem,) = told(read(content))
    assert problem[0] == place
    assert message in problem[1]


@pytest.mark.parametrize(
    ("content", "place", "message"),
    [
        ('[{"a": 1},\n {"b": 2}]', "rows.json:2:2", "rows with different variables"),
        ('[{"a": 1},\n {"a": "{{ x }}"}]', "rows.json:2:8", "holds a template"),
        ('[{"a": 1},\n {"a" 2}]', "rows.json:2:7", "not valid JSON"),
        ('{"a": 1}', "rows.json:1:1", "holds no list of rows"),
        ("[1]", "rows.json:1:1", "holds no list of rows"),
        ("[]", "rows.json:1:1", "holds no rows"),
        ("", "rows.json:1:1", "is empty"),
    ],
)
def test_what_is_wrong_with_json_is_told_there(read: Read, content: str, place: str, message: str) -> None:
    (problem,) = told(read(content, "rows.json"))
    assert problem[0] == place
    assert message in problem[1]


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("row.csv", "there is no file"),
        ("../rows.csv", "is outside of"),
        ("link.csv", "is outside of"),
        ("pipe.csv", "is not a regular file"),
        ("rows.txt", "is neither CSV nor JSON nor YAML"),
    ],
)
def test_a_file_that_cannot_be_used_is_told(tmp_path: Path, name: str, message: str) -> None:
    project = tmp_path / "project"
    project.mkdir()
    for path in (tmp_path / "rows.csv", project / "rows.txt"):
        path.write_text("a\n1\n")
    (project / "link.csv").symlink_to(tmp_path / "rows.csv")
    os.mkfifo(project / "pipe.csv")
    source = scenario(project, name)
    (problem,) = told(with_rows(source, project))
    assert message in problem[1]
    assert problem[0] == ("rows.txt:1:1" if name == "rows.txt" else "s.yaml:2:1")
    assert len(matrix_path(source, project)) == (name == "rows.txt")


def test_a_scenario_that_comes_without_its_file_is_told(tmp_path: Path) -> None:
    (problem,) = told(scenario(tmp_path, "rows.csv"))
    assert "there is no such file" in problem[1]

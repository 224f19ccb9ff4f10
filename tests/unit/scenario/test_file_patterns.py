"""Files of a project by patterns of their names."""

from __future__ import annotations

from pathlib import Path

import pytest

from awsit.scenario.file_patterns import matching
from awsit.scenario.project import FileProblem, ProjectFolder


@pytest.fixture
def project(tmp_path: Path) -> ProjectFolder:
    """A project whose scenarios are in `s`; beside the project is a folder `out`."""
    for name in (
        "s/a/x.json",
        "s/a/y1.yaml",
        "s/a/.hidden.json",
        "s/a/notes.txt",
        "s/b/x.yml",
        "s/b[1]/z.json",
        "t.json",
    ):
        path = tmp_path / "project" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    (tmp_path / "project/s/a/folder.json").mkdir()
    (tmp_path / "out").mkdir()
    (tmp_path / "out/o.json").touch()
    return ProjectFolder(tmp_path / "project/s", tmp_path / "project")


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("a/*.json", ["a/x.json"]),
        ("a/*", ["a/x.json", "a/y1.yaml"]),
        ("./a/y?.yaml", ["a/y1.yaml"]),
        ("*/x.*", ["a/x.json", "b/x.yml"]),
        ("a/x.json", ["a/x.json"]),
        ("b[1]/*.json", ["b[1]/z.json"]),
        ("../*.json", ["../t.json"]),
    ],
)
def test_yaml_and_json_files_are_found_in_order(project: ProjectFolder, pattern: str, names: list[str]) -> None:
    assert matching(pattern, project) == names


@pytest.mark.parametrize(
    ("pattern", "message", "hint"),
    [
        ("c/*.json", "there is no folder", "its path is relative to the file that names it"),
        ("aa/*.json", "there is no folder", "did you mean a?"),
        ("a/*.yml", "no file is like", "there are x.json, y1.yaml"),
        ("b[1]/*.yaml", "no file is like", "there is z.json"),
        ("a/x.jsn", "no file is like", "did you mean x.json?"),
        ("a", "no file is like", "it is a folder: write `a/*.json`"),
        ("*", "no file is like", "there is no YAML or JSON file in"),
        ("q*/*", "no file is like", "there is no YAML or JSON file in such a folder"),
        ("a/x.json/*", "is not a folder", "name a folder"),
        ("**/*.json", "holds `**`", "write one pattern a folder"),
        ("*/../*/*.json", "has a `..` after a `*`", "at the beginning"),
        ("/etc/*", "is no relative path", ""),
        ("", "is no relative path", ""),
        ("a\0/*", "is no relative path", ""),
        ("a/" * 300, "is no relative path", ""),
        ("../../out/*.json", "is outside of", "in its project's folder"),
        ("link/*.json", "is outside of", "in its project's folder"),
        ("l*/*.json", "is outside of", "in its project's folder"),
    ],
)
def test_a_pattern_that_cannot_be_used_says_what_there_is(
    project: ProjectFolder, tmp_path: Path, pattern: str, message: str, hint: str
) -> None:
    (tmp_path / "project/s/link").symlink_to(tmp_path / "out")
    with pytest.raises(FileProblem, match=message.replace("*", r"\*").replace("..", r"\.\.")) as raised:
        matching(pattern, project)
    assert hint in raised.value.hint

"""Files that params name: found inside the project, told at their places."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.errors import InvalidInputError, Position
from awsit.scenario.files import FoundFiles, find_files
from awsit.scenario.library.expand import expand
from awsit.scenario.library.files import Libraries
from awsit.scenario.project import ProjectContract
from awsit.scenario.reading.load import load_file

Find = Callable[..., FoundFiles]


@pytest.fixture
def find(tmp_path: Path) -> Find:
    """The files of a scenario in the folder `scenarios` of a project; `names` are those of its parts."""
    folder = tmp_path / "scenarios"
    folder.mkdir()
    (folder / "photo.png").write_bytes(b"png")
    (tmp_path / "shared.txt").write_text("shared")

    def found(*names: str, more: str = "", given: object = None) -> FoundFiles:
        parts = ", ".join(f'{{name: p, file: "{name}"}}' for name in names)
        text = f"""name: s
{more}
actions:
  - {{name: A, type: http_call, params: {{url: "http://a.test", method: POST, multipart: [{parts}]}}}}
"""
        (folder / "s.yaml").write_text(text)
        source = expand(load_file(folder / "s.yaml"), Libraries())
        return find_files(source, BY_TYPE, tmp_path, given)  # type: ignore[arg-type]

    return found


def test_names_are_relative_to_the_scenario_and_may_lead_to_other_folders_of_the_project(
    find: Find, tmp_path: Path
) -> None:
    found = find("photo.png", "../shared.txt")

    assert found.problems == ()
    assert found.paths == {
        "photo.png": str(tmp_path / "scenarios/photo.png"),
        "../shared.txt": str(tmp_path / "shared.txt"),
    }


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("foto.png", "there is no file"),
        ("/etc/passwd", "is no relative path"),
        ("../../outside.txt", "is outside of"),
        ("link", "is outside of"),
        (".", "is not a regular file"),
        ("pipe", "is not a regular file"),
        ("", "is no relative path"),
        ("large", "the limit is 20 MiB"),
        ("photo.png/x", "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_told_at_its_place(find: Find, tmp_path: Path, name: str, message: str) -> None:
    (tmp_path.parent / "outside.txt").write_text("not of the project")
    (tmp_path / "scenarios/link").symlink_to(tmp_path.parent / "outside.txt")
    os.mkfifo(tmp_path / "scenarios/pipe")
    with (tmp_path / "scenarios/large").open("wb") as file:
        file.truncate(20 * 1024 * 1024 + 1)

    (problem,) = find(name).problems

    assert message in problem.message
    assert problem.path == "actions[0].params.multipart[0].file"
    assert problem.position is not None
    assert (problem.position.line, problem.position.file) == (4, str(tmp_path / "scenarios/s.yaml"))


def test_a_misspelt_name_has_the_near_ones(find: Find) -> None:
    assert find("foto.png").problems[0].hint == "did you mean photo.png?"


def test_each_row_of_a_matrix_has_its_file(find: Find) -> None:
    found = find("{{ vars.path }}", more="matrix: {kind: [png, jpg]}\nvariables: {path: 'photo.{{ vars.kind }}'}")

    assert set(found.paths) == {"photo.png"}
    assert [problem.message.rpartition("/")[2] for problem in found.problems] == ["photo.jpg"]


def test_a_variable_of_the_run_may_name_the_file(find: Find) -> None:
    assert set(find("{{ vars.path }}", more="variables: {path: x}", given=[{"path": "photo.png"}]).paths) == {
        "photo.png"
    }


def test_a_name_must_be_known_before_the_run(find: Find) -> None:
    (problem,) = find("{{ vars.path }}", more="variables: {path: '{{ uuid() }}'}").problems

    assert problem.message.startswith("the name of a file must be known before the run: ")


def test_files_of_a_library_are_beside_it(find: Find, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib/note.txt").write_text("note")
    (tmp_path / "lib/up.yaml").write_text(
        "library: up\nactions:\n  send:\n    inputs: {own: {type: string}}\n    actions:\n"
        "      - {name: S, type: http_call, params: {url: 'http://a.test', multipart: "
        "[{name: n, file: note.txt}, {name: o, file: '{{ inputs.own }}'}]}}\n"
    )
    (tmp_path / "scenarios/s.yaml").write_text(
        "name: s\nlibraries: [../lib/up.yaml]\nactions: [{use: up.send, with: {own: photo.png}}]\n"
    )

    found = find_files(expand(load_file(tmp_path / "scenarios/s.yaml"), Libraries()), BY_TYPE, tmp_path).usable()

    parts = found.document["actions"][0]["params"]["multipart"]
    assert [part["file"] for part in parts] == ["../lib/note.txt", "photo.png"]
    assert set(found.paths) == {"../lib/note.txt", "photo.png"}


def test_without_a_project_the_folder_of_the_scenario_is_one(find: Find, tmp_path: Path) -> None:
    find("../shared.txt")

    found = find_files(load_file(tmp_path / "scenarios/s.yaml"), BY_TYPE, None)

    with pytest.raises(InvalidInputError) as caught:
        found.usable()
    assert "is outside of" in caught.value.problems[0].message


@pytest.fixture
def held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], FoundFiles]:
    """The files of a scenario in a project whose `awsit.toml` names a contract; `text` is what the scenario says."""
    monkeypatch.chdir(tmp_path)
    for name in ("api/openapi.yaml", "scenarios/own.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("openapi: 3.0.3\npaths: {}")
    contract = ProjectContract(tmp_path / "api/openapi.yaml", Position("awsit.toml", 7, 1))

    def found(text: str, file: str = "scenarios/s.yaml") -> FoundFiles:
        action = "{name: A, type: http_call, params: {url: 'http://a.test'}}"
        Path(file).write_text(f"name: s\nactions: [{action}]\n{text}")
        source = expand(load_file(file), Libraries())
        return find_files(source, BY_TYPE, tmp_path, contract=contract)

    return found


def test_a_scenario_of_the_project_has_the_contract_of_the_project(held: Callable[..., FoundFiles]) -> None:
    assert held("").usable().document["contract"] == "../api/openapi.yaml"
    assert held("", "s.yaml").usable().document["contract"] == "api/openapi.yaml"
    assert held("contract: null").paths.keys() == {"../api/openapi.yaml"}


def test_the_contract_of_the_scenario_is_nearer(held: Callable[..., FoundFiles]) -> None:
    assert held("contract: own.yaml").usable().paths.keys() == {"own.yaml"}
    assert held('contract: "{{ vars.c }}.yaml"\nvariables: {c: own}').usable().paths.keys() == {"own.yaml"}
    assert held("contract: false").usable().paths == {}


def test_a_scenario_of_another_folder_is_not_of_the_project(
    held: Callable[..., FoundFiles], tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = held("", str(tmp_path_factory.mktemp("other") / "s.yaml"))
    assert (outside.paths, "contract" in outside.document) == ({}, False)


def test_a_contract_of_the_project_that_is_missing_is_told_where_it_is_named(
    held: Callable[..., FoundFiles], tmp_path: Path
) -> None:
    (tmp_path / "api/openapi.yaml").unlink()
    (problem,) = held("").problems
    assert problem.message == "there is no file api/openapi.yaml"
    assert problem.position == Position("awsit.toml", 7, 1)


def test_the_same_contract_of_all_actions_is_one_file_and_of_each_its_own_place(
    held: Callable[..., FoundFiles],
) -> None:
    assert [
        each.path for each in held("contract: no.yaml\ndefaults: {http_call: {params: {contract: 'n.yaml'}}}").problems
    ] == [
        "contract",
        "actions[0].params.contract",
    ]

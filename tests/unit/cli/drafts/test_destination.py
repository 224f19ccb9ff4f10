"""How a draft names files of this machine."""

from pathlib import Path

from awsit.cli.drafts.destination import Destination


def test_files_of_the_project_are_named_from_the_scenarios_folder(tmp_path: Path) -> None:
    destination = Destination(tmp_path / "scenarios" / "api", tmp_path)
    assert destination.path_to("a.txt") == "../../a.txt"
    assert destination.path_to(str(tmp_path / "scenarios" / "api" / "x" / "b.txt")) == "x/b.txt"
    assert destination.path_to("../a.txt") is None


def test_without_a_project_they_are_those_below_the_scenarios_folder(tmp_path: Path) -> None:
    for destination in (Destination(tmp_path / "scenarios"), Destination(tmp_path / "scenarios", tmp_path / "other")):
        assert destination.path_to("scenarios/a.txt") == "a.txt"
        assert destination.path_to("a.txt") is None


def test_a_link_that_leads_out_of_the_project_is_followed(tmp_path: Path) -> None:
    (tmp_path / "outside").write_text("x")
    project = tmp_path / "project"
    project.mkdir()
    (project / "link").symlink_to(tmp_path / "outside")
    assert Destination(project, project).path_to(str(project / "link")) is None

"""Paths as a person would type them."""

from pathlib import Path

from awsit.cli.path_names import leads_somewhere, shown


def test_a_path_below_the_working_folder_is_relative_and_any_other_absolute(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert shown(tmp_path / "scenarios" / "it.yaml") == str(Path("scenarios", "it.yaml"))
    assert shown(tmp_path.parent / "other.yaml") == str(tmp_path.parent / "other.yaml")
    assert shown(Path("it.yaml")) == "it.yaml"


def test_a_name_too_long_for_a_file_leads_nowhere(tmp_path: Path) -> None:
    assert leads_somewhere(str(tmp_path))
    assert not leads_somewhere(str(tmp_path / "none"))
    assert not leads_somewhere("日" * 200)

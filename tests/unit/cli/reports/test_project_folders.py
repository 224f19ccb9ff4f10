"""The folders by which CI servers group scenarios."""

import os

import pytest

from awsit.cli.reports.project_folders import project_folders


@pytest.fixture
def orders(tmp_path):
    """A file in a project, `shop`; beside it a folder that is in no project."""
    folder = tmp_path / "shop" / "scenarios" / "orders"
    folder.mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    file = folder / "stored.yaml"
    file.touch()
    return file


@pytest.mark.parametrize("root", ["awsit.toml", ".git"])
@pytest.mark.parametrize("called_in", [".", "shop", "shop/scenarios/orders", "elsewhere"])
def test_they_are_the_same_wherever_the_command_is_called(orders, tmp_path, monkeypatch, root, called_in):
    (tmp_path / "shop" / root).touch()
    monkeypatch.chdir(tmp_path / called_in)
    assert project_folders(str(orders)) == project_folders(os.path.relpath(orders)) == ("scenarios", "orders")


def test_a_past_run_was_started_in_its_root(orders, tmp_path, monkeypatch):
    (tmp_path / "shop" / "awsit.toml").touch()
    monkeypatch.chdir(orders.parent)
    assert project_folders("scenarios/orders/stored.yaml") == ("scenarios", "orders")


@pytest.mark.parametrize(
    ("called_in", "folders"), [("shop", ("scenarios", "orders")), ("elsewhere", ("orders",))], ids=["below", "beside"]
)
def test_without_a_project_the_working_folder_is_the_root(orders, tmp_path, monkeypatch, called_in, folders):
    monkeypatch.chdir(tmp_path / called_in)
    assert project_folders(os.path.relpath(orders)) == folders


def test_a_scenario_from_the_bucket_is_in_no_folder():
    assert project_folders("") == ()

"""Scenarios as pytest items: `pytest scenarios/` runs them with the settings of `awsit run`. See docs/run/pytest.md.

pytest loads this in every run on a machine where awsit is installed, so nothing else of awsit is imported before there
is a file that may be a scenario. Only public pytest names are used
(https://docs.pytest.org/en/stable/reference/reference.html).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from awsit.pytest_plugin.selecting import Named, is_scenario_file, is_wanted, named

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

    from awsit.pytest_plugin.items import ScenarioFile
    from awsit.pytest_plugin.project import Projects

PROJECTS = pytest.StashKey["Projects"]()
NAMED = pytest.StashKey[Named]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """The options of `awsit run` that say where scenarios run, each with `awsit` before its name."""
    group = parser.getgroup("awsit", "scenarios that run against AWS")
    group.addoption("--awsit", action="store_true", help="Run every scenario in the folders that pytest searches.")
    group.addoption("--awsit-engine", choices=("local", "stepfunctions"), help="What runs the scenarios.")
    group.addoption("--awsit-stack", metavar="NAME", help="The awsit stack to use.")
    group.addoption("--awsit-state-machine-arn", metavar="ARN", help="The state machine to use.")
    group.addoption("--awsit-region", metavar="REGION", help="AWS region.")
    group.addoption("--awsit-profile", metavar="NAME", help="AWS profile.")
    group.addoption("--awsit-sandbox", action="store_true", default=None, help="Use the emulated AWS on this machine.")
    group.addoption("--awsit-var", metavar="NAME=VALUE", action="append", default=[], help="A variable; repeatable.")
    group.addoption("--awsit-allow-left-behind", action="store_true", help="Pass when only clean-up was incomplete.")
    parser.addini(
        "awsit",
        "true: run every scenario that pytest finds; false: none; not set: those in folders and files that are named.",
        type="bool",
        default=None,
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark that every scenario has."""
    config.addinivalue_line("markers", "awsit: a scenario that runs against AWS")


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    """A collector for a file that may be a scenario."""
    if not is_wanted(file_path, parent.config, lambda: _named(parent.config)):
        return None
    from awsit.pytest_plugin.items import ScenarioFile

    return ScenarioFile.of(file_path, parent, projects(parent.config))


@pytest.hookimpl(wrapper=True)
def pytest_report_from_serializable() -> Generator[None, object, object]:
    """Let the failures that pytest-xdist brings from its processes have their reason in the short summary."""
    report = yield
    if isinstance(report, pytest.TestReport) and report.failed and is_scenario_file(report.location[0]):
        from awsit.pytest_plugin.failure_text import restore

        restore(report)
    return report


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close the connections that scenarios used."""
    if PROJECTS in config.stash:
        config.stash[PROJECTS].close()


def projects(config: pytest.Config) -> Projects:
    """The projects of this pytest session."""
    if PROJECTS not in config.stash:
        from awsit.pytest_plugin.project import FLAGS, Projects

        flags = {name: config.getoption(f"awsit_{name}") for name in FLAGS}
        config.stash[PROJECTS] = Projects(flags, config.invocation_params.dir)
    return config.stash[PROJECTS]


def _named(config: pytest.Config) -> Named:
    if NAMED not in config.stash:
        config.stash[NAMED] = named(config, projects(config).scenario_folders)
    return config.stash[NAMED]

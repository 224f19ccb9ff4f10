"""The runs that set suites up: one for each `suite.yaml` around the scenarios of a command."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from awsit.cli.selection.requested_run import RequestedRun
from awsit.cli.selection.run_requests import RunOptions, runs_of
from awsit.cli.selection.selected import SelectedScenario
from awsit.records import replace

if TYPE_CHECKING:
    from awsit.cli.selection.waiting.shelf import ShelvedRun
    from awsit.cli.session import Session
    from awsit.config import Settings
    from awsit.scenario.suite import SuiteFile


def with_setups(
    session: Session, settings: Settings, runs: Sequence[ShelvedRun], options: RunOptions
) -> list[ShelvedRun]:
    """The setups, in the order of the runs that need them, then the runs within them.

    Raises InvalidInputError when a setup cannot be requested.
    """
    setups: dict[str, ShelvedRun] = {}
    within: list[ShelvedRun] = []
    for run in runs:
        suite = session.suites.around(run.file) if run.file else None
        if suite and suite.file not in setups:
            setups[suite.file] = run.shelf.put(_setup(session, settings, suite, options))
        within.append(run.within(setups[suite.file].run_id) if suite else run)
    return [*setups.values(), *within]


def setups_around(
    session: Session, settings: Settings, scenarios: Iterable[SelectedScenario], options: RunOptions
) -> list[RequestedRun]:
    """The setups around the scenarios. Raises InvalidInputError when one cannot be requested."""
    suites = (session.suites.around(scenario.file) for scenario in scenarios if scenario.file)
    by_file = {suite.file: suite for suite in suites if suite}
    return [_setup(session, settings, suite, options) for suite in by_file.values()]


def _setup(session: Session, settings: Settings, suite: SuiteFile, options: RunOptions) -> RequestedRun:
    document = suite.source.document
    known = document.get("variables", {})
    variables = {name: value for name, value in options.variables.items() if name in known}
    scenario = SelectedScenario(document, suite.file, suite.source)
    (run,) = runs_of(session, settings, scenario, replace(options, variables=variables, timeout=None))
    request = replace(run.request, name=f"suite:{Path(suite.file).parent.as_posix()}", hold=True)
    return replace(run, request=request, rerun_words=())

"""The scenarios and rows that did not pass in the last run, selected again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from awsit.cli.path_names import shown
from awsit.cli.patterns import base_name
from awsit.cli.selection.last_run import Failed
from awsit.cli.selection.matrix_rows import labels_of
from awsit.cli.selection.selected import SelectedScenario, select_each
from awsit.cli.selection.selection import Selector
from awsit.cli.selection.tags import Tags
from awsit.errors import NotFoundError


def select_failed(
    selector: Selector, names: Sequence[str], tags: Tags, failed: Sequence[Failed]
) -> list[SelectedScenario]:
    """The scenarios and rows that did not pass before, among those that are named; among all when none is."""
    by_place: dict[str, list[str]] = {}
    for run in failed:
        by_place.setdefault(run.file or base_name(run.scenario), []).append(run.scenario)
    again = list(select_each(by_place, lambda place: [_again(selector, place, by_place[place])]))
    if not names:
        return tags.admitted(again)
    common = [both for scenario in selector.select(names, tags) if (both := _common(scenario, again))]
    if not common:
        all_failed = ", ".join(run.scenario for run in failed)
        raise NotFoundError(
            "none of these scenarios failed in the last run",
            code="nothing_failed",
            hint=f"those that did: {all_failed}",
        )
    return common


def _again(selector: Selector, place: str, scenarios: Sequence[str]) -> SelectedScenario:
    """A scenario of the last run, with the rows that did not pass. Raises NotFoundError when it, or they, are gone."""
    scenario = selector.by_file(_existing(place)) if Path(place).is_absolute() else selector.by_name(place)
    rows = tuple(label for label in labels_of(scenario.document) if label in scenarios)
    if not rows:
        raise NotFoundError(
            f"{', '.join(scenarios)} failed in the last run and is not in {scenario.place} any more",
            hint="name the scenarios to run",
        )
    return replace(scenario, rows=rows)


def _existing(place: str) -> str:
    path = shown(Path(place))
    if not Path(path).is_file():
        raise NotFoundError(f"{path}, which failed in the last run, is not there any more", hint="name what to run")
    return path


def _common(scenario: SelectedScenario, again: Sequence[SelectedScenario]) -> SelectedScenario | None:
    """The rows of a scenario that are to run again; None when there are none."""
    failed = {row for other in again if other.key == scenario.key for row in other.rows}
    rows = tuple(label for label in scenario.rows or labels_of(scenario.document) if label in failed)
    return replace(scenario, rows=rows) if rows else None

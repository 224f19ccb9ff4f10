"""The scenarios and rows that did not pass in the last run, selected again."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from pathlib import Path

from awsit.cli.path_names import shown
from awsit.cli.patterns import base_name
from awsit.cli.selection.last_run import Failed
from awsit.cli.selection.matrix_rows import labels_of
from awsit.cli.selection.selected import SelectedScenario, select_each
from awsit.cli.selection.selection import Selector
from awsit.cli.selection.tags import Tags
from awsit.errors import NotFoundError
from awsit.records import replace


def select_failed(
    selector: Selector, names: Sequence[str], tags: Tags, failed: Sequence[Failed]
) -> Iterator[SelectedScenario]:
    """The scenarios and rows that did not pass before, among those that are named; among all when none is.

    Raises NotFoundError and InvalidInputError.
    """
    by_place: dict[str, list[str]] = {}
    for run in failed:
        by_place.setdefault(run.file or base_name(run.scenario), []).append(run.scenario)
    again = select_each(by_place, lambda place: [_again(selector, place, by_place[place])])
    if not names:
        yield from tags.admitted(again)
        return
    rows: dict[str, set[str]] = {}
    for scenario in again:
        rows.setdefault(scenario.key, set()).update(scenario.rows)
    is_any = False
    for scenario in selector.each(names, tags):
        if common := _common(scenario, rows.get(scenario.key, set())):
            is_any = True
            yield common
    if not is_any:
        all_failed = ", ".join(run.scenario for run in failed)
        raise NotFoundError(
            "none of these scenarios failed in the last run",
            code="nothing_failed",
            hint=f"those that did: {all_failed}",
        )


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


def _common(scenario: SelectedScenario, failed: Container[str]) -> SelectedScenario | None:
    """The rows of a scenario that did not pass; None when there are none."""
    rows = tuple(label for label in scenario.rows or labels_of(scenario.document) if label in failed)
    return replace(scenario, rows=rows) if rows else None

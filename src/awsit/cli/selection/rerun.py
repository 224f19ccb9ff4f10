"""What did not pass in the last run, found again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from awsit.cli.selection.last_run import Failed
from awsit.cli.selection.matrix_rows import labels_of
from awsit.cli.selection.paths import SelectedScenario, each, of_file
from awsit.cli.selection.selection import Tags, admitted, by_name, choose, key_of
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.errors import NotFoundError


def choose_failed(
    session: Session, settings: Settings, wanted: Sequence[str], tags: Tags, failed: Sequence[Failed]
) -> list[SelectedScenario]:
    """The scenarios and rows that did not pass before, among those that were named; among all when none was."""
    by_file: dict[str, list[str]] = {}
    for run in failed:
        by_file.setdefault(run.file or run.scenario.partition("[")[0], []).append(run.scenario)
    again = list(each(by_file, lambda place: [_again(session, settings, place, by_file[place])]))
    if not wanted:
        return admitted(again, tags)
    named = choose(session, settings, wanted, tags)
    kept = [both for one in named if (both := _common(one, again))]
    if not kept:
        names = ", ".join(run.scenario for run in failed)
        raise NotFoundError(
            "none of these scenarios failed in the last run", code="nothing_failed", hint=f"those that did: {names}"
        )
    return kept


def _again(session: Session, settings: Settings, place: str, scenarios: Sequence[str]) -> SelectedScenario:
    """One scenario of the last run, with the rows that did not pass. Raises NotFoundError for what is no more."""
    found = of_file(session, _existing(place)) if Path(place).is_absolute() else by_name(session, settings, place)[0]
    rows = tuple(label for label in labels_of(found.document) if label in scenarios)
    if not rows:
        raise NotFoundError(
            f"{', '.join(scenarios)} failed in the last run and is not in {found.place} any more",
            hint="name the scenarios to run",
        )
    return replace(found, rows=rows)


def _existing(place: str) -> str:
    from awsit.cli.path_names import shown

    path = shown(Path(place))
    if not Path(path).is_file():
        raise NotFoundError(f"{path}, which failed in the last run, is not there any more", hint="name what to run")
    return path


def _common(named: SelectedScenario, again: Sequence[SelectedScenario]) -> SelectedScenario | None:
    rows = {row for other in again if key_of(other) == key_of(named) for row in other.rows}
    kept = tuple(label for label in named.rows or labels_of(named.document) if label in rows)
    return replace(named, rows=kept) if kept else None

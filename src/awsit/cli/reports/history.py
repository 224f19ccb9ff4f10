"""Where histories come from: the reports of this machine, or the records of a stack."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from awsit.cli.selection.patterns import is_like, is_pattern
from awsit.cli.session import Session
from awsit.config import LOCAL, Settings
from awsit.errors import NotFoundError
from awsit.history.series import Series, series_of
from awsit.model import json
from awsit.model.codec import decode
from awsit.model.history import HistoryEntry
from awsit.model.json import Json
from awsit.model.result import REPORT_VERSION, RunStatus

ENDED = frozenset(RunStatus) - {RunStatus.RUNNING, RunStatus.SKIPPED}


def histories(session: Session, settings: Settings, limit: int) -> list[Series]:
    """The history of every scenario of which a run is known."""
    if settings.engine == LOCAL:
        return series_of(local_entries(settings.report_folder), limit)
    return series_of(session.wiring.run_history(settings).newest(), limit)


def histories_like(session: Session, settings: Settings, name: str, limit: int) -> list[Series]:
    """The history of a scenario, of every row of its matrix, or of all that are like a pattern.

    Raises NotFoundError with the near names.
    """
    if settings.engine != LOCAL and not is_pattern(name):
        exact = series_of(session.wiring.run_history(settings).of(name, limit), limit)
        if exact:
            return exact
    known = histories(session, settings, limit)
    wanted = [series for series in known if _is_meant(series.scenario, name)]
    if not wanted:
        raise _unknown(settings, name, [series.scenario for series in known])
    return wanted


def local_entries(folder: Path) -> Iterable[HistoryEntry]:
    """What the reports of a folder say; one that is torn, or not of a run, is passed over."""
    for path in folder.glob("run-*.json"):
        try:
            entry = _entry(json.loads(path.read_bytes()))
        except (OSError, ValueError, TypeError, KeyError, RecursionError):
            continue
        if entry.status in ENDED and entry.scenario:
            yield entry


def _entry(report: Json) -> HistoryEntry:
    if report["version"] != REPORT_VERSION:
        raise ValueError(report["version"])
    names = ("run_id", "scenario", "status", "engine", "started_at", "duration_seconds")
    left = len(report["cleanup"]["left_behind"])
    known = {name: report[name] for name in names}
    return decode(HistoryEntry, {**known, "fingerprint": report.get("fingerprint", ""), "left_behind": left})


def _is_meant(scenario: str, name: str) -> bool:
    if is_pattern(name):
        return is_like(scenario, name) or is_like(scenario.partition("[")[0], name)
    return name in (scenario, scenario.partition("[")[0])


def _unknown(settings: Settings, name: str, known: Sequence[str]) -> NotFoundError:
    from awsit.cli.selection.discovery import shown
    from awsit.suggestions import close_matches

    place = shown(settings.report_folder) if settings.engine == LOCAL else "the stack's records"
    close = close_matches(name.strip("*?"), known)
    if close:
        hint = f"did you mean {' or '.join(close)}?"
    elif known:
        hint = "`awsit history` lists the scenarios that have run"
    else:
        hint = "nothing has run there yet"
    return NotFoundError(f"no run of {name!r} is known in {place}", code="no_history", hint=hint)

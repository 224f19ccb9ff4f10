"""From what a person names to scenarios: paths, names and patterns in the project, names in the bucket, tags."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from awsit.cli.selection.paths import STANDARD_INPUT, SelectedScenario, chosen_of, each, of_file, of_paths
from awsit.cli.selection.patterns import is_pattern, labels_of, rows_like
from awsit.cli.session import Session
from awsit.config import LOCAL, Settings
from awsit.errors import EnvironmentFailure, NotFoundError, UsageError

NOTHING_THERE = {"stack_not_deployed", "sandbox_not_running"}


@dataclass(frozen=True, slots=True)
class Tags:
    """Which tags to take, one of them is enough, and which to leave out."""

    wanted: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()

    def admit(self, tags: Iterable[str]) -> bool:
        """Whether a scenario with these tags is meant."""
        have = set(tags)
        return (not self.wanted or not have.isdisjoint(self.wanted)) and have.isdisjoint(self.excluded)

    def __str__(self) -> str:
        wanted = f"has the tag {' or '.join(self.wanted)}" if self.wanted else ""
        excluded = f"is without the tag {' and '.join(self.excluded)}" if self.excluded else ""
        return " and ".join(filter(None, (wanted, excluded)))


def choose(session: Session, settings: Settings, wanted: Sequence[str], tags: Tags) -> list[SelectedScenario]:
    """The scenarios that were named, each once and in that order, if the tags admit them.

    Raises NotFoundError, and InvalidInputError with the problems of every file that cannot be read.
    """
    return admitted(_once(each(wanted, lambda name: _named(session, settings, name))), tags)


def _once(found: Iterable[SelectedScenario]) -> list[SelectedScenario]:
    """Each scenario once; of one that was named by several of its rows, all of them."""
    kept: dict[str, SelectedScenario] = {}
    for scenario in found:
        before = kept.get(key_of(scenario))
        both = () if before is None or not (before.rows and scenario.rows) else before.rows + scenario.rows
        kept[key_of(scenario)] = replace(scenario, rows=both) if before else scenario
    return list(kept.values())


def key_of(scenario: SelectedScenario) -> str:
    """What tells a scenario from others, however it was named."""
    return scenario.place if scenario.source is None or scenario.place == STANDARD_INPUT else _real(scenario.place)


def _real(place: str) -> str:
    return str(Path(place).resolve())


def admitted(found: list[SelectedScenario], tags: Tags) -> list[SelectedScenario]:
    """The scenarios that the tags admit. Raises NotFoundError when they admit none."""
    kept = [scenario for scenario in found if tags.admit(scenario.tags)]
    if found and not kept:
        known = sorted({tag for scenario in found for tag in scenario.tags})
        raise NotFoundError(
            f"none of {len(found)} scenarios {tags}",
            hint=f"their tags are {', '.join(known)}" if known else "they have no tags",
        )
    return kept


def _named(session: Session, settings: Settings, name: str) -> list[SelectedScenario]:
    """What one argument of `run` stands for."""
    if name == STANDARD_INPUT or Path(name).exists() or _is_path(name):
        return of_paths(session, [name])
    return _like(session, settings, name) if is_pattern(name) else by_name(session, settings, name)


def _is_path(name: str) -> bool:
    return "/" in name or Path(name).suffix.lower() in {".yaml", ".yml", ".json"}


def by_name(session: Session, settings: Settings, name: str) -> list[SelectedScenario]:
    """The scenario, or row, of that name: in the project, else in the bucket. Raises NotFoundError."""
    return [_in_project(session, settings, name) or _in_bucket(session, settings, name)]


def _in_project(session: Session, settings: Settings, name: str) -> SelectedScenario | None:
    from awsit.cli.selection.discovery import named, project_scenarios

    base = name.partition("[")[0]
    found = [
        source for source in project_scenarios(settings.scenarios, settings.root) if source.document.get("name") == base
    ]
    if len(found) > 1:
        places = " and ".join(source.file for source in found)
        raise UsageError(f"{places} are both called {base!r}", code="ambiguous_name", hint="name the file instead")
    if found:
        return _row(chosen_of(session, found[0]), name)
    file = named(name, settings.scenarios, settings.root)
    return of_file(session, file) if file else None


def _row(scenario: SelectedScenario, name: str) -> SelectedScenario:
    """The scenario, or the one row of its matrix that was named. Raises NotFoundError when there is no such row."""
    if name == scenario.name:
        return scenario
    labels = labels_of(scenario.document)
    if name in labels:
        return replace(scenario, rows=(name,))
    hint = f"its rows are {', '.join(labels)}" if len(labels) > 1 else "it has no matrix"
    raise NotFoundError(f"the scenario {scenario.name} has no row {name!r}", hint=hint)


def _like(session: Session, settings: Settings, pattern: str) -> list[SelectedScenario]:
    """The scenarios of the project whose names, or whose rows, are like the pattern; else those of the bucket."""
    from awsit.cli.selection.discovery import project_scenarios

    found = [
        replace(scenario, rows=rows)
        for source in project_scenarios(settings.scenarios, settings.root)
        if rows_like(pattern, source.document) is not None
        for scenario in [chosen_of(session, source)]
        for rows in [rows_like(pattern, scenario.document) or ()]
    ]
    return found or _like_in_bucket(session, settings, pattern)


def _like_in_bucket(session: Session, settings: Settings, pattern: str) -> list[SelectedScenario]:
    if not _has_bucket(settings):
        raise _unknown(settings, pattern, [])
    store = session.wiring.scenario_store(settings)
    names = list(store.names())
    found = [name for name in names if rows_like(pattern, {"name": name}) is not None]
    if not found:
        raise _unknown(settings, pattern, names, "the stack's bucket")
    return [SelectedScenario(store.get(name), f"{name} in the bucket") for name in found]


def _in_bucket(session: Session, settings: Settings, name: str) -> SelectedScenario:
    """The pushed scenario. Raises NotFoundError with the near names of the project and of the bucket."""
    if not _has_bucket(settings):
        raise _unknown(settings, name, [])
    base = name.partition("[")[0]
    try:
        store = session.wiring.scenario_store(settings)
        document = store.get(base)
    except NotFoundError:
        raise _unknown(settings, name, list(store.names()), "the stack's bucket") from None
    except EnvironmentFailure as failure:
        if settings.sandbox and failure.code in NOTHING_THERE:
            raise _unknown(settings, name, [], "the sandbox, where nothing is deployed") from None
        raise
    return _row(SelectedScenario(document, f"{base} in the bucket"), name)


def _has_bucket(settings: Settings) -> bool:
    return settings.engine != LOCAL or bool(settings.stack or settings.state_machine_arn)


def _unknown(settings: Settings, name: str, pushed: list[str], elsewhere: str = "") -> NotFoundError:
    from awsit.cli.selection.discovery import project_scenarios, shown
    from awsit.suggestions import close_matches

    local = [str(source.document.get("name", "")) for source in project_scenarios(settings.scenarios, settings.root)]
    folders = [shown(folder) for folder in settings.scenarios if folder.is_dir()]
    places = ["this folder" if folder == "." else folder for folder in folders] + ([elsewhere] if elsewhere else [])
    where = f"in {' or '.join(places)}" if places else ""
    close = close_matches(name.strip("*?"), [*local, *pushed])
    hint = f"did you mean {' or '.join(close)}?" if close else "`awsit list-scenarios` shows what there is"
    like = "like " if is_pattern(name) else ""
    return NotFoundError(f"there is no scenario {like}{name!r} {where}".rstrip(), hint=hint)

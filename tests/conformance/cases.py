"""The scenarios of the conformance tests, with what each of them must come to.

A scenario begins with comments that are YAML themselves:

    # expect: failed                    the run's status; the only key that must be there
    # cleanup: left_behind              default: clean
    # leaves: 1                         how many things of the run are still there; default: none
    # steps: {Ask: passed, Retried: {status: failed, attempts: 3}}
    # undone: {Delete: passed}          the same, of clean-up steps
    # context: {token: "***"}           captured values, as the report shows them
    # says: text                        stands somewhere in the report; a text or a list of them
    # never_says: text                  stands nowhere in it; times may hold it by chance and do not count
    # polls: true                       how often a step looks depends on time; attempts are not compared
    # variables: {x: 1}                 what is given to the run
    # ways: [local]                     those in which it is run; default: all
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conformance.comparing import without_times

from awsit.actions.registry import BY_TYPE
from awsit.model.json import Json, dumps
from awsit.scenario.cases import with_cases
from awsit.scenario.files import find_files
from awsit.scenario.library.expand import expand
from awsit.scenario.library.files import Libraries
from awsit.scenario.matrix_file import with_rows
from awsit.scenario.reading.load import load_file, load_text
from awsit.scenario.reading.source import Source
from awsit.scenario.schema.matrix import expand_matrix

FOLDER = Path(__file__).parent / "scenarios"


@dataclass(frozen=True)
class Expected:
    """What a scenario must come to."""

    expect: str
    cleanup: str = "clean"
    leaves: int = 0
    steps: dict[str, Any] = field(default_factory=dict)
    undone: dict[str, Any] = field(default_factory=dict)
    context: dict[str, Any] = field(default_factory=dict)
    says: str | list[str] = ()  # type: ignore[assignment] # an immutable empty list
    never_says: str | list[str] = ()  # type: ignore[assignment]
    polls: bool = False
    variables: dict[str, Any] = field(default_factory=dict)
    ways: list[str] = field(default_factory=lambda: ["local", "remote", "compact"])

    def mistakes(self, report: Json) -> list[str]:
        """How a report differs from it."""
        text = dumps(report)
        untimed = dumps(without_times(report))
        wrong = _different("status", self.expect, report["status"])
        return [
            *(f"{each}: {(report['error'] or {}).get('message')}" for each in wrong),
            *_different("clean-up", self.cleanup, report["cleanup"]["verdict"]),
            *_steps(self.steps, report["steps"]),
            *_steps(self.undone, report["cleanup"]["steps"]),
            *(each for name, value in self.context.items() for each in _captured(name, value, report)),
            *(f"the report does not say {each!r}" for each in _listed(self.says) if _quoted(each) not in text),
            *(f"the report says {each!r}" for each in _listed(self.never_says) if _quoted(each) in untimed),
        ]


@dataclass(frozen=True)
class Case:
    """One run of one scenario: of a matrix, each row is a case of its own."""

    name: str
    label: str
    path: Path
    document: Json
    row: dict[str, Json]
    expected: Expected
    files: dict[str, str]

    @property
    def variables(self) -> dict[str, Json]:
        """What is given to the run."""
        return {**self.row, **self.expected.variables}


def load(path: Path) -> Source:
    """A scenario with its defaults, what it uses and its cases and rows."""
    return with_rows(with_cases(expand(load_file(path), Libraries()), FOLDER.parent), FOLDER.parent)


def all_cases() -> list[Case]:
    """Every scenario below `scenarios/`, in order."""
    return [case for path in sorted(FOLDER.rglob("*.yaml")) for case in _cases(path)]


def _cases(path: Path) -> list[Case]:
    source = load(path)
    document = find_files(source, BY_TYPE, None).document
    header = "\n".join(line.removeprefix("# ") for line in path.read_text().splitlines() if line.startswith("# "))
    expected = Expected(**load_text(header, str(path)).document)
    place = path.relative_to(FOLDER).with_suffix("")
    return [
        Case(f"{place.parent}/{label}", label, path, document, row, expected, _files(source, row))
        for label, row in expand_matrix(document)
    ]


def _files(source: Source, row: dict[str, Json]) -> dict[str, str]:
    """The paths of the files that the scenario names; the folder of all scenarios and libraries is the project."""
    return dict(find_files(source, BY_TYPE, FOLDER.parent, [row]).paths)


def _steps(expected: dict[str, Any], steps: Json) -> list[str]:
    found = {step["name"]: step for step in steps}
    mistakes: list[str] = []
    for name, wanted in expected.items():
        if name not in found:
            mistakes.append(f"there is no step {name}, but {', '.join(found)}")
            continue
        step = {
            **found[name],
            "attempts": len(found[name]["attempts"]),
            "code": (found[name]["error"] or {}).get("code"),
        }
        fields = wanted if isinstance(wanted, dict) else {"status": wanted}
        mistakes += [each for key, value in fields.items() for each in _different(f"{name}: {key}", value, step[key])]
    return mistakes


def _captured(name: str, value: Any, report: Json) -> list[str]:
    if name not in report["context"]:
        return [f"{name} was not captured"]
    return _different(f"context.{name}", value, report["context"][name])


def _different(what: str, expected: Any, actual: Any) -> list[str]:
    return [] if expected == actual else [f"{what} is {actual!r}, not {expected!r}"]


def _listed(texts: str | list[str]) -> list[str]:
    return [texts] if isinstance(texts, str) else list(texts)


def _quoted(text: str) -> str:
    """As it stands inside JSON."""
    return dumps(text)[1:-1]

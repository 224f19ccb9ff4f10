"""From chosen scenarios to requests for an engine: validated, with variables, environment and matrix rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from awsit.cli.rerun_command import RerunCommand, words_for
from awsit.cli.selection.paths import STANDARD_INPUT, SelectedScenario
from awsit.cli.session import Session
from awsit.errors import InvalidInputError, Problem
from awsit.model.json import Json, exact
from awsit.model.run import RunRequest

Row = tuple[str, Mapping[str, Json]]


@dataclass(frozen=True, slots=True)
class RunOptions:
    """What the person adds to the scenarios. `timeout` in seconds replaces the scenario's own.

    Runs of one `suite` share cached results; with `keep` they leave what they made.
    """

    variables: Mapping[str, Json] = field(default_factory=dict)
    timeout: float | None = None
    suite: str = ""
    keep: bool = False


def make_requests(session: Session, chosen: Sequence[SelectedScenario], wishes: RunOptions) -> list[RunRequest]:
    """One request for each run. Raises InvalidInputError with the problems of all the scenarios."""
    check(session, chosen)
    return [request for scenario in chosen for request in _requests(session, scenario, wishes)]


def check(session: Session, chosen: Iterable[SelectedScenario]) -> None:
    """Raise InvalidInputError when a scenario is not valid."""
    from awsit.scenario.checks.validate import validate

    problems: list[Problem] = []
    invalid: list[str] = []
    for scenario in chosen:
        found = validate(scenario.source or scenario.document, session.wiring.actions())
        if found:
            invalid.append(scenario.place)
            problems.extend(found)
    if invalid:
        raise InvalidInputError(f"{', '.join(invalid)} is not valid", tuple(problems), code="invalid_scenario")


def _requests(session: Session, scenario: SelectedScenario, wishes: RunOptions) -> Iterable[RunRequest]:
    from awsit.scenario.compile.compile import needed_env, required_env
    from awsit.scenario.compile.variables import check_overrides
    from awsit.scenario.schema.matrix import expand_matrix

    document = scenario.document
    if wishes.timeout is not None:
        document = {**document, "timeout_seconds": exact(wishes.timeout)}
    _check_environment(session, scenario, required_env(document))
    for label, row in _rows(expand_matrix(document), wishes.variables):
        if scenario.rows and label not in scenario.rows:
            continue
        variables = {**row, **wishes.variables}
        check_overrides(document, variables)
        env = {name: session.variables[name] for name in needed_env(document) if name in session.variables}
        run_id = session.wiring.run_id()
        file = scenario.place if scenario.source and scenario.place != STANDARD_INPUT else ""
        request = RunRequest(run_id, label, document, variables, env, wishes.suite, wishes.keep, file)
        session.asked[run_id] = _asked(scenario, request, wishes)
        yield request


def _asked(scenario: SelectedScenario, request: RunRequest, wishes: RunOptions) -> RerunCommand:
    from awsit.engine.secrets.variables import secrets_of

    if scenario.place == STANDARD_INPUT:
        return RerunCommand(scenario.source)
    secret = secrets_of(request).variables
    named = request.file or scenario.name
    return RerunCommand(scenario.source, words_for(named, request.variables, secret, wishes.timeout))


def _rows(rows: Iterable[Row], given: Mapping[str, Json]) -> list[Row]:
    """Those rows of a matrix that have the values that were given; all of them, to be overridden, when none has."""
    everything = list(rows)
    fitting = [
        (label, row) for label, row in everything if all(row[name] == given[name] for name in row.keys() & given)
    ]
    return fitting or everything


def _check_environment(session: Session, scenario: SelectedScenario, needed: Iterable[str]) -> None:
    missing = sorted(name for name in needed if name not in session.variables)
    if missing:
        raise InvalidInputError(
            f"{scenario.place} reads {', '.join(missing)} from the environment, which is not set",
            code="missing_env",
            hint=f"set it before the run: export {missing[0]}=...",
        )

"""From selected scenarios to requests for an engine: validated, with variables, environment and matrix rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct, field

from awsit.cli.path_names import is_piped
from awsit.cli.selection.folders import is_found_by_name
from awsit.cli.selection.requested_run import RequestedRun
from awsit.cli.selection.rerun_command import words_for
from awsit.cli.selection.selected import SelectedScenario
from awsit.cli.selection.waiting.given import Given
from awsit.cli.session import Session
from awsit.errors import InvalidInputError, Problem
from awsit.model.json import Json, exact
from awsit.model.run import RunRequest
from awsit.records import replace

if TYPE_CHECKING:
    from awsit.cli.selection.waiting.known import KnownScenarios
    from awsit.config import Settings
    from awsit.scenario.files import FoundFiles
    from awsit.scenario.reading.source import Source

Row = tuple[str, Mapping[str, Json]]


class RunOptions(Struct, frozen=True):
    """What the command line adds to the scenarios. `timeout`, in seconds, replaces the scenario's own.

    Runs of one `suite` share cached results; with `keep` they leave what they made. Each is to be made `repeat` times.
    `compact` is for settings that do not say; None: several runs are compact. Fake data are drawn from `seed`.
    """

    variables: Mapping[str, Json] = field(default_factory=dict)
    timeout: float | None = None
    suite: str = ""
    keep: bool = False
    compact: bool | None = None
    repeat: int = 1
    seed: str = ""


CHECKED_ANYWAY = 50
"""Scenarios of a command: to check so many takes less than to know which of them were found valid before."""


class ScenarioCheck:
    """Checks scenarios one by one, and has the problems of all that are not valid."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._number = 0
        self._problems: list[Problem] = []
        self._invalid: list[str] = []

    def is_valid(self, scenario: SelectedScenario) -> bool:
        """Whether a scenario, and each file that it names, can be used."""
        problems = self._problems_of(scenario)
        problems = problems or list(found_files(self._session, scenario).problems)
        problems = problems or suite_problems(self._session, scenario)
        if problems:
            self._invalid.append(scenario.place)
            self._problems.extend(problems)
        return not problems

    def _problems_of(self, scenario: SelectedScenario) -> list[Problem]:
        """What is wrong with the scenario itself."""
        self._number += 1
        source = scenario.source if self._number > CHECKED_ANYWAY else None
        if source and self.known.has(source):
            return []
        problems = self.problems_in(scenario.source or scenario.document)
        if source and not problems:
            self.known.add(source)
        return problems

    def problems_in(self, source: Source | Json) -> list[Problem]:
        """What is wrong with a scenario itself."""
        from awsit.scenario.checks.validate import validate

        return validate(source, self._session.wiring.actions())

    @cached_property
    def known(self) -> KnownScenarios:
        """What was found valid before, or meanwhile."""
        from awsit.cli.selection.waiting.known import KnownScenarios
        from awsit.user_folders import user_cache_folder

        return KnownScenarios(user_cache_folder(self._session.variables))

    def raise_problems(self) -> None:
        """Raise InvalidInputError, with all the problems of all the scenarios, when one was not valid."""
        if self._number > CHECKED_ANYWAY:
            self.known.save()
        if self._invalid:
            words = f"{', '.join(self._invalid)} {'is' if len(self._invalid) == 1 else 'are'} not valid"
            raise InvalidInputError(words, tuple(dict.fromkeys(self._problems)), code="invalid_scenario")


def suite_problems(session: Session, scenario: SelectedScenario) -> list[Problem]:
    """What is wrong with a scenario's `suite.yaml`, or with the names that it uses of it."""
    from awsit.scenario.checks.suite import unknown_in_suite
    from awsit.scenario.reading.positions import placed

    try:
        suite = session.suites.around(scenario.file) if scenario.file else None
    except InvalidInputError as error:
        return list(error.problems)
    names, file = (suite.names, suite.file) if suite else (frozenset[str](), "")
    problems = unknown_in_suite(scenario.document, names, file)
    return [placed(each, scenario.source) if scenario.source else each for each in problems]


def check(session: Session, scenarios: Iterable[SelectedScenario]) -> None:
    """Raise InvalidInputError, with all the problems of all the scenarios, when one is not valid."""
    checked = ScenarioCheck(session)
    for scenario in scenarios:
        checked.is_valid(scenario)
    checked.raise_problems()


def requested_runs(
    session: Session, settings: Settings, scenarios: Iterable[SelectedScenario], options: RunOptions
) -> list[RequestedRun]:
    """The runs of scenarios that `check` has passed: one for each row of a matrix.

    Raises InvalidInputError when a variable cannot be given, or one of the environment is missing.
    """
    runs = [run for scenario in scenarios for run in runs_of(session, settings, scenario, options)]
    compact = is_compact(settings, options, len(runs))
    return [replace(run, request=replace(run.request, compact=compact)) for run in runs]


def is_compact(settings: Settings, options: RunOptions, runs: int) -> bool:
    """Whether so many runs of one command are compact: if it makes several, unless something else is said."""
    usual = runs * options.repeat > 1 if options.compact is None else options.compact
    return usual if settings.compact is None else settings.compact


def found_files(
    session: Session, scenario: SelectedScenario, variables: Sequence[Mapping[str, Json]] | None = None
) -> FoundFiles:
    """The files that a scenario names, and the scenario with what the project says of its calls.

    The files of one from the bucket are there.
    """
    from awsit.scenario.files import FoundFiles, find_files

    if scenario.source is None:
        found = FoundFiles(scenario.document)
    else:
        actions = session.wiring.actions()
        found = find_files(scenario.source, actions, session.project_root, variables, session.contract)
    if session.is_traced or not isinstance(found.document, Mapping):
        return found
    return replace(found, document={"trace": False, **found.document})


def runs_of(
    session: Session, settings: Settings, scenario: SelectedScenario, options: RunOptions
) -> Iterator[RequestedRun]:
    """The runs of one scenario, as `requested_runs`, before it is said whether they are compact."""
    from awsit.scenario.compile.concurrency import concurrency_limit
    from awsit.scenario.compile.variables import check_overrides
    from awsit.scenario.schema.matrix import expand_matrix

    document = scenario.document
    rows = _rows(expand_matrix(document), options.variables)
    has_variables = bool(options.variables) or any(row for _, row in rows)
    given = Given.to(session, scenario, options.variables) if has_variables else Given({}, frozenset())
    timeout = {} if options.timeout is None else {"timeout_seconds": exact(options.timeout)}
    limits = _limits(settings, document)
    env = _environment(session, settings, scenario)
    options = options if _makes_data_up(document) else replace(options, seed="")
    for label, row in rows:
        if scenario.rows and label not in scenario.rows:
            continue
        variables = {**row, **given.variables}
        check_overrides(document, variables)
        files = found_files(session, scenario, [variables]).usable()
        request = RunRequest(
            run_id=session.wiring.run_id(),
            name=label,
            document={**files.document, **timeout, **limits} if timeout or limits else files.document,
            variables=variables,
            env=env,
            suite=options.suite,
            keep=options.keep,
            file=scenario.file,
            files=files.paths,
            is_valid=scenario.source is not None and options.timeout is None,
            concurrency=concurrency_limit(document, variables, env),
            seed=options.seed,
        )
        yield RequestedRun(request, scenario.source, _rerun_words(settings, scenario, request, options, given.redacted))


def _makes_data_up(document: Json) -> bool:
    """Whether a template of the scenario calls a function of `fake`."""
    from awsit.expressions.templates.names import FAKE
    from awsit.expressions.templates.substitution import uses
    from awsit.scenario.schema.template_texts import rendered_texts

    texts = (text for text in rendered_texts(document) if FAKE in text)
    return any(True for text in texts for _ in uses(text, frozenset({FAKE})))


def _limits(settings: Settings, document: Json) -> dict[str, Json]:
    """The limits of the scenario with those of the project; for one host or table, the scenario's own comes first."""
    if not settings.limits:
        return {}
    own, project = document.get("limits", {}), exact(settings.limits)
    kinds = dict.fromkeys([*own, *project])
    return {"limits": {kind: {**own.get(kind, {}), **project.get(kind, {}), **own.get(kind, {})} for kind in kinds}}


def _rerun_words(
    settings: Settings, scenario: SelectedScenario, request: RunRequest, options: RunOptions, named: frozenset[str]
) -> tuple[str, ...]:
    """The words after `awsit run` that ask for this run again; none for a scenario that was piped.

    `named` are the names that the scenario redacts, or the suite around it.
    """
    from awsit.engine.secrets.variables import secret_variables
    from awsit.scenario.schema.matrix import has_named_row

    if is_piped(scenario.place):
        return ()
    variables = {**request.variables, **options.variables}
    secret = secret_variables(variables, named)
    if has_named_row(scenario.document, request.name) and (
        not request.file or is_found_by_name(Path(request.file), settings)
    ):
        return words_for(request.name, options.variables, secret, options.timeout, options.seed)
    return words_for(request.file or scenario.name, variables, secret, options.timeout, options.seed)


def _rows(rows: Sequence[Row], variables: Mapping[str, Json]) -> Sequence[Row]:
    """The rows of a matrix that have the values of the variables; all of them, to be overridden, when none has."""
    fitting = [
        (label, row) for label, row in rows if all(row[name] == variables[name] for name in row.keys() & variables)
    ]
    return fitting or rows


def _environment(session: Session, settings: Settings, scenario: SelectedScenario) -> dict[str, str]:
    """The variables of the environment that a scenario reads.

    A scenario from the bucket may be anybody's: their names are shown, and those that look like secrets are left out
    unless the settings allow them. Raises InvalidInputError for one that it cannot do without.
    """
    from awsit.model.text.secret_names import is_secret_variable
    from awsit.scenario.compile.compile import needed_env, required_env

    needed_names = needed_env(scenario.document)
    if not needed_names:
        return {}
    _check_environment(session, scenario)
    names = sorted(name for name in needed_names if name in session.variables)
    env = {name: session.variables[name] for name in names}
    if scenario.source is not None or not env:
        return env
    kept = {name for name in names if name not in settings.allow_env and is_secret_variable(name, env[name])}
    if needed := sorted(kept & set(required_env(scenario.document))):
        raise InvalidInputError(
            f"{scenario.name}, from the bucket, reads a secret of your environment: {', '.join(needed)}",
            code="env_not_allowed",
            hint=f"if you trust it: --allow-env {needed[0]}, or allow_env in awsit.toml",
        )
    if sent := [name for name in names if name not in kept]:
        session.say(f"{scenario.name}, from the bucket, reads from your environment: {', '.join(sent)}")
    return {name: env[name] for name in names if name not in kept}


def _check_environment(session: Session, scenario: SelectedScenario) -> None:
    from awsit.scenario.checks.names import unset_env_problems
    from awsit.scenario.compile.compile import missing_env
    from awsit.scenario.reading.positions import placed
    from awsit.scenario.schema.keys import templated

    missing = missing_env(scenario.document, session.variables)
    if missing:
        problems = unset_env_problems(templated(scenario.document), missing)
        raise InvalidInputError(
            f"{scenario.place} reads {', '.join(missing)} from the environment, which is not set",
            tuple(placed(each, scenario.source) for each in problems) if scenario.source else (),
            code="missing_env",
            hint=f"set it before the run: export {missing[0]}=...",
        )

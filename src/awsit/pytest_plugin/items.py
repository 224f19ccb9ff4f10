"""Collectors and items: a file of a scenario, its runs, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from awsit.errors import AwsitError, ExitCode, InvalidInputError, UsageError
from awsit.pytest_plugin.marks import add_marks, printable
from awsit.pytest_plugin.project import Project, Projects
from awsit.records import replace

if TYPE_CHECKING:
    from awsit.cli.selection.selected import SelectedScenario
    from awsit.model.result import RunResult
    from awsit.pytest_plugin.failure_text import FailureText
    from awsit.pytest_plugin.running import Outcome


class ScenarioFailed(Exception):
    """A scenario did not pass: the reason in one line, and what the command line prints."""

    def __init__(self, reason: str, explanation: str) -> None:
        super().__init__(reason)
        self.reason, self.explanation = reason, explanation


class ScenarioFile(pytest.File):
    """A file that may be a scenario: an item for each run of it, none when it is something else."""

    def __init__(self, *, projects: Projects, **options: Any) -> None:
        super().__init__(**options)
        self._projects = projects

    @classmethod
    def of(cls, path: Path, parent: pytest.Collector, projects: Projects) -> ScenarioFile:
        """The collector of a file, under a name that reports and pytest-xdist can carry; its own may be none."""
        root = parent.config.rootpath
        place = (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()
        if printable(place) == place:
            return cls.from_parent(parent, path=path, projects=projects)
        name, node_id = printable(path.name), printable(place)
        return cls.from_parent(parent, path=path, projects=projects, name=name, nodeid=node_id)

    def collect(self) -> Iterator[pytest.Item]:
        """Its runs, or one item that fails with all the problems of a file that is not valid."""
        from awsit.cli.path_names import shown
        from awsit.cli.selection.selected import scenario_of
        from awsit.scenario.reading.kinds import is_scenario, misspelt
        from awsit.scenario.reading.load import load_file

        project = self._project()
        try:
            source = load_file(shown(self.path))
        except AwsitError as error:
            yield self._invalid(project, printable(self.path.stem), (), error)
            return
        if is_scenario(source.document):
            yield from self._items(project, scenario_of(project.session, source))
        elif problem := misspelt(source):
            wrong = InvalidInputError(f"{source.file} is no scenario", (problem,), code=problem.code)
            yield self._invalid(project, printable(self.path.stem), (), wrong)

    def _items(self, project: Project, scenario: SelectedScenario) -> Iterator[pytest.Item]:
        from awsit.cli.selection.run_requests import check
        from awsit.scenario.schema.matrix import expand_matrix

        try:
            check(project.session, [scenario])
        except InvalidInputError as error:
            yield self._invalid(project, printable(scenario.name or self.path.stem), scenario.tags, error)
            return
        for row, (name, _) in enumerate(expand_matrix(scenario.document)):
            named = self._named(printable(name))
            item = ScenarioItem.from_parent(self, **named, project=project, scenario=scenario, row=row)
            add_marks(item, scenario.tags)
            yield item

    def _invalid(self, project: Project, name: str, tags: Iterable[str], error: AwsitError) -> InvalidScenario:
        item = InvalidScenario.from_parent(self, **self._named(name), project=project, error=error)
        add_marks(item, tags)
        return item

    def _named(self, name: str) -> dict[str, str]:
        """Name and ID of an item. The ID is given, since pytest would not know `priced[book]` again for `--lf`."""
        return {"name": name, "nodeid": f"{self.nodeid}::{name}"}

    def _project(self) -> Project:
        from awsit.cli.session import Session

        try:
            return self._projects.of(self.path.parent)
        except AwsitError as error:
            raise self.CollectError(error_text(error, Session())) from None


class ScenarioItem(pytest.Item):
    """One run of a scenario."""

    def __init__(self, *, project: Project, scenario: SelectedScenario, row: int, **options: Any) -> None:
        super().__init__(**options)
        self._project, self._scenario, self._row = project, scenario, row

    def runtest(self) -> None:
        """Run it with the engine of the settings."""
        from awsit.cli.references import name_later
        from awsit.cli.running.detached import DetachedRun

        try:
            outcome = self._run()
        except DetachedRun as run:
            if not run.execution_arn:
                pytest.exit(f"{self.name} was left before its clean-up was done: `awsit cleanup {run.run_id}`")
            named = name_later(self._project.settings, run.run_id, run.execution_arn)
            pytest.exit(f"{self.name} goes on in Step Functions: `awsit status {named}`, `awsit stop {named}`")
        except Exception as error:
            raise failure_of(error, self._project.session) from error
        self._keep(outcome)
        self._judge(outcome)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **options: Any) -> Any:
        """What the command line prints, with the place in the scenario's file."""
        if isinstance(excinfo.value, ScenarioFailed):
            return failure_text(self, excinfo.value)
        return super().repr_failure(excinfo, *args, **options)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The file, and the line of the scenario's name."""
        source = self._scenario.source
        line = source.position("name", key=True).line - 1 if source else 0
        return Path(printable(str(self.path))), line, self.name

    def _run(self) -> Outcome:
        from awsit.cli.options import variables
        from awsit.cli.selection.run_requests import RunOptions, requested_runs
        from awsit.pytest_plugin.running import run

        assignments = variables(tuple(self.config.getoption("awsit_var")))
        is_one_of_several = any(isinstance(item, ScenarioItem) and item is not self for item in self.session.items)
        project = self._project
        options = RunOptions(assignments, suite=project.suite, compact=is_one_of_several, seed=project.suite)
        if suite := project.session.suites.around(self._scenario.file):
            hint = f"`awsit run {self._scenario.file}` makes it"
            raise UsageError(f"pytest does not make the setup of {suite.file}", code="no_setup", hint=hint)
        rows = requested_runs(project.session, project.settings, [self._scenario], options)
        return run(project, rows[self._row], 1 if self.config.get_verbosity() > 1 else 0, self._say)

    def _say(self, text: str) -> None:
        """Tell it beside the progress; processes of pytest-xdist have no terminal."""
        plugins = self.config.pluginmanager
        reporter, capture = plugins.get_plugin("terminalreporter"), plugins.get_plugin("capturemanager")
        if reporter is not None:
            with capture.global_and_fixture_disabled() if capture else nullcontext():
                reporter.ensure_newline()
                reporter.write_line(printable(text))
                reporter.flush()

    def _keep(self, outcome: Outcome) -> None:
        """For reports such as JUnit's; sections are shown when the item fails, or with -rP."""
        result = outcome.result
        facts = {
            "awsit_run_id": result.run_id,
            "awsit_status": str(result.status),
            "awsit_duration_seconds": f"{result.duration_seconds:.3f}",
            "awsit_cleanup": str(result.cleanup.verdict),
            "awsit_engine": result.engine,
            "awsit_execution_arn": result.execution_arn,
            "awsit_report": outcome.report,
        }
        self.user_properties.extend((name, value) for name, value in facts.items() if value)
        if outcome.cleanup:
            self.add_report_section("call", "clean-up", outcome.cleanup)

    def _judge(self, outcome: Outcome) -> None:
        from awsit.cli.exit_codes import of_result

        code = of_result(outcome.result)
        if code is ExitCode.INTERRUPTED:
            pytest.exit(
                f"{self.name} was interrupted, clean-up: {_cleanup_words(outcome.result)}, report: {outcome.report}"
            )
        allowed = {
            ExitCode.PASSED,
            *([ExitCode.LEFT_BEHIND] if self.config.getoption("awsit_allow_left_behind") else []),
        }
        if code not in allowed:
            raise ScenarioFailed(outcome.reason, outcome.text)
        self.add_report_section("call", "scenario", outcome.text)


class InvalidScenario(pytest.Item):
    """A scenario that cannot be run: it fails with everything that is wrong in its file."""

    def __init__(self, *, project: Project, error: AwsitError, **options: Any) -> None:
        super().__init__(**options)
        self._project, self._error = project, error

    def runtest(self) -> None:
        """Fail."""
        raise failure_of(self._error, self._project.session) from self._error

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], *args: Any, **options: Any) -> Any:
        """The problems, each with the line of the file and a caret."""
        if isinstance(excinfo.value, ScenarioFailed):
            return failure_text(self, excinfo.value)
        return super().repr_failure(excinfo, *args, **options)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The file, and the line of the first problem."""
        problems = self._error.problems if isinstance(self._error, InvalidInputError) else ()
        lines = [problem.position.line - 1 for problem in problems if problem.position]
        return Path(printable(str(self.path))), lines[0] if lines else 0, self.name


def failure_text(item: pytest.Item, failure: ScenarioFailed) -> FailureText:
    """Why an item failed, with its place."""
    from awsit.pytest_plugin.failure_text import FailureText

    path, line, _ = item.location
    return FailureText(failure.reason, failure.explanation, path, (line or 0) + 1)


def failure_of(error: Exception, session: Any) -> ScenarioFailed:
    """The failure of an item that an error kept from running: of a file that is not valid, the first problem."""
    from awsit.pytest_plugin.failure_text import with_pytest_options

    problems = error.problems if isinstance(error, InvalidInputError) else ()
    message = problems[0].message if problems else str(error)
    return ScenarioFailed(with_pytest_options(" ".join(message.split())), error_text(error, session))


def error_text(error: Exception, session: Any) -> str:
    """An error as the command line shows it; of a file that is not valid, which pytest names, only the problems."""
    from awsit.cli.failures import show
    from awsit.pytest_plugin.failure_text import with_pytest_options
    from awsit.pytest_plugin.page import Page
    from awsit.reporting.terminal.problems import print_problems

    page = Page(session.variables)
    if isinstance(error, InvalidInputError) and error.problems:
        problems = [replace(problem, hint=with_pytest_options(problem.hint)) for problem in error.problems]
        print_problems(page.console, problems, session.sources)
    else:
        session.err = page.console
        show(_in_pytest(error), session)
    return page.text()


def _in_pytest(error: Exception) -> Exception:
    """The error with the options of pytest where it names those of `awsit run`."""
    from awsit.cli.failures import awsit_error
    from awsit.pytest_plugin.failure_text import with_pytest_options

    known = awsit_error(error)
    if known is None:
        return error
    known.message, known.hint = with_pytest_options(known.message), with_pytest_options(known.hint)
    return known


def _cleanup_words(result: RunResult) -> str:
    from awsit.reporting.terminal.summary import cleanup_words

    return cleanup_words(result.cleanup)

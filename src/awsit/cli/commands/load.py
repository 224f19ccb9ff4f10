"""`awsit load`: run a scenario as load, and hold its times and failures to thresholds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from awsit.cli.json_option import JsonCommand, json
from awsit.cli.options import connection, yes
from awsit.cli.reports.files import ReportFiles, format_options, take_files
from awsit.cli.session import QUIET, Session
from awsit.config_values import LOCAL
from awsit.errors import ExitCode, UsageError
from awsit.reporting.registry import FORMATS, ReportContext

if TYPE_CHECKING:
    from awsit.cli.selection.requested_run import RequestedRun
    from awsit.cli.selection.selected import SelectedScenario
    from awsit.config import Settings
    from awsit.load.result import LoadResult
    from awsit.model.json import Json
    from awsit.scenario.schema.blocks.load import LoadSpec

EPILOG = """
awsit load scenarios/order_is_stored.yaml
awsit load order_is_stored --rate 5/s --for 30s
awsit load order_is_stored --json load.json --html load.html --junit junit.xml
"""


@click.command("load", cls=JsonCommand, epilog=EPILOG)
@click.argument("scenario", metavar="SCENARIO")
@click.option("--rate", metavar="RATE", help="Starts of the scenario, such as 20/s, instead of its own.")
@click.option("--for", "seconds", metavar="TIME", help="How long, such as 30s or 5m, instead of its own.")
@click.option("--ramp", metavar="TIME", help="How long the rate grows from none, instead of its own.")
@click.option("--engine", metavar="NAME", help="What runs it: local, which is this machine.")
@connection
@click.option("--var", "assignments", multiple=True, metavar="NAME=VALUE", help="A variable; JSON or text; repeatable.")
@click.option(
    "--allow-env",
    multiple=True,
    metavar="NAME",
    help="A secret variable of your environment that a scenario from the bucket may read; repeatable.",
)
@yes
@format_options(FORMATS, json=json)
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter an option
    session: Session,
    /,
    *,
    scenario: str,
    rate: str | None,
    seconds: str | None,
    ramp: str | None,
    assignments: tuple[str, ...],
    yes: bool,
    json: str | None,
    **flags: Any,
) -> ExitCode:
    """Start a scenario again and again at the rate of its `load`, from this machine, and measure it.

    A start waits for no other: what is slow makes more of them go on at once, as callers would. One that cannot be made
    is counted as dropped. Above 20 starts a second against other machines it asks first.

    Exits with 0 when every threshold of `expect` held, 1 when one did not, 5 when something was left behind; 2, 3, 4
    and 130 as awsit run.
    """
    from awsit.cli.options import variables
    from awsit.cli.running.load.carry_out import carry_out, rate_of
    from awsit.cli.running.load.permission import confirm
    from awsit.cli.running.load.progress import showing

    files = ReportFiles(take_files(flags) | ({"json": json} if json else {}), _context(session))
    with files.with_error():
        files.check()
        settings = _settings(session, scenario, flags)
        selected = _select(session, settings, scenario)
        spec = _spec(selected, {"rate": rate, "for": seconds, "ramp": ramp})
        runs = _runs(session, settings, selected, variables(assignments))
        if not yes:
            confirm(session, settings, runs, rate_of(spec))
    session.act()
    with showing(session, rate_of(spec), machine_output=files.uses_stdout) as show:
        result = carry_out(session, settings, [run.request for run in runs], spec, show)
    return _report(session, files, result)


def _context(session: Session) -> ReportContext:
    return ReportContext(session.variables.get("GITHUB_WORKSPACE", ""))


def _settings(session: Session, scenario: str, flags: dict[str, Any]) -> Settings:
    engine = flags.pop("engine") or LOCAL
    settings = session.settings([scenario], **{**flags, "engine": engine, "allow_env": flags["allow_env"] or None})
    if settings.uses_step_functions:
        raise UsageError(
            "load starts scenarios from this machine only, not from the account",
            code="load_engine",
            hint="leave out --engine; services of the account can be reached from a machine in its network",
        )
    return settings


def _select(session: Session, settings: Settings, name: str) -> SelectedScenario:
    """The scenario.

    Raises UsageError when several are meant or a `suite.yaml` is around it, and InvalidInputError for one that is not
    valid.
    """
    from awsit.cli.selection.run_requests import check
    from awsit.cli.selection.selection import Selector
    from awsit.cli.selection.tags import Tags

    selected = Selector(session, settings).select([name], Tags((), ()))
    if len(selected) != 1:
        raise UsageError(f"{name} is {len(selected)} scenarios; load takes one", hint="name its file, or the scenario")
    check(session, selected)
    file = selected[0].file
    if file and (suite := session.suites.around(file)):
        hint = "keep the scenario outside of that folder, with a `setup` of its own"
        raise UsageError(f"load does not make the setup of {suite.file}", code="no_setup", hint=hint)
    return selected[0]


def _spec(scenario: SelectedScenario, options: Mapping[str, str | None]) -> LoadSpec:
    """How the scenario is to be started: as it says itself, unless an option says otherwise. Raises UsageError."""
    from pydantic import ValidationError

    from awsit.cli.options import json_or_text
    from awsit.scenario.schema.blocks.load import LoadSpec

    given = {key: json_or_text(value) for key, value in options.items() if value is not None}
    load = {**scenario.document.get("load", {}), **given}
    if missing := [key for key in ("rate", "for") if key not in load]:
        hint = "add `load: {rate: 20/s, for: 5 minutes}` to it, or give --rate and --for"
        raise UsageError(
            f"{scenario.name} does not say how it is to be run as load: {missing[0]!r} is missing", hint=hint
        )
    try:
        return LoadSpec.model_validate(load)
    except ValidationError as error:  # of the options: what is written in a scenario was checked
        first = error.errors()[0]
        option = f"--{first['loc'][0]}" if first["loc"] else "the load"
        raise UsageError(f"{option} {first['msg']}", hint=first.get("ctx", {}).get("hint", "")) from error


def _runs(
    session: Session, settings: Settings, scenario: SelectedScenario, variables: Mapping[str, Json]
) -> list[RequestedRun]:
    """A run for each row of its matrix, without the `load`; the sandbox is ready for them."""
    from awsit.cli.running.sandbox_ready import make_ready
    from awsit.cli.selection.run_requests import RunOptions, requested_runs

    document = {key: value for key, value in scenario.document.items() if key != "load"}
    options = RunOptions(variables, suite=session.wiring.randomness().token(20))
    runs = requested_runs(session, settings, [replace(scenario, document=document)], options)
    if settings.sandbox:
        make_ready(session, settings)
    return runs


def _report(session: Session, files: ReportFiles, result: LoadResult) -> ExitCode:
    """Show the result and write the files. Raises EnvironmentFailure for one that cannot be written."""
    from awsit.cli.exit_codes import of_result
    from awsit.cli.reports.load import load_formats
    from awsit.reporting.terminal.load import show_load

    code = of_result(result.as_run())
    if session.verbosity > QUIET or code is not ExitCode.PASSED:
        show_load(result, session.err if files.uses_stdout else session.out)
    for file in replace(files, formats=load_formats(result)).write([result.as_run()]):
        session.say(f"wrote {file}")
    if files.uses_stdout:
        session.check_output()
    return code

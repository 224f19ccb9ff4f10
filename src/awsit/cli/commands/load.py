"""`awsit load`: run a scenario as load, and hold its times and failures to thresholds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from awsit.cli import completion
from awsit.cli.json_option import JsonCommand, json
from awsit.cli.options import Seed, installation, yes
from awsit.cli.reports.files import ReportFiles, format_options, take_files
from awsit.cli.session import QUIET, Session
from awsit.config_values import ENGINES, LOCAL, STEP_FUNCTIONS
from awsit.errors import ExitCode, UsageError
from awsit.records import replace
from awsit.reporting.registry import FORMATS, ReportContext

if TYPE_CHECKING:
    from awsit.cli.selection.requested_run import RequestedRun
    from awsit.cli.selection.selected import SelectedScenario
    from awsit.config import Settings
    from awsit.load.result import LoadResult
    from awsit.model.json import Json
    from awsit.scenario.reading.source import Source
    from awsit.scenario.schema.blocks.load import LoadSpec

EPILOG = """
awsit load scenarios/order_is_stored.yaml
awsit load order_is_stored --rate 5/s --for 30s
awsit load order_is_stored --json load.json --html load.html --junit junit.xml
awsit load order_is_stored --stack awsit
awsit load suite-01J9ZK3M4N5P6Q7R8S9T0V1W2X --stack awsit --html load.html
"""


@click.command("load", cls=JsonCommand, epilog=EPILOG)
@click.argument("scenario", metavar="SCENARIO|SUITE_ID", shell_complete=completion.files)
@click.option("--rate", metavar="RATE", help="Starts of the scenario, such as 20/s, instead of its own.")
@click.option("--for", "seconds", metavar="TIME", help="How long, such as 30s or 5m, instead of its own.")
@click.option("--ramp", metavar="TIME", help="How long the rate grows from none, instead of its own.")
@click.option(
    "--engine",
    metavar="NAME",
    help=f"What runs it: {' or '.join(ENGINES)}. Default: stepfunctions with --stack or --state-machine-arn.",
)
@installation
@click.option("--seed", type=Seed(), metavar="TEXT", help="Fake data as in an earlier load; default: new ones.")
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
    seed: str | None,
    assignments: tuple[str, ...],
    yes: bool,
    json: str | None,
    **flags: Any,
) -> ExitCode:
    """Start a scenario again and again at the rate of its `load`, and measure it.

    This machine starts it, or the account with --stack. A start waits for no other: what is slow makes more of them go
    on at once, as callers would. One that cannot be made is counted as dropped. Above 20 starts a second against other
    machines it asks first. The SUITE_ID of a load in the account shows what came of it, when it is over.

    Exits with 0 when every threshold of `expect` held, 1 when one did not, 5 when something was left behind; 2, 3, 4
    and 130 as awsit run.
    """
    from awsit.cli.options import variables
    from awsit.cli.references import suite_of
    from awsit.cli.running.load.permission import confirm
    from awsit.cli.running.load.result import rate_of

    files = ReportFiles(take_files(flags) | ({"json": json} if json else {}), _context(session))
    options = {"rate": rate, "for": seconds, "ramp": ramp}
    with files.with_error():
        files.check()
        settings = _settings(session, scenario, flags)
        if load_id := suite_of(scenario):
            return _report(session, files, _found(session, settings, files, load_id, {**options, "seed": seed}))
        selected = _select(session, settings, scenario)
        spec = _spec(selected, options)
        runs = _runs(session, settings, selected, variables(assignments), seed)
        if settings.uses_step_functions:
            _check_in_account(session, settings, runs, spec)
        if not yes:
            confirm(session, settings, runs, rate_of(spec))
    session.act()
    carry_out = _in_account if settings.uses_step_functions else _here
    return _report(session, files, carry_out(session, settings, files, runs, spec), runs[0].source)


def _here(
    session: Session, settings: Settings, files: ReportFiles, runs: Sequence[RequestedRun], spec: LoadSpec
) -> LoadResult:
    from awsit.cli.running.load.carry_out import carry_out
    from awsit.cli.running.load.progress import showing
    from awsit.cli.running.load.result import rate_of

    with showing(session, rate_of(spec), machine_output=files.uses_stdout) as show:
        return carry_out(session, settings, [run.request for run in runs], spec, show)


def _in_account(
    session: Session, settings: Settings, files: ReportFiles, runs: Sequence[RequestedRun], spec: LoadSpec
) -> LoadResult:
    from awsit.cli.running.load.in_account import follow, start
    from awsit.cli.running.load.progress import showing
    from awsit.cli.running.load.result import rate_of

    load = start(session, settings, [run.request for run in runs], spec)
    with showing(session, rate_of(spec), machine_output=files.uses_stdout) as show:
        return follow(session, settings, load, show)


def _found(
    session: Session, settings: Settings, files: ReportFiles, load_id: str, options: Mapping[str, str | None]
) -> LoadResult:
    """What came of a load in the account, when it is over. Raises UsageError for options of a new one."""
    from awsit.cli.running.load.in_account import find, follow, spec_of
    from awsit.cli.running.load.progress import showing
    from awsit.cli.running.load.result import rate_of

    if given := [f"--{name}" for name, value in options.items() if value is not None]:
        raise UsageError(f"{load_id} was started already; {given[0]} is for a new load", hint="name a scenario")
    load = find(session, settings, load_id)
    with showing(session, rate_of(spec_of(load)), machine_output=files.uses_stdout) as show:
        return follow(session, settings, load, show, is_own=False)


def _check_in_account(session: Session, settings: Settings, runs: Sequence[RequestedRun], spec: LoadSpec) -> None:
    """Raise AwsitError for what the account cannot start as a load, and say what it comes to."""
    from awsit.cli.running.load.in_account import check
    from awsit.cli.running.load.quotas import check_quotas
    from awsit.cli.running.planning import refuse_in_account

    check(spec)
    refuse_in_account(session, settings, runs)
    check_quotas(session, settings, runs, spec)


def _context(session: Session) -> ReportContext:
    return ReportContext(session.variables.get("GITHUB_WORKSPACE", ""))


def _settings(session: Session, scenario: str, flags: dict[str, Any]) -> Settings:
    from awsit.cli.references import suite_of

    in_account = flags["stack"] or flags["state_machine_arn"] or suite_of(scenario)
    engine = flags.pop("engine") or (STEP_FUNCTIONS if in_account else LOCAL)
    named = [] if suite_of(scenario) else [scenario]
    return session.settings(named, **{**flags, "engine": engine, "allow_env": flags["allow_env"] or None})


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
    session: Session, settings: Settings, scenario: SelectedScenario, variables: Mapping[str, Json], seed: str | None
) -> list[RequestedRun]:
    """A run for each row of its matrix, without the `load`; the sandbox is ready for them. Without a seed it is new."""
    from awsit.cli.running.sandbox_ready import make_ready
    from awsit.cli.selection.run_requests import RunOptions, requested_runs

    document = {key: value for key, value in scenario.document.items() if key != "load"}
    key = session.wiring.randomness().token(20)
    options = RunOptions(variables, suite=key, compact=settings.uses_step_functions, seed=seed or key[:8])
    runs = requested_runs(session, settings, [replace(scenario, document=document)], options)
    if settings.sandbox:
        make_ready(session, settings)
    return runs


def _report(session: Session, files: ReportFiles, result: LoadResult, source: Source | None = None) -> ExitCode:
    """Show the result and write the files. Raises EnvironmentFailure for one that cannot be written."""
    from awsit.cli.exit_codes import of_result
    from awsit.cli.reports.load import load_formats
    from awsit.reporting.failure_context import FailureContext
    from awsit.reporting.terminal.load import show_load

    code = of_result(result.as_run())
    if session.verbosity > QUIET or code is not ExitCode.PASSED:
        show_load(result, session.err if files.uses_stdout else session.out)
    context = replace(files.context, context_of=lambda _: FailureContext(source=source))
    for file in replace(files, formats=load_formats(result), context=context).write([result.as_run()]):
        session.say(f"wrote {file}")
    if files.uses_stdout:
        session.check_output()
    return code

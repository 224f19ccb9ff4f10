"""`awsit run`: run scenarios and report what came out."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import click

from awsit.cli import completion
from awsit.cli.json_option import JsonCommand, json
from awsit.cli.options import compact, enforce_policies, installation, timeout
from awsit.cli.reports.files import STANDARD_OUTPUT, ReportFiles, events, format_options, open_events, take_files
from awsit.cli.selection.suite_options import SuiteFlags, suite_options
from awsit.cli.session import Session
from awsit.config_values import ENGINES
from awsit.errors import ExitCode, UsageError
from awsit.model.text.counts import count
from awsit.records import replace
from awsit.reporting.registry import FORMATS, ReportContext

if TYPE_CHECKING:
    from awsit.cli.running.side_by_side.worth import Workers
    from awsit.cli.selection.run_requests import RunOptions
    from awsit.cli.selection.suite import Arrangement
    from awsit.cli.selection.waiting.shelf import ShelvedRun
    from awsit.config import Settings
    from awsit.model.run import Engine

EPILOG = """
awsit run scenarios/order_is_stored.yaml
awsit run order_is_stored --stack awsit --var quantity=3
awsit run scenarios/ --tag smoke --json > report.json
awsit run scenarios/ --junit junit.xml --html report.html --json report.json
awsit run 'orders_*' --jobs 4 --fail-fast
awsit run scenarios/ --stack awsit --in-account --jobs 50
awsit run --rerun-failed
awsit run order_is_stored --sandbox
awsit run order_is_stored --state-machine-arn ARN --no-wait
"""


@click.command("run", cls=JsonCommand, epilog=EPILOG)
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO]...", shell_complete=completion.files)
@click.option(
    "--engine",
    metavar="NAME",
    help=f"What runs it: {' or '.join(ENGINES)}. Default: stepfunctions with a state machine, stack or sandbox.",
)
@installation
@enforce_policies
@click.option("--var", "assignments", multiple=True, metavar="NAME=VALUE", help="A variable; JSON or text; repeatable.")
@suite_options
@compact
@timeout
@click.option("--keep", is_flag=True, help="Leave what the run made, to look at it; awsit cleanup removes it later.")
@click.option(
    "--evidence/--no-evidence",
    default=None,
    help="Whether to look in the scenario's stacks for what explains a failure; default: yes.",
)
@click.option("--ship-logs", is_flag=True, default=None, help="Send the log of this command to CloudWatch Logs too.")
@click.option(
    "--metrics/--no-metrics",
    default=None,
    help="Whether to count runs of this machine in CloudWatch, as runs of the stack; default: no.",
)
@click.option(
    "--allow-env",
    multiple=True,
    metavar="NAME",
    help="A secret variable of your environment that scenarios from the bucket may read; repeatable.",
)
@click.option("--wait/--no-wait", default=True, help="Wait for the end (default), or only start.")
@format_options(FORMATS, json=json)
@events
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter an option
    session: Session,
    /,
    *,
    scenarios: tuple[str, ...],
    assignments: tuple[str, ...],
    timeout: float | None,
    keep: bool,
    wait: bool,
    json: str | None,
    events: str | None,
    **flags: Any,
) -> ExitCode:
    """Run scenarios and report what came out.

    SCENARIO is a file, a folder, a name, or a pattern of names such as 'orders_*'; names are looked for in the
    project's folders, then in the stack's bucket. A row of a matrix has a name too: 'priced[book]'.

    Exits with 0 passed, 1 failed, 2 usage, 3 invalid scenario or configuration, 4 AWS or environment, 5 passed but left
    something behind, 130 interrupted.
    """
    from awsit.cli.options import variables
    from awsit.cli.running import in_account
    from awsit.cli.running.detached import start_all
    from awsit.cli.running.runner import Concurrency, Outputs, Runner
    from awsit.cli.selection.run_requests import RunOptions
    from awsit.cli.selection.waiting.queue import queued_runs

    as_json = json == STANDARD_OUTPUT
    files = _report_files(session, flags, None if as_json else json)
    suite = SuiteFlags.taken_from(flags)
    with files.with_error():
        files.check(json_on_stdout=as_json, events=events)
        settings = _settings(session, scenarios, suite, flags)
        _check_waiting(suite, wait=wait, in_account=bool(settings.in_account), has_reports=bool(files or events))
        options, wanted = _shared(session, settings, suite, RunOptions(variables(assignments), timeout, keep=keep))
        shows_steps = session.shows_steps(machine_output=as_json or files.uses_stdout) or bool(events)
        workers = _workers(session, settings, steps=shows_steps)
        requested = queued_runs(session, settings, suite.select(session, settings, scenarios), options, workers)
        runs = _arranged(session, settings, requested, wanted, options)
        engine = _engine(session, settings, steps=shows_steps or len(runs) == 1)
        open_file, started = open_events(events), in_account.start(session, settings, runs, suite)
    session.act()
    if not wait:
        if started:
            return in_account.show_started(session, settings, started, runs, as_json=as_json)
        return start_all(session, settings, engine, runs, as_json=as_json)
    with open_file as file:
        runner = Runner(session, settings, _side_by_side(engine, runs, workers), Outputs(as_json, files, file), started)
        return runner.run(runs, Concurrency(settings.jobs_here, suite.fail_fast), options.seed)


def _shared(
    session: Session, settings: Settings, suite: SuiteFlags, options: RunOptions
) -> tuple[RunOptions, Arrangement]:
    """The options with what the runs of this command share: cached results, the seed of their fake data; their order.

    Raises UsageError or InvalidInputError for an order that is none.
    """
    key, wanted = session.wiring.randomness().token(20), suite.arrangement(session)
    seed = suite.seed_before(settings) or key[:8]
    return replace(options, suite=key, seed=seed, repeat=wanted.repeat), wanted


def _settings(session: Session, scenarios: Sequence[str], suite: SuiteFlags, flags: dict[str, Any]) -> Settings:
    from awsit.cli.running.sandbox_ready import check_flags

    settings = session.settings(scenarios, jobs=suite.jobs, **{**flags, "allow_env": flags["allow_env"] or None})
    check_flags(settings)
    return settings


def _engine(session: Session, settings: Settings, *, steps: bool) -> Engine:
    """The engine of the settings, whose log is sent from here on if that is asked for.

    Without `steps`, only what happens to whole runs is told: nobody is shown more.
    """
    session.ship_logs(settings)
    engine = session.wiring.engine(settings)
    if engine.notice:
        session.say(engine.notice)
    if steps:
        return engine
    from awsit.engine.wrapped import WithoutSteps

    return WithoutSteps(engine)


def _workers(session: Session, settings: Settings, *, steps: bool) -> Workers | None:
    """The workers that may carry runs out, and end with the command. A log is written by this process alone."""
    if settings.jobs_here == 1 or settings.uses_step_functions or settings.ship_logs or session.log_file:
        return None
    from awsit.cli.running.side_by_side.worth import Workers

    return Workers(settings, click.get_current_context().with_resource(ExitStack()), steps=steps)


def _side_by_side(engine: Engine, runs: Sequence[ShelvedRun], workers: Workers | None) -> Engine:
    """The engine, or the one with workers where that is sooner done."""
    if workers is None or any(run.suite_run for run in runs):  # what a setup captured is in this process's memory
        return engine
    return workers.engine if workers.are_worth_it(runs) else engine


def _made_ready(session: Session, settings: Settings, runs: list[ShelvedRun]) -> list[ShelvedRun]:
    """Make the sandbox, if it is used, ready for the runs; returns them with what an account would deny them."""
    if not settings.sandbox or not runs:
        return runs
    from awsit.cli.running.denials import with_warnings
    from awsit.cli.running.sandbox_ready import make_ready

    make_ready(session, settings)
    return with_warnings(session, settings, runs)


def _report_files(session: Session, flags: dict[str, Any], json: str | None) -> ReportFiles:
    """The report files that the options name; these options are removed from `flags`."""
    files = take_files(flags)
    if json:
        files["json"] = json
    return ReportFiles(files, ReportContext(session.variables.get("GITHUB_WORKSPACE", "")))


def _check_waiting(suite: SuiteFlags, *, wait: bool, in_account: bool, has_reports: bool) -> None:
    """Raise UsageError for an option that needs the end of the runs where nobody waits for it."""
    if wait:
        return
    if has_reports:
        raise UsageError(
            "reports need the end of the run", hint="leave out --no-wait, or write them later: awsit report"
        )
    suite.check_without_waiting(in_account=in_account)


def _arranged(
    session: Session, settings: Settings, requested: list[ShelvedRun], wanted: Arrangement, options: RunOptions
) -> list[ShelvedRun]:
    """The runs to make, in their order, with the setups around them. Raises AwsitError for what cannot be run."""
    from awsit.cli.selection.suite import arrange
    from awsit.cli.selection.waiting.setups import with_setups

    if settings.uses_step_functions:
        from awsit.cli.running.planning import refuse_in_account

        refuse_in_account(session, settings, requested)
    runs = arrange(requested, wanted, session.wiring.run_id)
    if wanted.shard:
        session.say(f"shard {wanted.shard}: {len(runs)} of {count(len(requested) * wanted.repeat, 'run')}")
    if wanted.seed is not None:
        session.say(f"shuffled with seed {wanted.seed}; --shuffle {wanted.seed} gives this order again")
    ready = with_setups(session, settings, _made_ready(session, settings, runs), options)
    if settings.uses_step_functions:
        setup_ids = {run.suite_run for run in ready if run.suite_run}
        refuse_in_account(session, settings, [run for run in ready if run.run_id in setup_ids])
    return ready

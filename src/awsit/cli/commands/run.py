"""`awsit run`: run scenarios and report what came out."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

import click

from awsit.cli.json_option import JsonCommand, json
from awsit.cli.options import installation
from awsit.cli.reports.files import STANDARD_OUTPUT, events, format_options, open_events, report_files, take_files
from awsit.cli.selection.suite_options import SuiteFlags, suite_options
from awsit.cli.session import Session
from awsit.config import ENGINES, STEP_FUNCTIONS
from awsit.errors import ExitCode, UsageError
from awsit.reporting.registry import FORMATS

if TYPE_CHECKING:
    from awsit.cli.selection.run_requests import RunOptions
    from awsit.config import Settings
    from awsit.model.run import RunRequest

EPILOG = """
awsit run scenarios/order_is_stored.yaml
awsit run order_is_stored --stack awsit --var quantity=3
awsit run scenarios/ --tag smoke --json > report.json
awsit run scenarios/ --junit junit.xml --html report.html --json report.json
awsit run 'orders_*' --jobs 4 --fail-fast
awsit run --rerun-failed
awsit run order_is_stored --sandbox
awsit run order_is_stored --state-machine-arn ARN --no-wait
"""


@click.command("run", cls=JsonCommand, epilog=EPILOG)
@click.argument("scenarios", nargs=-1, metavar="[SCENARIO]...")
@click.option(
    "--engine",
    metavar="NAME",
    help=f"What runs it: {' or '.join(ENGINES)}. Default: stepfunctions with a state machine, stack or sandbox.",
)
@installation
@click.option("--var", "assignments", multiple=True, metavar="NAME=VALUE", help="A variable; JSON or text; repeatable.")
@suite_options
@click.option("--timeout", type=click.FloatRange(min=1), metavar="SECONDS", help="Instead of the scenario's own.")
@click.option("--keep", is_flag=True, help="Leave what the run made, to look at it; awsit cleanup removes it later.")
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
    from awsit.cli.running.detached import start_all
    from awsit.cli.running.runner import Concurrency, Runner
    from awsit.cli.running.sandbox_ready import make_ready
    from awsit.cli.selection.run_requests import RunOptions

    wishes = RunOptions(variables(assignments), timeout, session.wiring.randomness().token(20), keep)
    as_json = json == STANDARD_OUTPUT
    named = take_files(flags)
    if json and not as_json:
        named["json"] = json
    files = report_files(named, session)
    suite = SuiteFlags.taken_from(flags)
    files.check(json_on_stdout=as_json)
    if not wait and (files or events):
        raise UsageError(
            "reports need the end of the run", hint="leave out --no-wait, or write them later: awsit report"
        )
    if not wait:
        suite.check_without_waiting()
    settings = session.settings(**flags)
    requests = _requests(session, settings, scenarios, suite, wishes)
    if settings.sandbox and requests:
        make_ready(session, settings)
    if not wait:
        return start_all(session, settings, requests, as_json=as_json)
    with open_events(events) as events_file:
        runner = Runner(session, settings, as_json=as_json, files=files, events=events_file)
        return runner.run(requests, Concurrency(suite.jobs, suite.fail_fast))


def _requests(
    session: Session, settings: Settings, named: Sequence[str], suite: SuiteFlags, wishes: RunOptions
) -> list[RunRequest]:
    """The runs to make, in their order. Raises AwsitError for what is not there, not valid or too large."""
    from awsit.cli.selection.run_requests import make_requests
    from awsit.cli.selection.suite import arrange

    wanted = suite.arrangement(session)
    asked = make_requests(session, suite.choose(session, settings, named), wishes)
    if settings.engine == STEP_FUNCTIONS:
        from awsit.cli.running.planning import refuse_beyond_quota

        refuse_beyond_quota(session, settings, asked)
    requests = arrange(asked, wanted, partial(_another_id, session))
    if wanted.shard:
        session.say(f"shard {wanted.shard}: {len(requests)} of {len(asked) * wanted.repeat} runs")
    if wanted.seed is not None:
        session.say(f"shuffled with seed {wanted.seed}; --shuffle {wanted.seed} gives this order again")
    return requests


def _another_id(session: Session, request: RunRequest) -> str:
    """The ID of one more run of the same kind."""
    run_id = session.wiring.run_id()
    session.asked[run_id] = session.asked[request.run_id]
    return run_id

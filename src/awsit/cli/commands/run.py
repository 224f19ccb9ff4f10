"""`awsit run`: run scenarios and report what came out."""

from __future__ import annotations

from typing import Any

import click

from awsit.cli import report_files
from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import as_json, installation, tags
from awsit.cli.session import Session
from awsit.config import ENGINES, STEP_FUNCTIONS
from awsit.errors import ExitCode, UsageError

EPILOG = """
awsit run scenarios/order_is_stored.yaml
awsit run order_is_stored --stack awsit --var quantity=3
awsit run scenarios/ --tag smoke --json > report.json
awsit run scenarios/ --junit junit.xml --html report.html
awsit run order_is_stored --sandbox
awsit run order_is_stored --state-machine-arn ARN --no-wait
"""


@click.command("run", cls=ExampleCommand, epilog=EPILOG)
@click.argument("scenarios", nargs=-1, required=True, metavar="SCENARIO...")
@click.option(
    "--engine",
    metavar="NAME",
    help=f"What runs it: {' or '.join(ENGINES)}. Default: stepfunctions with a state machine, stack or sandbox.",
)
@installation
@click.option("--var", "assignments", multiple=True, metavar="NAME=VALUE", help="A variable; JSON or text; repeatable.")
@tags
@click.option("--timeout", type=click.FloatRange(min=1), metavar="SECONDS", help="Instead of the scenario's own.")
@click.option("--keep", is_flag=True, help="Leave what the run made, to look at it; awsit cleanup removes it later.")
@click.option("--wait/--no-wait", default=True, help="Wait for the end (default), or only start.")
@click.option(
    "--jobs", "-j", type=click.IntRange(1, 100), default=1, metavar="N", help="How many run at once; default: 1."
)
@click.option("--fail-fast", is_flag=True, help="Begin no further one after the first that does not pass.")
@as_json
@report_files.file_options
@report_files.events
@click.pass_obj
def command(  # noqa: PLR0913 - one parameter an option
    session: Session,
    /,
    *,
    scenarios: tuple[str, ...],
    assignments: tuple[str, ...],
    tags: tuple[str, ...],
    timeout: float | None,
    keep: bool,
    wait: bool,
    as_json: bool,
    events: str | None,
    **flags: Any,
) -> ExitCode:
    """Run scenarios and report what came out.

    SCENARIO is a file, a folder, or a name; a name is looked for in the project's folders, then in the stack's bucket.

    Exits with 0 passed, 1 failed, 2 usage, 3 invalid scenario or configuration, 4 AWS or environment, 5 passed but left
    something behind, 130 interrupted.
    """
    from awsit.cli.options import variables
    from awsit.cli.requests import Wishes, make_requests
    from awsit.cli.running import Manner, Runner, start_all
    from awsit.cli.sandbox_ready import make_ready
    from awsit.cli.selection import choose

    wishes = Wishes(variables(assignments), timeout, session.wiring.randomness().token(20), keep)
    files, manner = report_files.taken_from(flags), Manner(flags.pop("jobs"), flags.pop("fail_fast"))
    files.check(stdout_taken=as_json)
    if not wait and (files or events):
        raise UsageError(
            "reports need the end of the run", hint="leave out --no-wait, or write them later: awsit report"
        )
    settings = session.settings(**flags)
    chosen = choose(session, settings, scenarios, tags)
    requests = make_requests(session, chosen, wishes)
    if settings.engine == STEP_FUNCTIONS:
        from awsit.cli.planning import refuse_beyond_quota

        refuse_beyond_quota(session, settings, requests)
    if settings.sandbox:
        make_ready(session, settings)
    if not wait:
        return start_all(session, settings, requests, as_json=as_json)
    with report_files.open_events(events) as events_file:
        runner = Runner(session, settings, as_json=as_json, files=files, events=events_file)
        return runner.run(requests, manner)

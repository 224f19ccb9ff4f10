"""`awsit history`: how scenarios have done over time."""

from __future__ import annotations

import click

from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import as_json, installation
from awsit.cli.session import Session

EPILOG = """
awsit history
awsit history order_is_stored
awsit history 'orders_*' --stack awsit --limit 100
awsit history --json > durations.json
"""


@click.command("history", cls=ExampleCommand, epilog=EPILOG)
@click.argument("scenario", required=False)
@click.option(
    "--limit",
    type=click.IntRange(1, 1000),
    metavar="N",
    default=50,
    show_default=True,
    help="How many runs of each, newest first.",
)
@click.option("--local", is_flag=True, help="From the reports of this machine, also where awsit.toml names a stack.")
@installation
@as_json
@click.pass_obj
def command(
    session: Session, /, scenario: str | None, limit: int, local: bool, as_json: bool, **flags: str | bool | None
) -> None:
    """Show how scenarios have done over time: verdicts, durations, what is flaky, what has become slower.

    SCENARIO is a name, a row of a matrix, or a pattern. Without one there is a line for each scenario, and --json
    leaves out the single runs. Runs come from the report folder; with a stack or the sandbox, from its records: what
    anybody ran there in the last 90 days.

    Flaky is a version of a scenario that passed, and failed because a check did not hold. Slower is a newest run that
    passed and took more than the median of those before it plus three robust deviations, a fifth, or half a second,
    whichever is most.
    """
    from awsit.cli.reports.history import histories, histories_like
    from awsit.config_values import LOCAL
    from awsit.errors import UsageError
    from awsit.model import json
    from awsit.model.codec import encode
    from awsit.reporting.terminal.history import show_histories, show_history

    if local and (flags["stack"] or flags["state_machine_arn"] or flags["sandbox"]):
        raise UsageError("--local is this machine, and a stack is named", hint="leave out one of them")
    settings = session.settings(engine=LOCAL if local else None, **flags)
    *_, source = session.wiring.run_sources(settings)  # an account's records say more than the reports of this machine
    selected = histories(source, limit) if scenario is None else histories_like(source, scenario, limit)
    if as_json:
        documents = [encode(series) for series in selected]
        left_out = set() if scenario else {"entries"}  # of all scenarios they would be long
        shown = [{name: each[name] for name in each if name not in left_out} for each in documents]
        click.echo(json.dumps_visible(shown, indent=2))
    elif not selected:
        session.say("no run is known here")
    elif len(selected) == 1 and scenario is not None:
        show_history(selected[0], session.out)
    else:
        show_histories(selected, session.out)

"""`awsit push`: upload scenarios."""

from __future__ import annotations

import click

from awsit.cli import completion
from awsit.cli.lazy import ExampleCommand
from awsit.cli.options import installation
from awsit.cli.session import Session

EPILOG = """
awsit push scenarios/
awsit push scenarios/order_is_stored.yaml --stack awsit-dev
"""


@click.command("push", cls=ExampleCommand, epilog=EPILOG)
@click.argument("paths", nargs=-1, required=True, metavar="FOLDER|FILE...", shell_complete=completion.files)
@installation
@click.pass_obj
def command(session: Session, /, paths: tuple[str, ...], **flags: str | bool | None) -> None:
    """Upload scenarios to the stack's bucket, where schedules and colleagues find them by name.

    All of them are checked first; one that is not valid stops it, and nothing is uploaded.
    """
    from awsit.cli.running.planning import notes_on_account
    from awsit.cli.running.sandbox_ready import make_ready
    from awsit.cli.selection.run_requests import check, found_files
    from awsit.cli.selection.selection import Selector
    from awsit.config_values import STEP_FUNCTIONS
    from awsit.model.text.visible import visible
    from awsit.scenario.checks.suite import suite_uses

    settings = session.settings(paths, engine=STEP_FUNCTIONS, **flags)
    scenarios = list(Selector(session, settings).by_paths(paths))
    check(session, scenarios)
    if settings.sandbox:
        make_ready(session, settings)
    session.act()
    store = session.wiring.scenario_store(settings)
    width = max(len(scenario.name) for scenario in scenarios)
    for scenario in scenarios:
        files = found_files(session, scenario)
        store.push(files.document, scenario.name, files.paths)
        click.echo(visible(f"{scenario.name:<{width}}  {scenario.place}"))
        if suite_uses(scenario.document):
            session.say(
                f"{visible(scenario.name)} uses `suite`, so it cannot run from the bucket: that has no suite.yaml"
            )
    for note in notes_on_account(session, settings, [(each.name, each.document) for each in scenarios]):
        session.say(f"warning: {note}")
    session.say(f"Uploaded {len(scenarios)}. awsit run NAME starts one of them.")

"""`awsit schedule`: scenarios that the account runs by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from awsit.cli import completion
from awsit.cli.lazy import ExampleGroup
from awsit.cli.options import as_json, installation, tags
from awsit.cli.session import Session
from awsit.errors import UsageError

if TYPE_CHECKING:
    from awsit.aws.schedules import Schedule, Schedules

DEPLOY_EXAMPLES = """
awsit schedule deploy
awsit schedule deploy scenarios/ --tag smoke --rate '30 minutes'
awsit schedule deploy scenarios/report.yaml --cron '0 8 ? * MON-FRI *' --timezone Europe/Berlin
"""

names = click.argument("names", nargs=-1, required=True, metavar="NAME...")


@click.group(
    "schedule",
    cls=ExampleGroup,
    help="Let the account run scenarios by itself, at set times.",
    epilog="awsit schedule deploy scenarios/\nawsit schedule list\nawsit schedule pause order_is_stored",
)
def command() -> None:
    """Only groups `deploy`, `list`, `pause`, `resume` and `remove`."""


@command.command(epilog=DEPLOY_EXAMPLES)
@click.argument("paths", nargs=-1, metavar="[FOLDER|FILE]...", shell_complete=completion.files)
@tags
@click.option("--rate", metavar="TIME", help="Again and again after this time, such as '30 minutes'.")
@click.option("--cron", metavar="FIELDS", help="At these times: minutes, hours, day, month, weekday, year.")
@click.option("--timezone", metavar="ZONE", help="The time zone of --cron; default: UTC.")
@click.option("--var", "assignments", multiple=True, metavar="NAME=VALUE", help="A variable's value; repeatable.")
@installation
@click.pass_obj
def deploy(
    session: Session,
    /,
    *,
    paths: tuple[str, ...],
    assignments: tuple[str, ...],
    **flags: Any,
) -> None:
    """Upload scenarios, and let the account run each of them at the times of its `schedule`.

    Without FOLDER or FILE, those of the project. --rate and --cron say when for all that are selected; scenarios
    without any time are left out. Each row of a matrix has a schedule of its own. One that is paused stays so.
    """
    from awsit.cli.options import variables
    from awsit.cli.running.sandbox_ready import make_ready
    from awsit.cli.running.schedules import scheduled_scenarios
    from awsit.cli.selection.run_requests import found_files
    from awsit.cli.selection.selection import Selector
    from awsit.cli.selection.tags import Tags
    from awsit.config_values import STEP_FUNCTIONS

    wanted = Tags(flags.pop("tags"), flags.pop("exclude_tags"))
    times = _times(flags)
    settings = session.settings(paths, engine=STEP_FUNCTIONS, **flags)
    selector = Selector(session, settings)
    scenarios = selector.select(paths, wanted) if paths else selector.of_project(wanted)
    planned = scheduled_scenarios(session, settings, scenarios, times, variables(assignments))
    if settings.sandbox:
        make_ready(session, settings)
    session.act()
    schedules, store = session.wiring.schedules(settings), session.wiring.scenario_store(settings)
    for each in planned:
        files = found_files(session, each.scenario)
        store.push(files.document, each.scenario.name, files.paths)
        _show(session, [schedules.put(run, each.when, started_with) for run, started_with in each.inputs.items()])


def _times(flags: dict[str, Any]) -> Mapping[str, str]:
    """The options that say when, taken from the flags. Raises UsageError for those that do not go together."""
    times = {key: value for key in ("rate", "cron", "timezone") if (value := flags.pop(key)) is not None}
    if times.keys() >= {"rate", "cron"}:
        raise UsageError("--rate and --cron exclude each other", hint="leave out one of them")
    if "timezone" in times and "cron" not in times:
        raise UsageError("--timezone is the time zone of --cron", hint="add --cron, or leave it out")
    return times


@command.command("list", epilog="awsit schedule list\nawsit schedule list --stack awsit --json")
@installation
@as_json
@click.pass_obj
def list_(session: Session, /, *, as_json: bool, **flags: str | bool | None) -> None:
    """Show what runs by itself, and when."""
    from awsit.model import json
    from awsit.model.codec import encode

    schedules = list(_schedules(session, flags).list())
    if as_json:
        click.echo(json.dumps_visible([encode(each) for each in schedules], indent=2))
    elif schedules:
        _show(session, schedules)
    else:
        session.say("nothing is scheduled: `awsit schedule deploy` changes that")


@command.command(epilog="awsit schedule pause order_is_stored")
@names
@installation
@click.pass_obj
def pause(session: Session, /, names: tuple[str, ...], **flags: str | bool | None) -> None:
    """Let schedules start nothing, until they are resumed."""
    schedules = _schedules(session, flags)
    for name in names:
        _show(session, [schedules.pause(name, paused=True)])


@command.command(epilog="awsit schedule resume order_is_stored")
@names
@installation
@click.pass_obj
def resume(session: Session, /, names: tuple[str, ...], **flags: str | bool | None) -> None:
    """Let schedules that were paused start runs again."""
    schedules = _schedules(session, flags)
    for name in names:
        _show(session, [schedules.pause(name, paused=False)])


@command.command(epilog="awsit schedule remove order_is_stored")
@names
@installation
@click.pass_obj
def remove(session: Session, /, names: tuple[str, ...], **flags: str | bool | None) -> None:
    """Remove schedules. Runs that they have started go on, and the scenarios stay in the bucket."""
    schedules = _schedules(session, flags)
    for name in names:
        session.say(f"removed {schedules.remove(name).scenario}")


def _schedules(session: Session, flags: Mapping[str, str | bool | None]) -> Schedules:
    from awsit.config_values import STEP_FUNCTIONS

    return session.wiring.schedules(session.settings(engine=STEP_FUNCTIONS, **flags))


def _show(session: Session, schedules: Sequence[Schedule]) -> None:
    from awsit.reporting.terminal.table import Column, show_table
    from awsit.reporting.terminal.terminal import plain
    from awsit.reporting.terminal.text import Text

    rows = [
        (
            Text(plain(each.scenario)),
            Text(each.expression + ("" if each.timezone == "UTC" else f" in {each.timezone}")),
            Text("paused" if each.paused else "", style="yellow"),
        )
        for each in schedules
    ]
    show_table((Column("", flexible=True), Column(""), Column("")), rows, session.out)

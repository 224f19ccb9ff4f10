"""`awsit sandbox`: the emulated AWS on this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from awsit.cli.lazy import ExampleGroup
from awsit.cli.options import as_json, enforce_policies
from awsit.cli.session import Session
from awsit.errors import ExitCode, SandboxError

if TYPE_CHECKING:
    from awsit.sandbox.info import SandboxInfo

STATUS_HELP = """Show whether the sandbox runs, and where.

Exits with 0 when it runs and with 4 when it does not."""

ENV_HELP = """Print the variables with which an AWS client calls the sandbox: its address, its keys, its region.

They take the place of your own ones in the shell that reads them. Exits with 4 when no sandbox runs."""

SHELLS = {
    "sh": "export {name}={value}",
    "fish": "set -gx {name} {value};",
    "powershell": '$env:{name} = "{value}"',
}
"""The line that sets a variable, by shell. No value needs quotes: the sandbox chooses all of them."""


@click.group(
    "sandbox",
    cls=ExampleGroup,
    help="Start and stop an emulated AWS on this machine, on loopback only. One for each project.",
    epilog="awsit sandbox start\nawsit run order_is_stored --sandbox\nawsit sandbox stop",
)
def command() -> None:
    """Only groups `start`, `env`, `status`, `reset` and `stop`."""


@command.command(epilog="awsit sandbox start\nawsit sandbox start --port 4566 --enforce-policies")
@click.option("--port", type=click.IntRange(1, 65535), metavar="PORT", help="Default: that of the last start.")
@enforce_policies
@click.pass_obj
def start(session: Session, port: int | None, enforce_policies: bool | None) -> None:
    """Start the sandbox, and deploy the templates of awsit.toml to it.

    When it runs already, only what has changed is deployed. `[[sandbox.templates]]` names each template's `path`, its
    `stack` and, if it has any, its `parameters`.
    """
    from awsit.cli.running import sandbox_ready, sandbox_stacks

    settings = session.settings(sandbox=True, enforce_policies=enforce_policies)
    sandbox_stacks.check_files(settings.sandbox_templates)
    with sandbox_ready.one_at_a_time(session, settings):
        info = sandbox_ready.start(session, settings, port)
        _show(session, info)
        if info.concurrency not in (None, settings.sandbox_concurrency):
            session.say(f"It was started with {_limit(info)}: `sandbox_concurrency` holds after `awsit sandbox stop`.")
        sandbox_stacks.deploy_templates(session, settings, settings.sandbox_templates)
    session.say('Use it with --sandbox, or with any AWS client: eval "$(awsit sandbox env)"')


@command.command(
    help=ENV_HELP,
    short_help="Print the variables with which an AWS client calls the sandbox.",
    epilog='eval "$(awsit sandbox env)"\nawsit sandbox env --json',
)
@click.option("--shell", type=click.Choice(list(SHELLS)), default="sh", show_default=True, help="Whose syntax it is.")
@as_json
@click.pass_obj
def env(session: Session, shell: str, as_json: bool) -> None:
    """Print the variables."""
    from awsit.model import json
    from awsit.sandbox.info import client_environment

    info = session.wiring.sandbox(session.tolerant_settings(sandbox=True)).check_alive()
    variables = client_environment(info)
    lines = [SHELLS[shell].format(name=name, value=value) for name, value in variables.items()]
    click.echo(json.dumps_visible(variables, indent=2) if as_json else "\n".join(lines))


@command.command(help=STATUS_HELP, epilog="awsit sandbox status\nawsit sandbox status --json")
@as_json
@click.pass_obj
def status(session: Session, as_json: bool) -> ExitCode:
    """Show whether it runs."""
    sandbox = session.wiring.sandbox(session.tolerant_settings(sandbox=True))
    try:
        info, problem = sandbox.check_answers(), None
    except SandboxError as error:
        info, problem = None, error
    if as_json:
        from awsit.model import json

        click.echo(json.dumps_visible(_document(info), indent=2))
    elif info:
        _show(session, info)
    elif problem and problem.code != "sandbox_not_running":
        raise problem
    else:
        click.echo("The sandbox does not run. awsit sandbox start")
    return ExitCode.PASSED if info else ExitCode.ENVIRONMENT


@command.command(
    epilog="awsit sandbox reset", short_help="Empty the sandbox, and deploy the templates of awsit.toml again."
)
@click.pass_obj
def reset(session: Session) -> None:
    """Remove everything that is in the sandbox, and deploy the templates of awsit.toml again; it goes on running."""
    from awsit.cli.running import sandbox_ready, sandbox_stacks

    settings = session.settings(sandbox=True)
    sandbox_stacks.check_files(settings.sandbox_templates)
    with sandbox_ready.one_at_a_time(session, settings):
        session.wiring.sandbox(settings).reset()
        session.say("The sandbox is empty.")
        sandbox_stacks.deploy_templates(session, settings, settings.sandbox_templates)


@command.command(epilog="awsit sandbox stop")
@click.pass_obj
def stop(session: Session) -> None:
    """Stop the sandbox and remove what was in it, even when awsit.toml is not valid."""
    ended = session.wiring.sandbox(session.tolerant_settings(sandbox=True)).stop()
    session.say("The sandbox has stopped." if ended else "No sandbox was running.")


def _show(session: Session, info: SandboxInfo) -> None:
    from awsit.reporting.terminal.terminal import show
    from awsit.reporting.terminal.values import fields

    rows = [("endpoint", info.endpoint_url), ("region", info.region), ("process", str(info.pid))]
    rows.append(("policies", "enforced" if info.enforces_policies else "not enforced"))
    show(session.out, "The sandbox runs.", style="bold")
    show(session.out, fields(((name, [value]) for name, value in rows), 2))


def _limit(info: SandboxInfo) -> str:
    from awsit.model.text.counts import count

    return f"a limit of {count(info.concurrency, 'function')} at once" if info.concurrency else "no limit of functions"


def _document(info: SandboxInfo | None) -> dict[str, object]:
    if info is None:
        return {"running": False}
    return {
        "running": True,
        "endpoint_url": info.endpoint_url,
        "port": info.port,
        "pid": info.pid,
        "region": info.region,
        "started_at": info.started_at,
        "enforces_policies": info.enforces_policies,
    }

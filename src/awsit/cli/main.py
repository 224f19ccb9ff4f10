"""The entry point, and the only place where an exception becomes a text and an exit code."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

import click

from awsit import __version__
from awsit.cli.lazy import CommandEntry, LazyGroup, common_options
from awsit.cli.session import Session
from awsit.system import standard_streams

TESTS, RUNS, ACCOUNT, SANDBOX = "Write and run", "Follow a run", "Set up an account", "Without an account"

COMMANDS = (
    CommandEntry("init", "Write a project to begin with.", TESTS),
    CommandEntry("new", "Write a scenario or suite.yaml to begin with.", TESTS),
    CommandEntry("run", "Run scenarios and report what came out.", TESTS),
    CommandEntry("load", "Run a scenario as load, and hold it to thresholds.", TESTS),
    CommandEntry("validate", "Check scenarios without running them.", TESTS),
    CommandEntry("plan", "Show what a run would do, without doing it.", TESTS),
    CommandEntry("list-scenarios", "List the scenarios of the project and of the stack.", TESTS),
    CommandEntry("schema", "Print the JSON Schema of scenarios, reports and other files.", TESTS),
    CommandEntry("status", "Show how far a run is.", RUNS),
    CommandEntry("logs", "Show a run's history and log lines, in order of time.", RUNS),
    CommandEntry("report", "Write reports of runs that are over: HTML, JUnit, Markdown, CTRF.", RUNS),
    CommandEntry("runs", "List the newest runs, with what is left of them.", RUNS),
    CommandEntry("history", "Show how scenarios have done over time.", RUNS),
    CommandEntry("metrics", "Show what CloudWatch has counted of a stack's runs.", RUNS),
    CommandEntry("open", "Print the console's link to a run, its trace or the dashboard.", RUNS),
    CommandEntry("compare", "Show two runs side by side.", RUNS),
    CommandEntry("try", "Evaluate a path, template or assertion against what a step answered.", RUNS),
    CommandEntry("cleanup", "Remove what runs left behind.", RUNS),
    CommandEntry("stop", "Stop a run; what it made is cleaned up.", RUNS),
    CommandEntry("deploy", "Create or update the awsit stack, or a stack of your own.", ACCOUNT),
    CommandEntry("push", "Upload scenarios for schedules and colleagues.", ACCOUNT),
    CommandEntry("schedule", "Let the account run scenarios by itself, at set times.", ACCOUNT),
    CommandEntry("destroy", "Remove a stack and what is in it.", ACCOUNT),
    CommandEntry("sandbox", "Start and stop an emulated AWS on this machine.", SANDBOX),
)

GC_THRESHOLDS = 100_000, 50, 1000
"""Python looks for unreachable cycles rarely: a command is short and makes few cycles, but many objects."""

HELP = """End-to-end tests of AWS microservices.

A scenario lists actions: call an API, read a table, invoke a function. awsit runs it in this process, through Step
Functions inside your account, or on an emulated AWS on this machine, and reports what came out.
"""

EXAMPLES = """
awsit init shop
awsit run first --sandbox
awsit run scenarios/order_is_stored.yaml
awsit run order_is_stored --stack awsit
awsit run scenarios/ --tag smoke --junit junit.xml
"""


SHOWS_INTERRUPTED_RUNS = {"cleanup", "runs"}
"""Commands that show what runs left behind, and need no notice about it."""


class Root(LazyGroup):
    """The `awsit` command."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; before it begins, mention runs that were cut off."""
        resolved = super().resolve_command(ctx, args)
        if not ctx.resilient_parsing and "--adopt" not in args:
            from awsit.cli.past_runs import interrupted  # neither `--help` nor `--version` needs it

            session: Session = ctx.find_root().obj
            is_shown = resolved[0] in SHOWS_INTERRUPTED_RUNS
            for line in interrupted.notices(session.variables, Path.cwd(), foreign_only=is_shown):
                session.say(line)
        return resolved

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> NoReturn:  # type: ignore[override]  # it always exits
        """Run a command and end the process with its exit code."""
        session = extra.pop("obj", None) or Session()
        extra.pop("standalone_mode", None)
        try:
            code = super().main(args, prog_name, standalone_mode=False, obj=session, **extra) or 0
            sys.stdout.flush()  # output that cannot be written is noticed here, not when Python ends
        except BaseException as error:  # noqa: BLE001 - the one catch point
            from awsit.cli.failures import show

            code = show(error, session)
        finally:
            session.close()
        sys.exit(int(code))


cli = Root(
    "awsit",
    entries=COMMANDS,
    help=HELP,
    epilog=EXAMPLES,
    params=[
        *common_options(hidden=False),
        click.Option(
            ["--config"],
            type=click.Path(dir_okay=False),
            expose_value=False,
            metavar="FILE",
            help="The configuration file; default: the nearest awsit.toml, from here upwards.",
            callback=lambda ctx, _parameter, value: setattr(ctx.find_root().obj, "config_file", value),
        ),
    ],
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
cli = click.version_option(__version__, prog_name="awsit", message="%(prog)s %(version)s")(cli)


def main() -> NoReturn:
    """Run `awsit` with the arguments of the process."""
    gc.set_threshold(*GC_THRESHOLDS)
    try:
        cli.main(prog_name="awsit", obj=Session(output=standard_streams.protect()))
    finally:
        gc.freeze()  # the process ends here: Python need not look for cycles in all that it holds

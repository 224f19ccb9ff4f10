"""Commands that are imported only when they run, so that `--help` and `--version` take no longer than click itself."""

from __future__ import annotations

import shlex
import textwrap
from collections.abc import Callable
from importlib import import_module
from keyword import iskeyword
from typing import Any, NamedTuple

import click


class CommandEntry(NamedTuple):
    """A command as `awsit --help` shows it, known without importing its module."""

    name: str
    help: str
    section: str

    @property
    def module(self) -> str:
        """The module that defines it, as `command`."""
        name = self.name.replace("-", "_")
        return f"awsit.cli.commands.{name}_" if iskeyword(name) else f"awsit.cli.commands.{name}"


class ExampleCommand(click.Command):
    """A command whose epilog is a list of examples, and which also takes the options of `awsit` itself."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.extend(common_options(hidden=True))

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the words of the command line. An option with an empty value ends with an error.

        A variable of the shell that is not set leaves such a value. `--stack ""` would run with one's own credentials.
        """
        try:
            rest = super().parse_args(ctx, args)
        except click.UsageError as error:
            error.ctx = error.ctx or ctx  # click's parser does not say whose option has no value
            raise
        for each in () if ctx.resilient_parsing else self.params:  # a shell that completes a line has half of it
            if isinstance(each, click.Option) and each.flag_value != "" and _is_empty(ctx.params.get(each.name or "")):
                ctx.fail(f"{each.opts[-1]} is given without a value; is a variable of the shell not set?")
        return rest

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples line by line, where click would wrap them as a text."""
        write_examples(self.epilog, formatter)


class ExampleGroup(click.Group):
    """A group of commands that have examples."""

    command_class = ExampleCommand

    def format_epilog(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples line by line, where click would wrap them as a text."""
        write_examples(self.epilog, formatter)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; for a name that is not known, end with an error that offers the near ones."""
        name, names = args[0], self.list_commands(ctx)
        if not name.startswith("-") and name not in names:
            from awsit.suggestions import close_matches  # only for an error

            close = _options_named(name, ctx, args[1:]) or close_matches(name, names)
            offer = f"did you mean {' or '.join(close)}?" if close else f"there is {', '.join(names)}"
            ctx.fail(f"there is no command {name!r}; {offer}")
        return super().resolve_command(ctx, args)


def _options_named(name: str, ctx: click.Context, rest: list[str]) -> list[str]:
    """The command line with an option in place of a word: `awsit run --help` for `awsit help run`."""
    if name == "version":
        return [f"{ctx.find_root().command_path} --version"]
    return [" ".join([ctx.command_path, *rest[:1], "--help"])] if name == "help" else []


class LazyGroup(ExampleGroup):
    """A group that knows the names and help texts of its commands, and imports a command when it is called."""

    def __init__(self, *args: Any, entries: tuple[CommandEntry, ...] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.entries = {entry.name: entry for entry in entries}

    def list_commands(self, _ctx: click.Context) -> list[str]:
        """The names, in the order of the help."""
        return list(self.entries)

    def get_command(self, _ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command."""
        entry = self.entries.get(cmd_name)
        if entry is None:
            return None
        command: click.Command = import_module(entry.module).command
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands by section, without importing them."""
        for section in dict.fromkeys(entry.section for entry in self.entries.values()):
            rows = [(entry.name.ljust(14), entry.help) for entry in self.entries.values() if entry.section == section]
            with formatter.section(section):
                formatter.write_dl(rows)


def _is_empty(value: object) -> bool:
    return value == "" or (isinstance(value, tuple) and "" in value)


def write_examples(examples: str | None, formatter: click.HelpFormatter) -> None:
    """Write a section of examples, one a line; one that is too long is continued as in a shell."""
    if not examples:
        return
    with formatter.section("Examples"):
        for line in textwrap.dedent(examples).strip().splitlines():
            indent = formatter.current_indent
            for part in continued(line, formatter.width - indent):
                formatter.write(f"{'':{indent}}{part}\n")


def first_example(examples: str | None) -> str:
    """The first line of a command's examples."""
    return (examples or "").strip().partition("\n")[0]


def continued(command: str, width: int) -> list[str]:
    r"""A command in lines of at most `width` columns, each but the last ended by `\`.

    No word is broken; a line begins with an option rather than with its value.
    """
    if len(command) <= width:
        return [command]
    first, *words = shlex.split(command, posix=False)
    lines = [first]
    for word in words:
        line, longer = lines[-1], f"{lines[-1]} {word}"
        before, _, last = line.rpartition(" ")
        if len(longer) <= width - len(" \\"):
            lines[-1] = longer
        elif last.startswith("--"):
            lines[-1:] = [before, f"    {last} {word}"]
        else:
            lines.append(f"    {word}")
    return [*(f"{line} \\" for line in lines[:-1]), lines[-1]]


def common_options(*, hidden: bool) -> list[click.Option]:
    """The options that every command takes; hidden in a command's help, since `awsit --help` shows them."""
    return [
        _option(["-v", "--verbose"], "verbosity", 1, "Show requests and responses too.", hidden=hidden),
        _option(["-q", "--quiet"], "verbosity", -1, "Show failures only.", hidden=hidden),
        _option(["--debug"], "debug", True, "Write a log file, and say where.", hidden=hidden),
        _option(["--no-color"], "color", False, "No colours (NO_COLOR works too).", hidden=hidden),
    ]


def _option(names: list[str], attribute: str, value: object, text: str, *, hidden: bool) -> click.Option:
    return click.Option(
        names, is_flag=True, expose_value=False, help=text, hidden=hidden, callback=_setter(attribute, value)
    )


def _setter(attribute: str, value: object) -> Callable[[click.Context, click.Parameter, bool], None]:
    def store(ctx: click.Context, _parameter: click.Parameter, is_set: bool) -> None:
        if is_set:
            setattr(ctx.find_root().obj, attribute, value)

    return store

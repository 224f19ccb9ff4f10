"""The options of `awsit run` for several scenarios: which of them, how often, in which order, how many at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click
from msgspec import Struct

from awsit.cli import completion
from awsit.cli.options import LONGEST_SEED, Seed, tags
from awsit.config_values import AUTO, MOST_JOBS
from awsit.errors import InvalidInputError, NotFoundError, UsageError

if TYPE_CHECKING:
    from awsit.cli.selection.selected import SelectedScenario
    from awsit.cli.selection.suite import Arrangement
    from awsit.cli.session import Session
    from awsit.config import Settings

F = TypeVar("F", bound=Callable[..., Any])

MOST_REPEATS = 1000
ANY_SEED = ""
"""What `--shuffle` without a seed stands for."""


class JobsType(click.IntRange):
    """A number of runs at once, or `auto`."""

    name = f"number of runs, or {AUTO}"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """`auto` as it is, and a number that is in the range."""
        return value if value == AUTO else super().convert(value, param, ctx)


rerun_failed = click.option(
    "--rerun-failed", is_flag=True, help="Only what did not pass in the last run here, or in a suite named by its ID."
)
repeat = click.option(
    "--repeat", type=click.IntRange(1, MOST_REPEATS), default=1, metavar="N", help="Run each N times; default: 1."
)
jobs = click.option(
    "--jobs",
    "-j",
    type=JobsType(1, MOST_JOBS),
    metavar="N|auto",
    help="How many run at once; auto: one for each core. Default: 1, and 20 with --in-account.",
)
in_account = click.option(
    "--in-account/--no-in-account",
    default=None,
    help="Let the account run them by itself, as a suite; default: from 50 on, with a stack.",
)
fail_fast = click.option("--fail-fast", is_flag=True, help="Begin no further one after the first that does not pass.")
shuffle = click.option(
    "--shuffle", is_flag=False, flag_value=ANY_SEED, metavar="[SEED]", help="In another order; a seed gives it again."
)
shard = click.option("--shard", metavar="N/TOTAL", help="One part of them, such as 2/5, for machines side by side.")
durations = click.option(
    "--durations",
    metavar="FILE",
    help="Balance the shards by what `awsit history --json` wrote to FILE.",
    shell_complete=completion.files,
)


seed = click.option(
    "--seed",
    type=Seed(LONGEST_SEED + 10),
    metavar="TEXT",
    help="Fake data as in an earlier run; default: new ones, or those that failed before.",
)


def suite_options(command: F) -> F:
    """Add all options of this module to a command."""
    for option in (durations, shard, shuffle, seed, fail_fast, in_account, jobs, repeat, rerun_failed, tags):
        command = option(command)
    return command


class SuiteFlags(Struct, frozen=True):
    """The options of `suite_options`, as the command line has them."""

    tags: tuple[str, ...]
    exclude_tags: tuple[str, ...]
    rerun_failed: bool
    repeat: int
    jobs: int | str | None
    fail_fast: bool
    shuffle: str | None
    seed: str | None
    shard: str | None
    durations: str | None

    @classmethod
    def taken_from(cls, flags: dict[str, Any]) -> SuiteFlags:
        """The options of `suite_options` among `flags`, from which they are removed."""
        return cls(**{name: flags.pop(name) for name in cls.__struct_fields__})

    def check_without_waiting(self, *, in_account: bool) -> None:
        """Raise UsageError for an option that needs the end of a run, unless the account begins the runs."""
        if self.fail_fast or (self.jobs not in {None, 1} and not in_account):
            option = "--fail-fast" if self.fail_fast else "--jobs"
            raise UsageError(f"{option} needs the end of the runs", hint="leave out --no-wait: it starts all at once")

    def arrangement(self, session: Session) -> Arrangement:
        """How they divide, repeat and order the list of runs. Raises UsageError or InvalidInputError."""
        from awsit.cli.selection.suite import Arrangement, Shard

        if self.durations and not self.shard:
            raise UsageError("--durations balances shards, and there are none", hint="add --shard, such as --shard 1/3")
        seed = None if self.shuffle is None else _seed(session, self.shuffle)
        part = Shard.parse(self.shard) if self.shard is not None else None
        return Arrangement(part, _seconds(Path(self.durations)) if self.durations else None, self.repeat, seed)

    def seed_before(self, settings: Settings) -> str:
        """What fake data are drawn from, if that is said, or known from the last run; empty for a new seed."""
        from awsit.cli.selection.last_run import seed_before

        return self.seed or (seed_before(settings) if self.rerun_failed else "")

    def select(self, session: Session, settings: Settings, names: Sequence[str]) -> Iterator[SelectedScenario]:
        """The scenarios to run; one that is named twice comes twice.

        Raises UsageError when none is named, and, at the end, NotFoundError when none is left, and InvalidInputError
        with the problems of every file that cannot be read.
        """
        from awsit.cli.references import suite_of
        from awsit.cli.selection.last_run import failed_before, failed_in
        from awsit.cli.selection.rerun import select_failed
        from awsit.cli.selection.selection import Selector
        from awsit.cli.selection.tags import Tags

        selector, tags = Selector(session, settings), Tags(self.tags, self.exclude_tags)
        if self.rerun_failed:
            suites = [name for name in names if suite_of(name)]
            names = [name for name in names if name not in suites]
            failed = failed_in(session, settings, suites) if suites else failed_before(settings)
            return select_failed(selector, names, tags, failed)
        if not names:
            raise UsageError(
                "no scenario is named", hint="name a file, a folder, a scenario or a pattern, such as scenarios/"
            )
        return selector.each(names, tags)


def _seed(session: Session, text: str) -> int:
    if text == ANY_SEED:
        return int(session.wiring.randomness().uniform(1, 1_000_000))
    try:
        return int(text)
    except ValueError:
        raise UsageError(
            f"--shuffle {text!r} is not a seed: that is a whole number",
            hint="to have one chosen, give --shuffle last: awsit run scenarios/ --shuffle",
        ) from None


def _seconds(path: Path) -> dict[str, float]:
    """The median seconds of scenarios, by name, from a file that `awsit history --json` wrote."""
    from awsit.model import json
    from awsit.model.files import MAX_FILE_BYTES
    from awsit.system.files import read_regular

    hint = "`awsit history --json > FILE` writes one"
    try:
        histories = json.loads(read_regular(path, MAX_FILE_BYTES))
        return {str(each["scenario"]): float(each["median_seconds"]) for each in histories if each["median_seconds"]}
    except OSError as error:
        raise NotFoundError(f"--durations: {path} cannot be read: {error.strerror or error}", hint=hint) from None
    except (ValueError, TypeError, KeyError):
        raise InvalidInputError(f"--durations: {path} is not a list of durations", hint=hint) from None

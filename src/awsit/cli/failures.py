"""From the exception that ends a command to the message on standard error and the exit code."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING

import click

from awsit.cli.lazy import first_example
from awsit.errors import AwsitError, EnvironmentFailure, ExitCode, exhausted

if TYPE_CHECKING:
    from awsit.cli.session import Session


_DISK_ERRORS = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EROFS})


def show(error: BaseException, session: Session) -> int:
    """Write the error to standard error and return the exit code. Shows a traceback only with `--debug`."""
    if isinstance(error, SystemExit) and not error.code:  # click has told a shell what may complete a line
        return ExitCode.PASSED
    if isinstance(error, BrokenPipeError | SystemExit):  # click and rich turn the first into the second
        return ExitCode.ENVIRONMENT  # the reader of the standard output has gone, and needs no message
    if isinstance(error, KeyboardInterrupt | click.exceptions.Abort):
        session.show("Interrupted.")
        return ExitCode.INTERRUPTED
    _log(error, session)
    if isinstance(error, click.ClickException):
        return _usage(error, session)
    return _shown(error, session)


def show_one_of_several(error: Exception, session: Session) -> int:
    """Write to standard error why one of several could not be done; the others go on. Returns its exit code."""
    _log(error, session)
    return _shown(error, session)


def _shown(error: BaseException, session: Session) -> int:
    known = session.lost_output(error) or awsit_error(error)
    return _awsit(known, session) if known else _bug(error, session)


def awsit_error(error: BaseException) -> AwsitError | None:
    """The AwsitError for an exception: botocore's and the operating system's are translated. None for a bug."""
    if isinstance(error, AwsitError):
        return error
    module = type(error).__module__
    if isinstance(error, Exception) and module.startswith("botocore."):
        from awsit.aws.client import errors

        return errors.user_error(error, "finish the command")
    if isinstance(error, OSError) and error.strerror and error.filename:
        hint = "check the path, its permissions and the space on the disk"
        return EnvironmentFailure(f"{error.filename}: {error.strerror}", hint=hint)
    if isinstance(error, FileNotFoundError) and not error.filename and _has_no_folder():
        return EnvironmentFailure("the current folder is not there any more", hint="change to one that is: cd")
    if isinstance(error, OSError) and error.errno in _DISK_ERRORS:  # a write does not say to which file
        return EnvironmentFailure(f"a file cannot be written: {error.strerror}", hint="check the space on the disk")
    return exhausted(error)


def _has_no_folder() -> bool:
    """Whether the folder in which the command began was removed."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


def _usage(error: click.ClickException, session: Session) -> int:
    from awsit.reporting.terminal.problems import print_error

    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        click.echo(error.format_message(), err=True)
        return ExitCode.USAGE
    context = error.ctx if isinstance(error, click.UsageError) else None
    command = context.command_path if context else "awsit"
    message, hint = error.format_message(), f"see {command} --help"
    if isinstance(error, click.MissingParameter) and isinstance(error.param, click.Argument) and context:
        message = f"{command} needs {error.param.metavar}"
        hint = f"for example: {first_example(context.command.epilog)} ({hint})"
    print_error(session.err, message, hint)
    return ExitCode.USAGE


def _awsit(error: AwsitError, session: Session) -> int:
    from awsit.reporting.terminal.problems import print_error, print_problems

    print_error(session.err, error.message, session.qualified(error.hint))
    print_problems(session.err, error.problems, session.sources)
    if session.debug:
        session.show(_traceback(error))
    return error.exit_code


def _bug(error: BaseException, session: Session) -> int:
    from awsit.reporting.terminal.problems import print_error

    if session.debug:
        session.show(_traceback(error))
    print_error(session.err, f"this is a bug in awsit: {type(error).__name__}: {error}", keep_crash(error, session))
    return ExitCode.BUG


def keep_crash(error: BaseException, session: Session) -> str:
    """Write the traceback of a bug to the crash log; returns what to do with it."""
    place = session.keep_crash(_traceback(error))
    return f"please report it with the log: {place}" if place else "run it again with --debug and report it"


def _log(error: BaseException, session: Session) -> None:
    from awsit.cli.logs.logfile import log_error

    if session.log_file or session.shipped_log:
        log_error(error)


def _traceback(error: BaseException) -> str:
    import traceback  # slow to import, and most errors are shown without one

    return "".join(traceback.format_exception(error))

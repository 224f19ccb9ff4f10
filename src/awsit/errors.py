"""The error tree.

A failed check is a value (see `model.result`); an exception means "this could not be carried out".

    AwsitError                    code, message, hint, exit_code
    ├── UsageError                2   the command line is wrong
    ├── InvalidInputError         3   a scenario or a configuration file is wrong; carries `problems`
    ├── NotFoundError             3   a scenario, library or file that was named does not exist
    ├── EnvironmentFailure        4   AWS, the network or the sandbox did not do its part
    │   ├── CredentialsError      4   no credentials, or expired ones
    │   ├── AccessDeniedError     4   the permission that is missing is named
    │   └── SandboxError          4   the emulator could not be started, or died
    ├── ActionError               -   an action could not be carried out; becomes a step's `error`
    └── ExpressionError           -   a template, path or assertion could not be evaluated
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class ExitCode(IntEnum):
    """What the process says to the shell when it ends."""

    PASSED = 0
    FAILED = 1
    USAGE = 2
    INVALID = 3
    ENVIRONMENT = 4
    LEFT_BEHIND = 5
    BUG = 70
    INTERRUPTED = 130


class ErrorKind(StrEnum):
    """Why something could not be carried out. Retries and hints are decided by it."""

    ASSERTION = "assertion"
    TIMEOUT = "timeout"
    CONNECTION = "connection"
    THROTTLING = "throttling"
    ACCESS_DENIED = "access_denied"
    NOT_FOUND = "not_found"
    VALIDATION = "validation"
    FUNCTION_ERROR = "function_error"
    SERVICE = "service"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a file. `line` and `column` count from 1; `length` is the number of columns to mark."""

    file: str
    line: int
    column: int
    length: int = 1


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong in an input, with the place and the way to mend it.

    `path` is the place inside the document, such as `actions[2].params.url`; `position` is None when the document
    was not read from a text (a scenario in S3). `offset` and `length` are the characters inside the text at `path` that
    are meant, where it is a part of it.
    """

    code: str
    message: str
    path: str = ""
    hint: str = ""
    position: Position | None = None
    offset: int | None = None
    length: int = 1


class AwsitError(Exception):
    """Base of every error that a user may see: a stable `code`, a `message`, and a `hint` that says what to do next."""

    code = "error"
    exit_code = ExitCode.BUG

    def __init__(self, message: str, *, code: str | None = None, hint: str = "") -> None:
        """Keep the text; `code` overrides the class's own."""
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code or type(self).code


class UsageError(AwsitError):
    """The command line asks for something that cannot be."""

    code = "usage"
    exit_code = ExitCode.USAGE


class InvalidInputError(AwsitError):
    """A scenario or configuration is wrong; `problems` holds every one that was found."""

    code = "invalid_input"
    exit_code = ExitCode.INVALID

    def __init__(
        self, message: str, problems: tuple[Problem, ...] = (), *, code: str | None = None, hint: str = ""
    ) -> None:
        """Keep all the problems, so that they are shown at once."""
        super().__init__(message, code=code, hint=hint)
        self.problems = problems


class NotFoundError(AwsitError):
    """A scenario, library or file that was named does not exist."""

    code = "not_found"
    exit_code = ExitCode.INVALID


class EnvironmentFailure(AwsitError):
    """AWS, the network or the machine did not do its part."""

    code = "environment"
    exit_code = ExitCode.ENVIRONMENT


class CredentialsError(EnvironmentFailure):
    """There are no credentials, or they have expired."""

    code = "credentials"


class AccessDeniedError(EnvironmentFailure):
    """An AWS call was refused; the message names the permission."""

    code = "access_denied"


class SandboxError(EnvironmentFailure):
    """The emulator could not be started, or died."""

    code = "sandbox"


class ActionError(AwsitError):
    """An action could not be carried out. `service_code` is what the service called it (`ThrottlingException`, `503`).

    `retry_after_seconds` is what the service itself asked for (HTTP `Retry-After`), if it did.
    """

    code = "action_error"

    def __init__(
        self,
        message: str,
        *,
        kind: ErrorKind = ErrorKind.SERVICE,
        service_code: str = "",
        hint: str = "",
        retry_after_seconds: float | None = None,
    ) -> None:
        """Keep the kind; the error's code is the kind's name."""
        super().__init__(message, code=str(kind), hint=hint)
        self.kind = kind
        self.service_code = service_code
        self.retry_after_seconds = retry_after_seconds


class ExpressionError(AwsitError):
    """A template, path or assertion could not be evaluated. `offset` counts characters from the start of the text."""

    code = "expression"
    exit_code = ExitCode.INVALID

    def __init__(
        self, message: str, *, code: str | None = None, hint: str = "", offset: int | None = None, length: int = 1
    ) -> None:
        """Keep where in the text it went wrong, for a caret."""
        super().__init__(message, code=code, hint=hint)
        self.offset = offset
        self.length = length

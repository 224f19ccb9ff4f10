"""The error tree.

A failed check is a value (see `model.result`); an exception means "this could not be carried out".

    AwsitError                    code, message, hint, exit_code
    ├── UsageError                2   the command line is wrong
    ├── InvalidInputError         3   a scenario or a configuration file is wrong; carries `problems`
    ├── NotFoundError             3   a scenario, library or file that was named does not exist
    ├── EnvironmentFailure        4   AWS, the network or the sandbox did not do its part
    │   ├── CredentialsError      4   no credentials, or expired ones
    │   ├── AccessDeniedError     4   the permission that is missing is named
    │   ├── MissingStackError     4   a stack that a scenario reads, or an output of it, does not exist
    │   └── SandboxError          4   the emulator could not be started, or died
    ├── ActionError               -   an action could not be carried out; becomes a step's `error`
    └── ExpressionError           -   a template, path or assertion could not be evaluated
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum, StrEnum
from http import HTTPStatus
from typing import Any, Self

from msgspec import Struct


class ExitCode(IntEnum):
    """The exit codes of the command `awsit`."""

    PASSED = 0
    FAILED = 1
    USAGE = 2
    INVALID = 3
    ENVIRONMENT = 4
    LEFT_BEHIND = 5
    BUG = 70
    INTERRUPTED = 130


class ErrorKind(StrEnum):
    """Why an action could not be carried out. Retries and hints depend on it."""

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


class Effect(StrEnum):
    """What an attempt did at the service, as far as its answer, or its error, tells.

    | effect | of an attempt |
    |---|---|
    | `done` | that was answered with a status below 400 |
    | `none` | of which nothing was sent: no connection, no such host, TLS handshake, no credentials, wrong params |
    | `none` | that was refused: a status from 400 to 499 but 408, 425 and 429, which AWS did not answer as throttling |
    | `unknown` | without an answer, or answered with 408, 425, 429, or a status from 500 on |

    Sources: RFC 9110, sections 15.5 ("the client seems to have erred") and 15.6 ("the server ... is incapable of
    performing the request", maybe in the middle of it); 15.5.9 (408); RFC 8470, section 5.2 (425); RFC 6585, section 4
    (429). That AWS's client errors have 4xx: each service's API reference, "Common Errors"; that some of them mean
    throttling: AWS SDKs and Tools reference guide, "Retry behavior".
    """

    NONE = "none"
    UNKNOWN = "unknown"
    DONE = "done"

    @classmethod
    def of_status(cls, status: int) -> Effect:
        """The effect of a request that was answered with this HTTP status."""
        if status < HTTPStatus.BAD_REQUEST:
            return cls.DONE
        is_refusal = status < HTTPStatus.INTERNAL_SERVER_ERROR and status not in _MAY_BE_REPEATED
        return cls.NONE if is_refusal else cls.UNKNOWN


_MAY_BE_REPEATED = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_EARLY, HTTPStatus.TOO_MANY_REQUESTS})


class Position(Struct, frozen=True):
    """A position in a file. `line` and `column` count from 1; `length` is the number of columns to mark."""

    file: str
    line: int
    column: int
    length: int = 1


class Problem(Struct, frozen=True):
    """One thing that is wrong in an input: what, where, and how to correct it (`hint`).

    `path` leads to the value in the document, such as `actions[2].params.url`; `position` is None when the document was
    not read from a text (a scenario in S3). Where only a part of the text at `path` is wrong, `offset` is its first
    character and `length` the number of characters.
    """

    code: str
    message: str
    path: str = ""
    hint: str = ""
    position: Position | None = None
    offset: int | None = None
    length: int = 1


MAX_PROBLEMS = 100
"""Problems of one input that are told; of the rest only the number."""


def first_problems(problems: Sequence[Problem]) -> list[Problem]:
    """The first hundred of an input's problems, and one more that counts the rest, placed at the first of them."""
    shown, rest = list(problems[:MAX_PROBLEMS]), problems[MAX_PROBLEMS:]
    if rest:
        hint = "correct the first ones and validate again"
        message = f"{len(rest)} more problem{'s' if len(rest) > 1 else ''} from here on"
        shown.append(Problem("more_problems", message, rest[0].path, hint, rest[0].position))
    return shown


class AwsitError(Exception):
    """Base of the errors that a user may see: a stable `code`, a `message`, and a `hint` that says what to do next."""

    code = "error"
    exit_code = ExitCode.BUG
    problems: tuple[Problem, ...] = ()
    """What is wrong in a file, each with its place."""

    def __init__(self, message: str, *, code: str | None = None, hint: str = "") -> None:
        """`code` overrides the code of the class."""
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.code = code or type(self).code

    def __reduce__(self) -> tuple[Any, ...]:
        """What a copy is made of, in another process too: the attributes, whatever its `__init__` takes."""
        return Exception.__new__, (type(self), *self.args), self.__dict__


class UsageError(AwsitError):
    """The command line is wrong."""

    code = "usage"
    exit_code = ExitCode.USAGE


class InvalidInputError(AwsitError):
    """A scenario or a configuration file is wrong; `problems` has all that is wrong in it."""

    code = "invalid_input"
    exit_code = ExitCode.INVALID

    def __init__(
        self, message: str, problems: tuple[Problem, ...] = (), *, code: str | None = None, hint: str = ""
    ) -> None:
        """All problems are reported at once."""
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
    """An AWS call was refused; the message names the permission that is missing."""

    code = "access_denied"


MISSING_OUTPUT = "missing_output"
"""The code of a MissingStackError about an output."""


class MissingStackError(EnvironmentFailure):
    """A CloudFormation stack that a scenario reads does not exist, or has no such output."""

    code = "stack_not_deployed"


class SandboxError(EnvironmentFailure):
    """The emulator could not be started, or died."""

    code = "sandbox"


class ActionError(AwsitError):
    """An action could not be carried out. `service_code` is the service's own code (`ThrottlingException`, `503`).

    `retry_after_seconds` is the delay that the service asked for (HTTP `Retry-After`), if it did. `effect` is what was
    done all the same: by default nothing where the params are not valid, else it is not known.
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
        """The error's code is the kind."""
        super().__init__(message, code=str(kind), hint=hint)
        self.kind = kind
        self.service_code = service_code
        self.retry_after_seconds = retry_after_seconds
        self.effect = Effect.NONE if kind is ErrorKind.VALIDATION else Effect.UNKNOWN
        self.result: Any = None
        """What is known of an answer all the same, as the action's result has it: a stream up to its time-out."""
        self.request: Any = None
        """What was to be sent, as reports show it, where the action got so far; else they show the params."""

    def with_effect(self, effect: Effect) -> Self:
        """The error itself, with what was done all the same."""
        self.effect = effect
        return self


class ExpressionError(AwsitError):
    """A template, path or assertion could not be evaluated; `offset` counts characters from the start of its text."""

    code = "expression"
    exit_code = ExitCode.INVALID

    def __init__(
        self, message: str, *, code: str | None = None, hint: str = "", offset: int | None = None, length: int = 1
    ) -> None:
        """`offset` and `length` mark the part of the text that is wrong, if it is known."""
        super().__init__(message, code=code, hint=hint)
        self.offset = offset
        self.length = length


_NO_THREAD = "can't start new thread"
"""The message of Python's RuntimeError (Modules/_threadmodule.c)."""


def exhausted(error: BaseException) -> EnvironmentFailure | None:
    """The error for what the machine, or a limit of the process, has no more of: memory or threads; None for others."""
    if isinstance(error, MemoryError):
        return EnvironmentFailure("there is not enough memory", hint="allow more (ulimit -v), or run fewer (--jobs)")
    if isinstance(error, RuntimeError) and str(error) == _NO_THREAD:
        hint = "raise the limit of processes (ulimit -u, or that of the container), or run fewer at once (--jobs)"
        return EnvironmentFailure("no thread can be started", hint=hint)
    return None

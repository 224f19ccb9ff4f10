"""botocore's errors as awsit's: `translate` for the result of an action, `user_error` for the person at the CLI."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar, cast

from awsit.aws.client import error_codes
from awsit.errors import (
    AccessDeniedError,
    ActionError,
    AwsitError,
    CredentialsError,
    Effect,
    EnvironmentFailure,
    ErrorKind,
    NotFoundError,
    UsageError,
)
from awsit.model import stack_parameters
from awsit.model.permissions import Permission

T = TypeVar("T")

SIGN_IN = "sign in (`aws sso login`), set AWS_PROFILE or AWS_ACCESS_KEY_ID, or give --profile"
_NO_ANSWER = "this is no answer of the service: check the proxy, or what else answered in its place"
_HINTS = {
    ErrorKind.THROTTLING: "add `throttling` to the action's `retry.retry_on`, or run fewer things at once",
    ErrorKind.TIMEOUT: "raise the action's `timeout_seconds`, or look at why the service is slow",
    ErrorKind.CONNECTION: "check the network, the proxy and AWS_ENDPOINT_URL",
    ErrorKind.NOT_FOUND: "check the name, the region and the account",
    ErrorKind.VALIDATION: "correct the action's params",
}

_SET_CLOCK = "set the clock of this machine, which is minutes away from AWS's: each request is signed with its time"
_KEY_HINT = (
    "what is called is encrypted with a key of AWS KMS, which the caller may not use or which is not there: allow "
    "kms:Decrypt, and to write kms:GenerateDataKey, on that key; for awsit's function: `awsit deploy` with the key in "
    "AllowedKeyArns"
)

_OBJECT_NOT_FOUND = (NotFoundError, "not_found", "`awsit list-scenarios` shows what is there")
_KNOWN_ERRORS: dict[str, tuple[type[AwsitError], str, str]] = {
    "InvalidArn": (
        UsageError,
        "malformed_arn",
        "the ARN of a state machine looks like arn:aws:states:REGION:ACCOUNT:stateMachine:NAME",
    ),
    "NoSuchKey": _OBJECT_NOT_FOUND,
    "404": _OBJECT_NOT_FOUND,  # the response to a HEAD has no body, and so no code
    "NoSuchBucket": (EnvironmentFailure, "no_bucket", "deploy the stack again with `awsit deploy`"),
    "StateMachineDoesNotExist": (
        EnvironmentFailure,
        "unknown_state_machine",
        "check the ARN's name, region and account, or deploy one with `awsit deploy`",
    ),
    "ExecutionDoesNotExist": (
        EnvironmentFailure,
        "unknown_execution",
        "check the run ID, region and account; a run of a suite may not have begun; executions are kept for 90 days",
    ),
    "StackDoesNotExist": (EnvironmentFailure, "stack_not_deployed", "deploy it first with `awsit deploy`"),
}


@contextmanager
def reported(doing: str) -> Iterator[None]:
    """Raise `user_error` for a botocore error of the block; other errors pass. `doing` follows "could not"."""
    try:
        yield
    except Exception as error:
        if not _is_botocore(error):
            raise
        raise user_error(error, doing) from error


def require_credentials(credentials: T | None) -> T:
    """The credentials. Raises botocore's NoCredentialsError when a session has none."""
    from botocore.exceptions import NoCredentialsError

    if credentials is None:
        raise NoCredentialsError
    return credentials


def code_of(error: Exception) -> str:
    """The service's code of a ClientError, such as `NoSuchKey`; empty for any other error."""
    return str(_error_of(error).get("Code", ""))


def translate(error: Exception) -> Exception:
    """An ActionError with kind, service code and hint for a botocore error; any other error unchanged."""
    from botocore.exceptions import ClientError

    if isinstance(error, ClientError):
        return _service_action_error(error)
    if not _is_botocore(error):
        return error
    kind, hint = _transport_kind(error)
    message = "there was no whole answer in time" if kind is ErrorKind.TIMEOUT else str(error)
    effect = Effect.NONE if _is_unsent(error) else Effect.UNKNOWN
    name = type(error).__name__
    failure = ActionError(message, kind=kind, service_code=name, hint=hint or _HINTS.get(kind, "")).with_effect(effect)
    return _of_credentials(failure) if kind is ErrorKind.ACCESS_DENIED else failure


def effect_of(error: Exception) -> Effect:
    """What one request did that ended with a botocore error, as far as is known. What was throttled did nothing."""
    from botocore.exceptions import ClientError

    if not isinstance(error, ClientError):
        return Effect.NONE if _is_unsent(error) else Effect.UNKNOWN
    if error_codes.kind_of(code_of(error)) is ErrorKind.THROTTLING:
        return Effect.NONE
    return Effect.of_status(int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 500)))


def user_error(error: Exception, doing: str) -> AwsitError:
    """What a user is shown when `doing` ("start the execution") failed: one message, and what to do next.

    An EnvironmentFailure or a subclass of it; NotFoundError for a missing object of S3; UsageError for a malformed ARN.
    An AwsitError is returned unchanged.
    """
    from botocore.exceptions import ClientError

    if isinstance(error, AwsitError):
        return error
    if isinstance(error, ClientError):
        return _service_error(error, doing)
    return _transport_error(error, doing)


def _service_action_error(error: Any) -> ActionError:
    code, message = code_of(error), _message(error)
    kind = error_codes.kind_of(code, message)
    hint = _HINTS.get(kind, "")
    is_clock = error_codes.is_of_clock(code, message)
    if _is_credentials_code(code) or is_clock:
        hint = _SET_CLOCK if is_clock else f"the credentials are expired or not valid: {SIGN_IN}"
    elif kind is ErrorKind.ACCESS_DENIED:
        message, hint = _denied(error)
    failure = ActionError(f"{error.operation_name}: {message}", kind=kind, service_code=code, hint=hint)
    failure = failure.with_effect(_effect(error, kind))
    return _of_credentials(failure) if _is_credentials_code(code) or is_clock else failure


def _of_credentials(failure: ActionError) -> ActionError:
    """The error with a code that tells it from a permission that is missing; retries go by its kind, which stays."""
    failure.code = CredentialsError.code
    return failure


def _effect(error: Any, kind: ErrorKind) -> Effect:
    """What a call did that the service refused: of throttling that is not known, nor of an attempt before by the SDK.

    Source: botocore puts `HTTPStatusCode` and `RetryAttempts` into `ResponseMetadata`.
    """
    metadata = error.response.get("ResponseMetadata", {})
    if kind in {ErrorKind.THROTTLING, ErrorKind.TIMEOUT} or metadata.get("RetryAttempts"):
        return Effect.UNKNOWN
    return Effect.of_status(int(metadata.get("HTTPStatusCode", 500)))


def _is_unsent(error: Exception) -> bool:
    """Whether a call failed before anything of it was sent: to connect, to sign, to read the params."""
    from botocore import exceptions as botocore

    if isinstance(error, botocore.SSLError):
        return _is_refused_certificate(error.kwargs.get("error"))
    kinds = (botocore.EndpointConnectionError, botocore.ConnectTimeoutError, botocore.ProxyConnectionError)
    return isinstance(error, kinds) or _transport_kind(error)[0] in {ErrorKind.ACCESS_DENIED, ErrorKind.VALIDATION}


def _is_refused_certificate(error: Any) -> bool:
    """Whether a TLS error is of the handshake: of this side, which did not accept the server's certificate."""
    return any(isinstance(each, ssl.SSLCertVerificationError) for each in getattr(error, "args", ()))


def _service_error(error: Any, doing: str) -> AwsitError:
    code, message = code_of(error), _message(error)
    kind = error_codes.kind_of(code, message)
    if error_codes.is_of_clock(code, message):
        return CredentialsError(f"could not {doing}: {message} ({code})", hint=_SET_CLOCK)
    if _is_credentials_code(code):
        return _bad_credentials(code, message, doing)
    if kind is ErrorKind.ACCESS_DENIED:
        text, hint = _denied(error)
        return AccessDeniedError(f"could not {doing}: {text}", hint=hint)
    if kind is ErrorKind.THROTTLING:
        return EnvironmentFailure(
            f"could not {doing}: AWS is throttling {error.operation_name}",
            code="throttling",
            hint="wait a little and try again; request a higher quota if it stays",
        )
    return _known_error(code, message, doing) or EnvironmentFailure(
        f"could not {doing}: {message} ({code})", code="service"
    )


def _known_error(code: str, message: str, doing: str) -> AwsitError | None:
    if code == "ValidationError" and "Stack" in message and "does not exist" in message:
        code = "StackDoesNotExist"
    if code not in _KNOWN_ERRORS:
        return None
    error_class, name, hint = _KNOWN_ERRORS[code]
    return error_class(f"could not {doing}: {message}", code=name, hint=hint)


def expired(doing: str) -> CredentialsError:
    """What a user is shown when expired credentials kept awsit from `doing`."""
    return CredentialsError(f"could not {doing}: the AWS credentials have expired", hint=SIGN_IN)


def _bad_credentials(code: str, message: str, doing: str) -> CredentialsError:
    if code in error_codes.EXPIRED:
        return expired(doing)
    return CredentialsError(f"could not {doing}: AWS does not accept the credentials ({code}: {message})", hint=SIGN_IN)


def _denied(error: Any) -> tuple[str, str]:
    action, resource = error_codes.missing_permission(error.response, error.operation_name)
    if not action and error_codes.is_of_key(code_of(error), _message(error)):
        return _message(error), _KEY_HINT
    if not action:
        return _message(error), f"allow the caller to call {error.operation_name}"
    place = f" on {resource}" if resource else ""
    hint = f"allow {action}{place} in the caller's policy"
    if action == "s3:GetObject":
        hint += "; if the object may not be there yet, allow s3:ListBucket on its bucket too: without it S3 denies"
    hint += f"; for awsit's function: {stack_parameters.deployment_for(Permission(action, resource))}"
    return f"access denied: {action}{place} is not allowed", hint


def _transport_error(error: Exception, doing: str) -> EnvironmentFailure:
    kind, hint = _transport_kind(error)
    if kind is ErrorKind.ACCESS_DENIED:
        return CredentialsError(f"could not {doing}: {_sentence(error)}", hint=hint)
    if kind in {ErrorKind.CONNECTION, ErrorKind.TIMEOUT}:
        hint = "check the network, the proxy, the region and AWS_ENDPOINT_URL; is the sandbox running?"
        return EnvironmentFailure(f"could not {doing}: {_sentence(error)}", code=str(kind), hint=hint)
    return EnvironmentFailure(f"could not {doing}: {_sentence(error)}", hint=hint)


def _transport_kind(error: Exception) -> tuple[ErrorKind, str]:
    """The kind of a botocore error without a service's response, and a hint, empty where the kind's own will do."""
    from botocore import exceptions as botocore
    from botocore import parsers

    if isinstance(error, (botocore.ProfileNotFound, botocore.ConfigNotFound)):
        return ErrorKind.ACCESS_DENIED, "`aws configure list-profiles` shows the profiles there are"
    if isinstance(error, _credential_errors()):
        return ErrorKind.ACCESS_DENIED, SIGN_IN
    if isinstance(error, (botocore.ReadTimeoutError, botocore.ConnectTimeoutError)):
        return ErrorKind.TIMEOUT, ""
    if isinstance(error, (botocore.ConnectionError, botocore.HTTPClientError)):
        return ErrorKind.CONNECTION, ""
    if isinstance(error, (botocore.ParamValidationError, botocore.NoRegionError, botocore.InvalidRegionError)):
        return ErrorKind.VALIDATION, ""
    return ErrorKind.SERVICE, _NO_ANSWER if isinstance(error, parsers.ResponseParserError) else ""


def _credential_errors() -> tuple[type[Exception], ...]:
    from botocore import exceptions as botocore

    return (
        botocore.NoCredentialsError,
        botocore.PartialCredentialsError,
        botocore.CredentialRetrievalError,
        botocore.SSOError,
        botocore.TokenRetrievalError,
        botocore.NoAuthTokenError,
        botocore.MetadataRetrievalError,
    )


def _is_botocore(error: Exception) -> bool:
    from botocore import exceptions, parsers

    return isinstance(error, (exceptions.ClientError, exceptions.BotoCoreError, parsers.ResponseParserError))


def _is_credentials_code(code: str) -> bool:
    return code in error_codes.EXPIRED or code in error_codes.UNKNOWN_CREDENTIALS


def _error_of(error: Exception) -> dict[str, Any]:
    response = cast("dict[str, Any]", getattr(error, "response", None) or {})
    details = response.get("Error", {}) if isinstance(response, dict) else {}
    return details if isinstance(details, dict) else {}


def _message(error: Exception) -> str:
    return str(_error_of(error).get("Message") or code_of(error) or error)


def _sentence(error: Exception) -> str:
    text = str(error).strip()
    return text[:1].lower() + text[1:] if text[:2].istitle() else text

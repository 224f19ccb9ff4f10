import ssl

import botocore.exceptions as botocore
import pytest
import urllib3
from botocore.parsers import ResponseParserError
from tests.unit.aws.fakes import client_error

from awsit.aws.client import errors
from awsit.errors import (
    AccessDeniedError,
    ActionError,
    CredentialsError,
    Effect,
    EnvironmentFailure,
    ErrorKind,
    ExitCode,
    NotFoundError,
    UsageError,
)

DENIED = (
    "User: arn:aws:iam::123456789012:user/ann is not authorized to perform: dynamodb:GetItem on resource: "
    "arn:aws:dynamodb:eu-west-1:123456789012:table/orders because no identity-based policy allows the action"
)


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (client_error("ThrottlingException", "Rate exceeded"), ErrorKind.THROTTLING),
        (client_error("ProvisionedThroughputExceededException"), ErrorKind.THROTTLING),
        (client_error("SlowDown"), ErrorKind.THROTTLING),
        (client_error("Throttled", "Rate exceeded", "Publish"), ErrorKind.THROTTLING),
        (client_error("KmsThrottled", "Rate exceeded", "SendMessage"), ErrorKind.THROTTLING),
        (client_error("KMSAccessDenied", "no", "Publish"), ErrorKind.ACCESS_DENIED),
        (client_error("AccessDeniedException", DENIED), ErrorKind.ACCESS_DENIED),
        (client_error("ExpiredTokenException"), ErrorKind.ACCESS_DENIED),
        (client_error("ResourceNotFoundException"), ErrorKind.NOT_FOUND),
        (client_error("NoSuchKey"), ErrorKind.NOT_FOUND),
        (client_error("ValidationError", "Stack with id orders does not exist"), ErrorKind.NOT_FOUND),
        (client_error("ValidationException"), ErrorKind.VALIDATION),
        (client_error("InvalidParameterValueException"), ErrorKind.VALIDATION),
        (client_error("ConditionalCheckFailedException"), ErrorKind.SERVICE),
        (client_error("InternalServerError"), ErrorKind.SERVICE),
        (client_error("RequestTimeout"), ErrorKind.TIMEOUT),
        (botocore.ReadTimeoutError(endpoint_url="https://x"), ErrorKind.TIMEOUT),
        (botocore.ConnectTimeoutError(endpoint_url="https://x"), ErrorKind.TIMEOUT),
        (botocore.EndpointConnectionError(endpoint_url="https://x"), ErrorKind.CONNECTION),
        (botocore.ConnectionClosedError(endpoint_url="https://x"), ErrorKind.CONNECTION),
        (botocore.ParamValidationError(report="Missing Key"), ErrorKind.VALIDATION),
        (botocore.NoCredentialsError(), ErrorKind.ACCESS_DENIED),
    ],
)
def test_an_action_gets_the_kind_that_decides_about_retries(error, kind):
    translated = errors.translate(error)

    assert isinstance(translated, ActionError)
    assert translated.kind is kind


def test_the_page_of_a_proxy_in_place_of_an_answer_is_no_bug_and_leaves_open_what_was_done():
    page = ResponseParserError("Unable to parse response (not well-formed): b'<html>Bad gateway'")

    translated = errors.translate(page)

    assert isinstance(translated, ActionError)
    assert (translated.kind, translated.effect) == (ErrorKind.SERVICE, Effect.UNKNOWN)
    assert "Bad gateway" in translated.message
    assert "check the proxy" in translated.hint
    assert isinstance(errors.user_error(page, "start it"), EnvironmentFailure)


UNTRUSTED = ssl.SSLCertVerificationError(1, "self-signed certificate")


@pytest.mark.parametrize(
    ("error", "effect"),
    [
        (client_error("ValidationException", HTTPStatusCode=400, RetryAttempts=0), Effect.NONE),
        (client_error("AccessDenied", HTTPStatusCode=403), Effect.NONE),
        (client_error("ResourceInUseException", HTTPStatusCode=409), Effect.NONE),
        (client_error("ResourceInUseException", HTTPStatusCode=409, RetryAttempts=1), Effect.UNKNOWN),
        (client_error("ThrottlingException", HTTPStatusCode=400), Effect.UNKNOWN),
        (client_error("TooManyRequestsException", HTTPStatusCode=429), Effect.UNKNOWN),
        (client_error("RequestTimeout", HTTPStatusCode=400), Effect.UNKNOWN),
        (client_error("InternalServerError", HTTPStatusCode=500), Effect.UNKNOWN),
        (client_error("ValidationException"), Effect.UNKNOWN),
        (botocore.NoCredentialsError(), Effect.NONE),
        (botocore.ParamValidationError(report="Missing Key"), Effect.NONE),
        (botocore.NoRegionError(), Effect.NONE),
        (botocore.EndpointConnectionError(endpoint_url="https://x"), Effect.NONE),
        (botocore.ConnectTimeoutError(endpoint_url="https://x"), Effect.NONE),
        (botocore.SSLError(endpoint_url="https://x", error=urllib3.exceptions.SSLError(UNTRUSTED)), Effect.NONE),
        (botocore.SSLError(endpoint_url="https://x", error="unexpected EOF"), Effect.UNKNOWN),
        (botocore.ReadTimeoutError(endpoint_url="https://x"), Effect.UNKNOWN),
        (botocore.ConnectionClosedError(endpoint_url="https://x"), Effect.UNKNOWN),
    ],
)
def test_an_action_gets_what_the_call_did(error, effect):
    translated = errors.translate(error)

    assert isinstance(translated, ActionError)
    assert translated.effect is effect


def test_an_action_keeps_what_the_service_called_it():
    translated = errors.translate(client_error("ConditionalCheckFailedException", "The condition failed", "PutItem"))

    assert translated.service_code == "ConditionalCheckFailedException"
    assert translated.message == "PutItem: The condition failed"


def test_other_errors_are_not_touched():
    error = KeyError("x")

    assert errors.translate(error) is error
    with pytest.raises(KeyError), errors.reported("do it"):
        raise error


def test_a_refusal_names_permission_and_resource():
    error = errors.user_error(client_error("AccessDeniedException", DENIED), "read the table")

    assert isinstance(error, AccessDeniedError)
    assert error.message == (
        "could not read the table: access denied: dynamodb:GetItem on "
        "arn:aws:dynamodb:eu-west-1:123456789012:table/orders is not allowed"
    )
    assert "allow dynamodb:GetItem on arn:aws:dynamodb" in error.hint


CIPHERTEXT = (
    "The ciphertext refers to a customer master key that does not exist, does not exist in this region, or you are not "
    "allowed to access."
)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("KmsAccessDenied", "no"),
        ("KMS.AccessDeniedException", CIPHERTEXT),
        ("AccessDeniedException", CIPHERTEXT),
        ("AccessDeniedException", "Access to KMS is not allowed"),
    ],
)
def test_a_key_that_the_caller_may_not_use_is_named_in_place_of_the_call(code, message):
    error = errors.translate(client_error(code, message, "SendMessage"))

    assert "kms:GenerateDataKey" in error.hint
    assert "AllowedKeyArns" in error.hint
    assert "call SendMessage" not in error.hint


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("RequestTimeTooSkewed", "The difference between the request time and the current time is too large."),
        ("InvalidSignatureException", "Signature expired: 20300101T000000Z is now earlier than 20300101T001000Z"),
        ("SignatureDoesNotMatch", "Signature not yet current: 20300101T002000Z is still later than 20300101T001000Z"),
    ],
)
def test_a_clock_that_is_off_is_set_and_nobody_signs_in(code, message):
    acting, shown = (make(client_error(code, message)) for make in (errors.translate, as_user))

    assert (acting.kind, acting.code) == (ErrorKind.ACCESS_DENIED, CredentialsError.code)
    assert isinstance(shown, CredentialsError)
    assert message in shown.message
    for error in (acting, shown):
        assert "set the clock" in error.hint
        assert "sign in" not in error.hint


def as_user(error):
    return errors.user_error(error, "read it")


def test_a_permission_on_a_key_leads_to_its_parameter():
    key = "arn:aws:kms:eu-west-1:123456789012:key/1"
    message = f"User: x is not authorized to perform: kms:GenerateDataKey on resource: {key} because no identity-based"

    error = errors.translate(client_error("KmsAccessDenied", message, "SendMessage"))

    assert f"`awsit deploy --parameter AllowedKeyArns={key}`" in error.hint


@pytest.mark.parametrize(
    ("operation", "permission"),
    [("PutObject", "s3:PutObject"), ("HeadObject", "s3:GetObject"), ("HeadBucket", "s3:ListBucket")],
)
def test_the_permission_is_named_where_s3_does_not(operation, permission):
    error = errors.user_error(client_error("AccessDenied", "Access Denied", operation, HostId="x"), "upload")

    assert f"access denied: {permission} is not allowed" in error.message


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (botocore.NoCredentialsError(), "unable to locate credentials"),
        (botocore.PartialCredentialsError(provider="env", cred_var="aws_secret_access_key"), "partial credentials"),
        (botocore.ProfileNotFound(profile="nope"), "profile (nope)"),
        (botocore.UnauthorizedSSOTokenError(), "SSO"),
        (botocore.SSOTokenLoadError(error_msg="expired"), "SSO"),
        (botocore.TokenRetrievalError(provider="sso", error_msg="expired"), "token"),
        (client_error("ExpiredToken", "The provided token has expired."), "credentials have expired"),
        (client_error("ExpiredTokenException", "expired"), "credentials have expired"),
        (client_error("RequestExpired", "Request has expired."), "credentials have expired"),
        (
            client_error("UnrecognizedClientException", "The security token is invalid"),
            "does not accept the credentials",
        ),
        (client_error("InvalidClientTokenId", "invalid"), "does not accept the credentials"),
        (client_error("SignatureDoesNotMatch", "no match"), "does not accept the credentials"),
    ],
)
def test_credentials_that_do_not_work(error, words):
    shown = errors.user_error(error, "start the run")

    assert isinstance(shown, CredentialsError)
    assert shown.message.startswith("could not start the run: ")
    assert words in shown.message
    assert shown.hint
    assert shown.exit_code is ExitCode.ENVIRONMENT


@pytest.mark.parametrize(
    ("error", "kind", "code", "hint"),
    [
        (client_error("StateMachineDoesNotExist", "x"), EnvironmentFailure, "unknown_state_machine", "awsit deploy"),
        (client_error("ExecutionDoesNotExist", "x"), EnvironmentFailure, "unknown_execution", "90 days"),
        (client_error("InvalidArn", "x"), UsageError, "malformed_arn", "arn:aws:states"),
        (client_error("NoSuchBucket", "x"), EnvironmentFailure, "no_bucket", "awsit deploy"),
        (client_error("NoSuchKey", "x"), NotFoundError, "not_found", "list-scenarios"),
        (
            client_error("ValidationError", "Stack with id awsit does not exist"),
            EnvironmentFailure,
            "stack_not_deployed",
            "awsit deploy",
        ),
        (client_error("Throttling", "Rate exceeded"), EnvironmentFailure, "throttling", "try again"),
        (
            botocore.EndpointConnectionError(endpoint_url="http://x"),
            EnvironmentFailure,
            "connection",
            "AWS_ENDPOINT_URL",
        ),
    ],
)
def test_each_failure_says_what_to_do(error, kind, code, hint):
    shown = errors.user_error(error, "do it")

    assert type(shown) is kind
    assert shown.code == code
    assert hint in shown.hint
    assert shown.message.startswith("could not do it: ")


def test_an_error_of_awsit_is_unchanged():
    error = NotFoundError("no scenario")

    assert errors.user_error(error, "do it") is error


def test_a_refused_action_names_the_parameter_of_the_stack():
    error = errors.translate(client_error("AccessDeniedException", DENIED, "GetItem"))

    assert error.message.startswith("GetItem: access denied: dynamodb:GetItem on arn:aws:dynamodb:")
    assert "`awsit deploy --parameter AllowedTableArns=arn:aws:dynamodb:" in error.hint


def test_a_refused_action_that_no_list_allows_asks_for_a_policy():
    message = "User: u is not authorized to perform: ses:SendEmail on resource: arn:aws:ses:eu-west-1:1:id because ..."
    error = errors.translate(client_error("AccessDenied", message, "SendEmail"))

    assert "`awsit deploy --parameter ActionPolicyArns=ARN` of a policy that allows it" in error.hint


def test_a_refused_queue_of_a_tap_asks_for_the_source_of_the_tap():
    arn = "arn:aws:sqs:eu-west-1:1:awsit-run-1-Orders"
    message = f"User: u is not authorized to perform: sqs:CreateQueue on resource: {arn} because ..."
    error = errors.translate(client_error("AccessDenied", message, "CreateQueue"))

    assert "`awsit deploy` with what `listen` hears in one of AllowedBusArns, AllowedTopicArns," in error.hint

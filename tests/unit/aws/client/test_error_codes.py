"""What counts as not found is held against the errors of every service in botocore's models."""

import re
from collections.abc import Iterator

import pytest
from botocore.loaders import create_loader
from botocore.model import ServiceModel

from awsit.aws.client.error_codes import kind_of
from awsit.errors import ErrorKind

NAMES = re.compile(r"NotFound|NoSuch|NotExist|Non[eE]xist")
OTHER_ERRORS_WITH_404 = {
    "ChannelNotBroadcasting": "the channel is there",
    "ContactFlowNotPublishedException": "the flow is there",
    "FeatureDisabled": "IAM's feature is off",
    "NotConfiguredException": "IoT's encryption has no configuration",
    "NotSupportedService": "the service has no credentials of this kind",
    "ReportInProgress": "the report is being made",
    "ReservedCacheNodeAlreadyExists": "it exists",
    "ReservedDBInstanceAlreadyExists": "it exists",
    "ReservedNodeAlreadyExists": "it exists",
    "UnauthorizedResourceAccessException": "the caller may not see it",
}
"""Codes whose errors have status 404 in the models, and why they do not say that something is not there."""


@pytest.fixture(scope="module")
def errors() -> dict[str, int]:
    """Codes of all errors in the models, with their HTTP status, 0 where the model has none."""
    return dict(_errors())


def _errors() -> Iterator[tuple[str, int]]:
    loader = create_loader()
    for name in loader.list_available_services("service-2"):
        for shape in ServiceModel(loader.load_service_model(name, "service-2"), name).error_shapes:
            error = shape.metadata.get("error", {})
            yield error.get("code") or shape.name, error.get("httpStatusCode", 0)


def test_every_error_that_something_is_not_there_is_known_as_such(errors: dict[str, int]) -> None:
    expected = {code for code, status in errors.items() if status == 404 or NAMES.search(code)}
    missed = {code for code in expected if kind_of(code) is not ErrorKind.NOT_FOUND}

    assert len(expected) > 400
    assert missed == set(OTHER_ERRORS_WITH_404)


@pytest.mark.parametrize(
    "code",
    [
        "404",
        "NoSuchKey",
        "NoSuchEntity",
        "ResourceNotFoundException",
        "ExecutionDoesNotExist",
        "AWS.SimpleQueueService.NonExistentQueue",
        "QueueDoesNotExist",
        "InvalidDocument",
        "InvalidInstanceID.NotFound",
    ],
)
def test_what_the_models_do_not_say(code: str) -> None:
    assert kind_of(code) is ErrorKind.NOT_FOUND


TOO_FAST = re.compile(r"throttl|toomanyrequest|requestlimit|provisionedthroughput", re.IGNORECASE)
NO_PACE = {
    "CapacityDecreaseRequestLimitExceeded": "how often the capacity of a load balancer is lowered in a day",
    "TooManyRequestedAttributes": "the attributes of one request",
}
MAY_NOT = re.compile(r"accessdenied|forbidden|unauthor|notauthor", re.IGNORECASE)
OF_A_FUNCTION = {"EC2AccessDeniedException": "what the role of a function that was called may not"}


def test_every_error_that_a_call_came_too_fast_is_known_as_such(errors: dict[str, int]) -> None:
    expected = {code for code in errors if TOO_FAST.search(code)}
    missed = {code for code in expected if kind_of(code) is not ErrorKind.THROTTLING}

    assert len(expected) > 20
    assert missed == set(NO_PACE)


def test_every_error_that_the_caller_may_not_is_known_as_such(errors: dict[str, int]) -> None:
    expected = {code for code in errors if MAY_NOT.search(code)}
    missed = {code for code in expected if kind_of(code) is not ErrorKind.ACCESS_DENIED}

    assert len(expected) > 20
    assert missed == set(OF_A_FUNCTION)


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("KMS.ThrottlingException", ErrorKind.THROTTLING),
        ("SlowDown", ErrorKind.THROTTLING),
        ("429", ErrorKind.THROTTLING),
        ("KMS.AccessDeniedException", ErrorKind.ACCESS_DENIED),
        ("403", ErrorKind.ACCESS_DENIED),
        ("LimitExceededException", ErrorKind.SERVICE),
        ("TooManyTagsException", ErrorKind.SERVICE),
    ],
)
def test_what_the_models_do_not_name(code: str, kind: ErrorKind) -> None:
    assert kind_of(code) is kind


@pytest.mark.parametrize("code", ["UnknownOperationException", "AccessDenied", "ValidationException", "Gone"])
def test_other_errors_are_no_absence(code: str) -> None:
    assert kind_of(code) is not ErrorKind.NOT_FOUND

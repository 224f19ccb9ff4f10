"""Inverses of creations, held against botocore's models: each pair of a reviewed service is covered or has a reason."""

import re
from typing import Any

import pytest

from awsit.actions.aws_api.compensation.inverses import creations, find_inverse, no_inverse
from awsit.actions.aws_api.compensation.reviewed_inverses import INVERSES, NOT_COVERED, Inverse
from awsit.actions.aws_api.service_model import find_operation, method_name
from awsit.aws.client import error_codes

Pairs = dict[tuple[str, str], Any]


@pytest.fixture(scope="module")
def pairs() -> Pairs:
    """The creations of the reviewed services for which the model has a `DeleteX`, by service and name."""
    return {(service, name): find_operation(service, name) for service, name in creations()}


def inverse_of(service: str, name: str) -> Inverse | None:
    needed = {param for entry in INVERSES.get((service, name), ()) for param in entry.needs}
    return find_inverse(service, name, dict.fromkeys(needed, "x"))


def test_each_pair_is_covered_or_has_a_reason(pairs: Pairs) -> None:
    uncovered = {pair for pair in pairs if inverse_of(*pair) is None}

    assert len(pairs) > 100
    assert uncovered == set(NOT_COVERED)


def test_a_creation_that_may_find_an_older_thing_looks_for_it_first(pairs: Pairs) -> None:
    idempotent = {pair for pair, create in pairs.items() if re.search(r"(?i)\bidempotent\b", create.documentation)}
    careless = {pair for pair in idempotent - set(NOT_COVERED) if not (inverse_of(*pair) or Inverse("")).look}

    assert idempotent
    assert careless == set()


def test_each_inverse_fits_the_models(pairs: Pairs) -> None:
    for service, name in {*pairs, *INVERSES} - set(NOT_COVERED):
        inverse = inverse_of(service, name)
        assert inverse is not None, name
        given = {*inverse.names.values(), *inverse.results, *inverse.addresses}
        delete = find_operation(service, inverse.operation).input_shape
        assert given | set(inverse.more) <= set(delete.members), name
        assert set(delete.required_members) <= given | set(inverse.more), name
        if inverse.look and (service, name) != ("events", "put_targets"):
            look = find_operation(service, inverse.look).input_shape
            assert set(look.required_members) <= given, name
            assert given <= set(look.members), name


NAMES_NOTHING = {
    ("cloudformation", "create_stack"): {"RoleARN", "DeploymentConfig"},  # the stack keeps its role
    ("ssm", "create_association"): {"Name", "InstanceId"},  # its ID says it all
    ("ssm", "create_document"): {"VersionName"},  # without it, the whole document goes
}


def test_all_that_says_which_thing_it_is_reaches_the_inverse(pairs: Pairs) -> None:
    for service, name in {*pairs, *INVERSES} - set(NOT_COVERED):
        inverse = inverse_of(service, name)
        assert inverse is not None, name
        create, delete = (find_operation(service, each).input_shape for each in (name, inverse.operation))
        shared = {
            member
            for member, shape in delete.members.items()
            if member in create.members and not re.search("(Client|Request)Token$", member)
        }
        carried = {*inverse.names.values(), *inverse.results, *inverse.addresses}
        assert shared - carried <= NAMES_NOTHING.get((service, name), set()), name


def test_each_look_has_an_error_that_says_that_nothing_is_there(pairs: Pairs) -> None:
    for service, name in {*pairs, *INVERSES} - set(NOT_COVERED):
        inverse = inverse_of(service, name)
        assert inverse is not None, name
        look = find_operation(service, inverse.look) if inverse.look else None
        codes = [error.metadata.get("error", {}).get("code", error.name) for error in look.error_shapes] if look else []
        assert not codes or any(error_codes.NOT_FOUND.search(code) for code in codes), name


@pytest.mark.parametrize(
    ("service", "operation", "hint"),
    [
        ("sqs", "send_message", "write its `cleanup`"),
        ("lambda", "AddPermission", "write its `cleanup`, which calls lambda remove_permission"),
        ("ec2", "create_vpc", "write its `cleanup`, which calls ec2 delete_vpc"),
    ],
)
def test_what_has_no_inverse_says_what_to_write_instead(service: str, operation: str, hint: str) -> None:
    assert find_inverse(service, operation, {}) is None
    message, instead = no_inverse(service, operation)
    assert message == f"awsit knows no inverse of {service} {method_name(operation)}"
    assert instead.endswith(hint)


def test_a_reason_is_told() -> None:
    assert "may find one that was there before" in no_inverse("sns", "create_platform_application")[0]

"""Checks of `at`."""

from __future__ import annotations

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.scenario.checks.validate import validate
from awsit.scenario.reading.load import load_text

ROLE = "arn:aws:iam::210987654321:role/tests"
GET = "type: dynamodb, params: {operation: get_item, table: orders, key: {id: '7'}}"


def told(at: str, call: str = GET, head: str = "") -> list[str]:
    text = f"name: it\n{head}\nvariables: {{role: '{ROLE}'}}\nactions: [{{name: A, {call}, at: {at}}}]"
    return [problem.message for problem in validate(load_text(text, "s.yaml"), BY_TYPE)]


@pytest.mark.parametrize(
    "at",
    [
        "{}",
        "{region: eu-west-1}",
        "{region: us-gov-west-1}",
        "{region: eusc-de-east-1}",
        f"{{role_arn: '{ROLE}'}}",
        "{role_arn: '{{ vars.role }}', region: '{{ env.REGION }}', external_id: \"{{ secret('id') }}\"}",
        "{role_arn: \"{{ stack('tests').Role }}\"}",
    ],
)
def test_what_is_known_before_the_action_may_be_named(at: str) -> None:
    assert told(at) == []
    assert told("{}", head=f"at: {at}") == []


@pytest.mark.parametrize(
    ("at", "message"),
    [
        ("{role_arn: tests}", "must be the ARN of a role"),
        ("{region: Ireland}", "must be the name of a region"),
        (f"{{role_arn: '{ROLE}', external_id: a b}}", "`external_id` must be 2 to 1,224 letters"),
        (f"{{role_arn: '{ROLE}', external_id: a}}", "external_id"),
        ("{external_id: abc}", "`external_id` and no `role_arn`"),
        ("{role: x}", "unknown key `role`"),
        ("eu-west-1", "must be"),
        ("{role_arn: '{{ vars.rule }}'}", "there is no variable `rule`"),
        ("{role_arn: '{{ context.role }}'}", "`context` is not known where `at` is"),
        ("{region: '{{ fake.word() }}'}", "`fake` is not known where `at` is"),
        ("{region: '{{ vars.role | nope }}'}", "unknown filter `nope`"),
    ],
)
def test_what_cannot_be_is_told(at: str, message: str) -> None:
    for problems in (told(at), told("{}", head=f"at: {at}")):
        assert any(message in problem for problem in problems), problems


@pytest.mark.parametrize(
    "call", ["type: http_call, params: {url: 'http://a.test/'}", "type: wait, params: {seconds: 1}"]
)
def test_an_action_that_calls_nothing_of_aws_takes_none(call: str) -> None:
    (problem,) = told("{region: eu-west-1}", call)
    assert "calls nothing of AWS" in problem


def test_a_signed_call_takes_one() -> None:
    signed = "type: http_call, params: {url: 'https://a.test/', auth: {sigv4: {service: execute-api}}}"
    assert told("{region: eu-west-1}", signed) == []

import re
from itertools import product

import pytest

from awsit.forecast.policies.denials import denied, overlap
from awsit.model.permissions import Permission

TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/"
READ = Permission("dynamodb:GetItem", f"{TABLE}orders")


def policy(action="dynamodb:GetItem", resource=READ.resource, effect="Allow", **more):
    return {"Statement": [{"Effect": effect, "Action": action, "Resource": resource, **more}]}


@pytest.mark.parametrize(
    "policies",
    [
        [policy()],
        [policy(action=["dynamodb:PutItem", "dynamodb:getitem"])],
        [policy(action="dynamodb:Get*", resource=["arn:aws:s3:::b", "*"])],
        [policy(resource=f"{TABLE}ord?rs")],
        [policy(resource="*", Condition={"Bool": {"aws:SecureTransport": "true"}})],
        [policy(effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}}), policy()],
        [policy(effect="Deny", resource=f"{TABLE}customers"), policy()],
        [{"Statement": {"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}}],
    ],
    ids=lambda policies: str(policies[0]["Statement"])[:60],
)
def test_what_is_or_may_be_allowed_is_not_denied(policies):
    assert denied([READ], policies) == ()


@pytest.mark.parametrize(
    "policies",
    [
        [],
        [policy(action="dynamodb:PutItem")],
        [policy(resource=f"{TABLE}customers")],
        [policy(resource=f"{TABLE}orders/index/*")],
        [policy(), policy(effect="Deny", action="dynamodb:*", resource="*")],
        [policy(), policy(effect="Deny")],
    ],
    ids=["nothing", "another action", "another table", "an index", "a denial of all", "a denial"],
)
def test_what_no_statement_allows_is_denied_once(policies):
    assert denied([READ, READ], policies) == (READ,)


def test_a_resource_that_is_not_known_yet_is_denied_only_if_no_such_one_is_allowed():
    some_table = Permission("dynamodb:GetItem", f"{TABLE}*")

    assert denied([some_table], [policy()]) == ()
    assert denied([some_table], [policy(), policy(effect="Deny")]) == ()
    assert denied([some_table], [policy(resource="arn:aws:dynamodb:eu-west-1:*")]) == (some_table,)


def test_two_patterns_overlap_if_some_text_matches_both():
    texts = ["".join(text) for length in range(5) for text in product("abc", repeat=length)]
    patterns = ["".join(pattern) for length in range(3) for pattern in product("ab*?", repeat=length)]
    matched = {pattern: {text for text in texts if matches(pattern, text)} for pattern in patterns}

    for first, second in product(patterns, repeat=2):
        assert overlap(first, second) == bool(matched[first] & matched[second]), (first, second)


def matches(pattern, text):
    return re.fullmatch("".join({"*": ".*", "?": "."}.get(character, character) for character in pattern), text)

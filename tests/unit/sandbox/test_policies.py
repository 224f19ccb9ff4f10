import pytest

from awsit.sandbox.policies import (
    named_streams,
    naming_own,
    naming_resources,
    of_parts,
    over_tls,
    secret_sessions,
    whole_groups,
)

ROLE = "arn:aws:sts::000000000000:assumed-role/reader/f"
GROUP = "arn:aws:logs:::log-group:g"
TABLE = "arn:aws:dynamodb:us-east-1:000000000000:table/orders"


def respond(service, action, principal, request_id, **details):
    return (403, details.get("message", f"{action} is denied"))


def describe(action, principal, resource, explicit_deny):
    return f"{principal}: {action} on {resource}{' explicitly' if explicit_deny else ''}"


def test_a_denial_names_the_resource():
    _, message = naming_resources(respond, describe)("dynamodb", "dynamodb:GetItem", ROLE, "1", resource_arn=TABLE)

    assert message == f"{ROLE}: dynamodb:GetItem on {TABLE}"


def test_an_explicit_denial_says_so():
    details = {"resource_arn": TABLE, "explicit_deny": True}

    assert naming_resources(respond, describe)("dynamodb", "dynamodb:GetItem", ROLE, "1", **details)[1].endswith(
        f"{TABLE} explicitly"
    )


@pytest.mark.parametrize(
    ("service", "details"),
    [
        ("sqs", {}),
        ("sqs", {"resource_arn": "*"}),
        ("ec2", {"resource_arn": TABLE}),
        ("s3", {"resource_arn": TABLE, "explicit_deny": True, "resource_policy_arn": TABLE}),
        ("s3", {"resource_arn": TABLE, "error_code": "InvalidToken"}),
    ],
)
def test_what_the_emulator_says_itself_stays(service, details):
    assert naming_resources(respond, describe)(service, "a:B", ROLE, "1", **details)[1] == "a:B is denied"


def test_every_request_counts_as_one_over_tls():
    seen = []

    over_tls(lambda *origin: seen.append(origin))("10.0.0.1", False)

    assert seen == [("10.0.0.1", True)]


@pytest.mark.parametrize(
    ("details", "named"),
    [
        ({"resource_arn": TABLE}, TABLE),
        ({"resource_arn": TABLE, "named_resource": ROLE}, ROLE),
        ({"resource_arn": "*"}, ""),
        ({}, ""),
    ],
)
def test_a_call_of_an_api_is_denied_by_its_name(details, named):
    def enforce(*_call, resource_arn, named_resource):
        return resource_arn, named_resource

    assert naming_own(enforce)("apigateway", **details) == (details.get("resource_arn", "*"), named)


@pytest.mark.parametrize(
    ("action", "expected"),
    [("sqs:SendMessageBatch", "sqs:SendMessage"), ("sqs:SendMessage", "sqs:SendMessage"), (None, None)],
)
def test_a_batch_takes_the_permission_of_its_parts(action, expected):
    assert of_parts(lambda *_request: action)("sqs", "POST", "/") == expected


@pytest.mark.parametrize(
    ("service", "target", "arn", "body", "expected"),
    [
        ("logs", "Logs_20140328.FilterLogEvents", GROUP, b"", f"{GROUP}:*"),
        ("logs", "Logs_20140328.FilterLogEvents", "*", b'{"logGroupIdentifier": "%s"}' % GROUP.encode(), f"{GROUP}:*"),
        ("logs", "Logs_20140328.StartQuery", "*", b'{"logGroupIdentifiers": ["%s:*"]}' % GROUP.encode(), f"{GROUP}:*"),
        ("logs", "Logs_20140328.StartQuery", "*", b'{"logGroupIdentifiers": [1]}', "*"),
        ("logs", "Logs_20140328.TagResource", GROUP, b"", GROUP),
        ("logs", "Logs_20140328.DescribeLogGroups", "*", b"[]", "*"),
        ("sqs", "AmazonSQS.SendMessage", "arn:aws:sqs:::q", b"", "arn:aws:sqs:::q"),
    ],
)
def test_a_log_group_is_named_as_on_aws(service, target, arn, body, expected):
    resource_of = whole_groups(lambda *_request: arn)

    assert resource_of(service, "POST", "/", {"x-amz-target": target}, body) == expected


@pytest.mark.parametrize(
    ("service", "found", "body", "expected"),
    [
        ("dynamodbstreams", "*", b'{"StreamArn": "arn:s"}', "arn:s"),
        ("dynamodbstreams", "*", b'{"ShardIterator": "known"}', "arn:of-it"),
        ("dynamodbstreams", "*", b'{"ShardIterator": "unknown"}', "*"),
        ("dynamodbstreams", "*", b"[]", "*"),
        ("kinesis", "*", b'{"ShardIterator": "known"}', "arn:of-it"),
        ("kinesis", "arn:s", b'{"ShardIterator": "known"}', "arn:s"),
        ("sqs", "*", b'{"StreamArn": "arn:s"}', "*"),
    ],
)
def test_a_stream_is_known_by_its_arn_and_by_its_iterators(service, found, body, expected):
    resource_of = named_streams(lambda *_request: found, {"known": "arn:of-it", "unknown": ""}.__getitem__)

    assert resource_of(service, "POST", "/", {}, body) == expected


def test_nobody_can_guess_the_keys_of_a_functions_session():
    sessions = {}

    def make(function):
        sessions["ASIAKNOWN"] = {"Arn": function["Role"], "SecretAccessKey": "known", "SessionToken": "token"}
        return {"AWS_ACCESS_KEY_ID": "ASIAKNOWN", "AWS_SECRET_ACCESS_KEY": "known", "AWS_SESSION_TOKEN": "token"}

    keys = secret_sessions(make, sessions, "of this start")({"Role": "r"})
    others = secret_sessions(make, sessions, "of another")({"Role": "r"})

    session, _ = (sessions.pop(each["AWS_ACCESS_KEY_ID"]) for each in (keys, others))
    assert session == {"Arn": "r", "SecretAccessKey": keys["AWS_SECRET_ACCESS_KEY"], "SessionToken": "token"}
    assert keys["AWS_SESSION_TOKEN"] == "token"
    assert sessions == {}
    assert keys["AWS_SECRET_ACCESS_KEY"] not in {"known", others["AWS_SECRET_ACCESS_KEY"]}


def test_without_sessions_a_function_has_the_keys_of_the_start():
    keys = {"AWS_ACCESS_KEY_ID": "000000000000", "AWS_SECRET_ACCESS_KEY": "of this start", "AWS_SESSION_TOKEN": ""}

    assert secret_sessions(lambda _function: keys, {}, "of this start")({}) == keys

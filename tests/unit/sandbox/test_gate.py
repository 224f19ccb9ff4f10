import asyncio

import pytest

from awsit.sandbox.gate import Gate, as_signed


class Account:
    def has_api(self, api_id):
        return api_id == "a1b2c3d4"

    def has_function_url(self, url_id):
        return url_id == "abc"

    def has_graphql_api(self, api_id):
        return api_id == "abc"

    def has_user_pool(self, pool_id):
        return pool_id == "eu-west-1_Abc"

    def has_sign_in(self, prefix):
        return prefix == "shop"

    def has_service(self, name):
        return name in {"sqs", "sts", "cognito-idp"}


def ask(host, path="/", kind="http", body=()):
    """The path and the Host that reached the emulator, or the message that the gate sent itself."""
    seen, sent, parts = [], [], list(body)

    async def emulator(scope, _receive, _send):
        seen.append((scope["path"], scope["raw_path"].decode(), dict(scope["headers"])[b"host"].decode()))

    async def receive():
        return {"type": "http.request", "body": parts.pop(0) if parts else b"", "more_body": bool(parts)}

    async def send(message):
        assert not parts, "answered before the request was read"
        sent.append(message)

    scope = {"type": kind, "path": path, "raw_path": path.encode(), "headers": [(b"host", host.encode())]}
    asyncio.run(Gate(emulator, Account())(scope, receive, send))
    return seen or sent


@pytest.mark.parametrize(
    "host",
    [
        "a1b2c3d4.execute-api.eu-west-1.amazonaws.com",
        "a1b2c3d4.execute-api.cn-north-1.amazonaws.com.cn",
        "A1B2C3D4.execute-api.eu-west-1.amazonaws.com:443",
        "a1b2c3d4.execute-api.localhost:4566",
    ],
)
@pytest.mark.parametrize("path", ["/health", "/login", "/oauth2/token", "/prod/orders"])
def test_every_path_of_an_api_is_the_api_s_own(host, path):
    assert ask(host, path) == [(f"/_aws/execute-api/a1b2c3d4{path}",) * 2 + (host,)]


def test_every_path_of_a_function_url_is_the_function_s_own():
    host = "abc.lambda-url.eu-west-1.on.aws"

    assert ask(host, "/health") == [("/_aws/lambda-url/abc/health",) * 2 + (host,)]


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:4566",
        "localhost:4566",
        "sqs.eu-west-1.amazonaws.com",
        "sts.amazonaws.com",
        "s3.amazonaws.com",
        "pictures.s3.eu-west-1.amazonaws.com",
        "shop.auth.eu-west-1.amazoncognito.com",
        "abc.appsync-api.eu-west-1.amazonaws.com",
        "abc.appsync-realtime-api.eu-west-1.amazonaws.com",
        "cognito-idp.eu-west-1.amazonaws.com",
        "api.shop.example",
    ],
)
def test_what_the_emulator_answers_reaches_it_as_it_is(host):
    assert ask(host, "/orders") == [("/orders", "/orders", host)]


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("127.0.0.1:4566", "/health"),
        ("api.shop.example", "/_ministack/reset"),
        ("pictures.s3.eu-west-1.amazonaws.com", "/health/2026"),
        ("shop.auth.eu-west-1.amazoncognito.com", "/login"),
        ("shop.auth.eu-west-1.amazoncognito.com", "/oauth2/token"),
        ("cognito-idp.eu-west-1.amazonaws.com", "/eu-west-1_Abc/.well-known/jwks.json"),
    ],
)
def test_the_emulator_s_own_paths_are_reached_where_they_are_meant(host, path):
    assert ask(host, path) == [(path, path, host)]


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("pictures.s3.eu-west-1.amazonaws.com", "/health"),
        ("pictures.s3.eu-west-1.amazonaws.com", "/_localstack/health"),
        ("pictures.s3.eu-west-1.amazonaws.com", "/login"),
        ("abc.appsync-api.eu-west-1.amazonaws.com", "/health"),
        ("abc.appsync-api.eu-west-1.amazonaws.com", "/oauth2/token"),
        ("shop.auth.eu-west-1.amazoncognito.com", "/health"),
        ("sqs.eu-west-1.amazonaws.com.", "/_ministack/reset"),
        ("sqs.eu-west-1.amazonaws.com", "/_ministack/x\r\nset-cookie: a=b"),
        ("sqs.eu-west-1.amazonaws.com", "/_aws/execute-api/a1b2c3d4/health"),
    ],
)
def test_the_emulator_answers_for_no_host_of_aws_what_aws_would_not(host, path):
    start, body = ask(host, path)

    assert start["status"] == 421
    reason = f"the sandbox keeps this path for itself: {host.rstrip('.')} does not answer it here"
    assert dict(start["headers"])[b"x-awsit-refused"].decode() == reason
    assert body["body"].decode() == f"{reason}\n"


def test_a_long_request_is_read_before_it_is_refused():
    start, _ = ask("zzz.execute-api.eu-west-1.amazonaws.com", body=[b"a", b"b", b"c"])

    assert start["status"] == 421


@pytest.mark.parametrize(
    ("host", "reason"),
    [
        ("zzz.execute-api.eu-west-1.amazonaws.com", "the sandbox has no API zzz"),
        ("zzz.lambda-url.eu-west-1.on.aws", "no function of the sandbox has zzz.lambda-url.eu-west-1.on.aws"),
        ("zzz.appsync-api.eu-west-1.amazonaws.com", "the sandbox has no AppSync API zzz"),
        ("zzz.auth.eu-west-1.amazoncognito.com", "no user pool of the sandbox has the domain zzz"),
        ("checkip.amazonaws.com", "checkip.amazonaws.com is a host of AWS that it does not emulate"),
        ("d1.cloudfront.net", "d1.cloudfront.net is a host of AWS that it does not emulate"),
    ],
)
def test_what_only_aws_could_answer_is_refused_with_the_reason(host, reason):
    start, body = ask(host)

    assert start["status"] == 421
    assert dict(start["headers"])[b"x-awsit-refused"].decode() == reason
    assert body["body"].decode() == f"{reason}\n"


@pytest.mark.parametrize("pool", ["eu-west-1_Zzz", "a\r\nb"])
def test_the_keys_of_a_user_pool_that_is_not_there_are_refused(pool):
    start, body = ask("cognito-idp.eu-west-1.amazonaws.com", f"/{pool}/.well-known/jwks.json")

    assert (start["status"], body["body"]) == (421, b"the sandbox has no such user pool\n")


@pytest.mark.parametrize(
    ("host", "path", "signed"),
    [
        ("a1b2c3d4.execute-api.eu-west-1.amazonaws.com", "/_aws/execute-api/a1b2c3d4/prod/a%20b", "/prod/a%20b"),
        ("abc.lambda-url.eu-west-1.on.aws", "/_aws/lambda-url/abc/", "/"),
        ("127.0.0.1:4566", "/_aws/execute-api/a1b2c3d4/prod", "/_aws/execute-api/a1b2c3d4/prod"),
        ("sqs.eu-west-1.amazonaws.com", "/", "/"),
    ],
)
def test_a_signature_is_checked_for_the_path_that_was_signed(host, path, signed):
    seen = []

    as_signed(lambda *request: seen.append(request))("GET", path, {}, [(b"Host", host.encode())])

    assert [each[1] for each in seen] == [signed]


def test_a_websocket_that_only_aws_could_answer_is_closed():
    (close,) = ask("zzz.execute-api.eu-west-1.amazonaws.com", kind="websocket")

    assert (close["type"], close["code"]) == ("websocket.close", 1008)

import asyncio

import pytest

from awsit.sandbox.gate.gate import Gate, as_signed


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

    def has_domain(self, host, path):
        return host == "api.shop.example" and path.startswith("/orders")

    def takes_unsigned(self, service, operation):
        return (service, operation) == ("cognito-idp", "InitiateAuth")


class Keys:
    """Takes a request for signed when its Authorization is `signed` and its body has arrived."""

    def refusal(self, scope, body):
        is_signed = dict(scope["headers"]).get(b"authorization") == b"signed" and body in {b"", b"abc"}
        return "" if is_signed else "it is not signed"


SIGNED = {"Authorization": "signed"}


def ask(host, path="/", *, kind="http", body=(), method="GET", query="", extensions=None, **headers):  # noqa: PLR0913 - a request
    """The path and the Host that reached the emulator, or the message that the gate sent itself."""
    seen, sent, parts = [], [], list(body)

    async def emulator(scope, _receive, _send):
        seen.append((scope["path"], scope["raw_path"].decode(), dict(scope["headers"])[b"host"].decode()))

    async def receive():
        return {"type": "http.request", "body": parts.pop(0) if parts else b"", "more_body": bool(parts)}

    async def send(message):
        assert not parts, "answered before the request was read"
        sent.append(message)

    lines = [(b"host", host.encode()), *((name.lower().encode(), value.encode()) for name, value in headers.items())]
    scope = {"type": kind, "method": method, "path": path, "raw_path": path.encode(), "headers": lines}
    scope["extensions"] = extensions
    asyncio.run(Gate(emulator, Account(), Keys())({**scope, "query_string": query.encode()}, receive, send))
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
    assert ask(host, "/orders", **SIGNED) == [("/orders", "/orders", host)]


@pytest.mark.parametrize(
    ("host", "path"),
    [
        ("127.0.0.1:4566", "/health"),
        ("127.0.0.1:4566", "/_ministack/reset"),
        ("pictures.s3.eu-west-1.amazonaws.com", "/health/2026"),
        ("shop.auth.eu-west-1.amazoncognito.com", "/login"),
        ("shop.auth.eu-west-1.amazoncognito.com", "/oauth2/token"),
        ("cognito-idp.eu-west-1.amazonaws.com", "/eu-west-1_Abc/.well-known/jwks.json"),
    ],
)
def test_the_emulator_s_own_paths_are_reached_where_they_are_meant(host, path):
    assert ask(host, path, **SIGNED) == [(path, path, host)]


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


def test_its_handshake_says_why_where_the_server_can() -> None:
    host, extensions = "zzz.execute-api.eu-west-1.amazonaws.com", {"websocket.http.response": {}}
    start, body = ask(host, kind="websocket", extensions=extensions)

    assert (start["type"], start["status"]) == ("websocket.http.response.start", 421)
    assert dict(start["headers"])[b"x-awsit-refused"] == b"the sandbox has no API zzz"
    assert body == {"type": "websocket.http.response.body", "body": b"the sandbox has no API zzz\n"}


DIRECT = "127.0.0.1:4566"


def status(*call, **headers):
    """The status that the gate answered with; 200 when the request went on."""
    answer = ask(*call, **headers)[0]
    return answer["status"] if isinstance(answer, dict) else 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:4566", ""])
@pytest.mark.parametrize("path", ["/", "/_ministack/health", "/_aws/execute-api/a1b2c3d4/prod", "/oauth2/token"])
def test_no_web_page_is_answered(origin, path):
    assert status(DIRECT, path, **SIGNED, Origin=origin) == 403


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin"])
def test_no_link_or_picture_of_a_page_is_answered(site):
    assert status(DIRECT, "/_ministack/health", **{"Sec-Fetch-Site": site}) == 403
    assert status(DIRECT, "/_ministack/health", **{"Sec-Fetch-Site": "none"}) == 200


def test_a_page_cannot_reach_an_api_by_a_name_that_browsers_take_for_this_machine():
    assert status("a1b2c3d4.execute-api.localhost:4566", "/prod", Origin="http://evil.example") == 403
    assert status("a1b2c3d4.execute-api.localhost:4566", "/prod") == 200


def test_the_cors_of_an_api_can_be_tested():
    host = "a1b2c3d4.execute-api.eu-west-1.amazonaws.com"

    assert status(host, "/prod", method="OPTIONS", Origin="https://shop.example") == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:4566",
        "127.0.0.1:x",
        "localhost.evil.example",
        "127.0.0.1.nip.io",
        "0.0.0.0",
        "",
    ],
)
def test_a_foreign_host_is_refused_although_it_is_signed(host):
    assert status(host, "/", **SIGNED) == 403


@pytest.mark.parametrize("host", ["127.0.0.1:4566", "localhost:8080", "127.0.0.1", "LOCALHOST:4566"])
def test_the_hosts_of_this_sandbox_are_answered(host):
    assert status(host, "/", **SIGNED) == 200


def test_a_custom_domain_name_leads_to_its_api_only():
    assert status("api.shop.example", "/orders") == 200
    assert status("api.shop.example", "/", **SIGNED) == 403
    assert status("api.shop.example", "/orders", Origin="http://evil.example") == 403


@pytest.mark.parametrize(
    ("path", "query"),
    [
        ("/", ""),
        ("/", "Action=CreateStack"),
        ("/", "Action=Unsubscribe&Action=CreateStack&Token=1"),
        ("/health", ""),
        ("/_ministack/reset", ""),
        ("/_ministack/config", ""),
        ("/_ministack/lambda-code/f", ""),
        ("/pictures/1.png", ""),
        ("/iceberg/v1/config", ""),
        ("/_aws/execute-api/zzz/prod", ""),
        ("/_aws/execute-api/a1b2c3d4", ""),
        ("/restapis/a1b2c3d4/prod/orders", ""),
        ("/restapis/a1b2c3d4", ""),
        ("/_aws/lambda-url/zzz/", ""),
        ("/eu-west-1_Zzz/.well-known/jwks.json", ""),
        ("/_ministack/cfn-response/a/b", ""),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "OPTIONS"])
def test_nothing_else_is_answered_unsigned(method, path, query):
    assert status(DIRECT, path, method=method, query=query) == 403


@pytest.mark.parametrize(
    ("method", "path", "query", "headers"),
    [
        ("GET", "/_ministack/health", "", {}),
        ("PUT", "/_ministack/cfn-response/token", "", {}),
        ("PUT", "/_ministack/cfn-signal/token", "", {}),
        ("POST", "/_aws/execute-api/a1b2c3d4/prod/orders", "", {}),
        ("POST", "/restapis/a1b2c3d4/prod/_user_request_/orders", "", {}),
        ("POST", "/_aws/lambda-url/abc/", "", {"Authorization": "Basic abc"}),
        ("POST", "/oauth2/token", "", {}),
        ("GET", "/eu-west-1_Abc/.well-known/jwks.json", "", {}),
        ("GET", "/", "Action=ConfirmSubscription&Token=1", {}),
        ("POST", "/", "", {"X-Amz-Target": "AWSCognitoIdentityProviderService.InitiateAuth"}),
    ],
)
def test_what_aws_takes_unsigned_is_answered(method, path, query, headers):
    assert status(DIRECT, path, method=method, query=query, **headers) == 200


@pytest.mark.parametrize(
    "target", ["AWSCognitoIdentityProviderService.AdminCreateUser", "DynamoDB_20120810.Scan", "InitiateAuth", ""]
)
def test_other_operations_must_be_signed(target):
    assert status(DIRECT, "/", method="POST", **{"X-Amz-Target": target}) == 403


def test_an_aws_host_in_the_header_is_no_way_round_the_signature():
    assert status("sqs.eu-west-1.amazonaws.com") == 403
    assert status("pictures.s3.eu-west-1.amazonaws.com", "/1.png") == 403
    assert status("abc.appsync-api.eu-west-1.amazonaws.com", "/iceberg") == 403


def test_the_emulator_receives_the_body_that_was_checked():
    received, parts = [], [b"a", b"b", b"c"]

    async def emulator(_scope, receive, _send):
        while not received or received[-1]["more_body"]:
            received.append(await receive())

    async def receive():
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    headers = [(b"host", DIRECT.encode()), (b"authorization", b"signed")]
    scope = {"type": "http", "method": "PUT", "path": "/b/k", "raw_path": b"/b/k", "headers": headers}
    asyncio.run(Gate(emulator, Account(), Keys())(scope, receive, None))
    assert b"".join(each["body"] for each in received) == b"abc"


@pytest.mark.parametrize(
    ("path", "kept"), [("/", []), ("/_aws/execute-api/a1b2c3d4/prod", [(b"Access-Control-Allow-Origin", b"*")])]
)
def test_the_cors_headers_of_the_emulator_are_taken_away_and_those_of_an_api_stay(path, kept):
    sent = []

    async def emulator(_scope, _receive, send):
        headers = [(b"Access-Control-Allow-Origin", b"*"), (b"x", b"y")]
        await send({"type": "http.response.start", "status": 200, "headers": headers})

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message):
        sent.append(message)

    headers = [(b"host", DIRECT.encode()), (b"authorization", b"signed")]
    scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "headers": headers}
    asyncio.run(Gate(emulator, Account(), Keys())(scope, receive, send))
    assert sent[0]["headers"] == [*kept, (b"x", b"y")]


def test_an_unsigned_websocket_of_the_emulator_itself_is_closed():
    assert ask(DIRECT, "/mqtt", kind="websocket")[0]["type"] == "websocket.close"

import base64
import sys
from decimal import Decimal
from typing import Any

import pytest

from awsit.actions.registry import BY_TYPE, dispatch_action
from awsit.errors import ActionError, ErrorKind
from awsit.model.http import HttpResponse
from awsit.model.json import dumps
from awsit.model.text.trace import trace_headers
from awsit.records import replace

URL = "https://api.example.com/orders"
TRACE = trace_headers("1-5759e988-bd862e3fe1be46a994272793", "run-1")


def answer(status: int = 200, body: Any = b"", content_type: str = "", **headers: str) -> HttpResponse:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return HttpResponse(status, named | ({"Content-Type": content_type} if content_type else {}), body, "", 0.0124)


def sent(bench: Any, **params: Any) -> Any:
    bench.run("http_call", {"url": URL, **params})
    return bench.http.requests[0]


def body_of(bench: Any, body: bytes, content_type: str = "") -> Any:
    bench.answers(answer(body=body, content_type=content_type))
    return bench.run("http_call", {"url": URL}).result["body"]


def test_the_result_has_status_headers_body_and_time(bench: Any) -> None:
    bench.answers(answer(201, b'{"order_id": "A-17"}', "application/json", X_Request="r1"))
    done = bench.run("http_call", {"url": URL, "method": "post"})
    headers = {"x-request": "r1", "content-type": "application/json"}
    assert done.result == {"status": 201, "headers": headers, "body": {"order_id": "A-17"}, "elapsed_ms": 12}
    assert bench.http.requests[0].method == "POST"


def test_numbers_are_exact_both_ways(bench: Any) -> None:
    bench.answers(answer(body=b'{"total": 10.10, "big": 12345678901234567890.5}', content_type="application/json"))
    done = bench.run("http_call", {"url": URL, "method": "POST", "body": {"price": Decimal("9.990")}})
    assert bench.http.requests[0].body == b'{"price":9.990}'
    assert dumps(done.result["body"]) == '{"total":10.10,"big":12345678901234567890.5}'


@pytest.mark.parametrize(
    ("params", "body", "content_type"),
    [
        ({"body": {"a": [1, None]}}, b'{"a":[1,null]}', "application/json"),
        ({"body": ["ü"]}, '["ü"]'.encode(), "application/json"),
        ({"body": 5}, b"5", "application/json"),
        ({"body": False}, b"false", "application/json"),
        ({"body": "hé"}, "hé".encode(), "text/plain; charset=utf-8"),
        ({"form": {"a b": "x&y", "n": [1, 2], "no": None}}, b"a+b=x%26y&n=1&n=2", "application/x-www-form-urlencoded"),
        ({"body_base64": "AP8=\n"}, b"\x00\xff", "application/octet-stream"),
    ],
)
def test_each_kind_of_body_has_its_content_type(bench: Any, params: Any, body: bytes, content_type: str) -> None:
    request = sent(bench, method="POST", **params)
    assert (request.body, request.headers["Content-Type"]) == (body, content_type)


def test_a_content_type_of_the_scenario_is_kept(bench: Any) -> None:
    request = sent(bench, method="POST", body="<a/>", headers={"content-type": "application/xml"})
    assert {name: value for name, value in request.headers.items() if name.lower() == "content-type"} == {
        "content-type": "application/xml"
    }


def test_without_a_body_there_is_no_content_type(bench: Any) -> None:
    request = sent(bench)
    assert request.body is None
    assert set(request.headers) == {"User-Agent"}


@pytest.mark.parametrize(
    ("url", "query", "asked"),
    [
        (URL, {"q": "a b&c", "n": 5}, f"{URL}?q=a%20b%26c&n=5"),
        (URL, {"id": [1, "2"], "none": None, "on": True, "d": Decimal("1.50")}, f"{URL}?id=1&id=2&on=true&d=1.50"),
        (f"{URL}?x=1", {"y": "ü/"}, f"{URL}?x=1&y=%C3%BC%2F"),
        (f"{URL}?", {"y": 1}, f"{URL}?y=1"),
        (f"{URL}#top", {"y": 1}, f"{URL}?y=1"),
        (f"{URL}/a b\n", {}, f"{URL}/a%20b"),
        (URL, {"none": None}, URL),
    ],
)
def test_the_query_is_added_to_the_url(bench: Any, url: str, query: Any, asked: str) -> None:
    assert sent(bench, url=url, query=query).url == asked


def test_headers_may_be_numbers_and_null_leaves_one_out(bench: Any) -> None:
    headers = sent(bench, headers={"X-Count": 3, "X-Rate": Decimal("0.50"), "X-No": None, "user-agent": "me"}).headers
    assert headers == {"X-Count": "3", "X-Rate": "0.50", "user-agent": "me"}


def test_null_leaves_out_what_is_a_default(bench: Any) -> None:
    assert sent(bench, method="POST", body={}, headers={"user-agent": None, "content-type": None}).headers == {}


def test_the_headers_of_a_trace_are_sent_and_neither_signed_nor_shown(bench: Any) -> None:
    context, signed = bench.context(trace_headers=TRACE), []
    sign = context.aws.sign
    context.aws.sign = lambda request, *words: signed.append(set(request.headers)) or sign(request, *words)
    done = dispatch_action("http_call", {"url": URL, "auth": {"sigv4": {}}}, context)
    (request,) = bench.http.requests
    assert set(request.headers) == {"User-Agent", "Authorization", *TRACE}
    assert signed == [{"User-Agent"}]
    assert set(done.request["headers"]) == {"User-Agent", "Authorization"}


@pytest.mark.parametrize("name", ["TraceParent", "x-amzn-trace-id"])
@pytest.mark.parametrize("value", ["mine", None])
def test_a_scenario_that_names_a_trace_is_in_that_one_alone(bench: Any, name: str, value: str | None) -> None:
    bench.run("http_call", {"url": URL, "headers": {name: value}}, trace_headers=TRACE)
    own = set() if value is None else {name}
    assert set(bench.http.requests[0].headers) == {"User-Agent", "X-Awsit-Run-Id", *own}


def test_a_run_id_of_the_scenario_is_kept(bench: Any) -> None:
    bench.run("http_call", {"url": URL, "headers": {"x-awsit-run-id": "mine"}}, trace_headers=TRACE)
    headers = bench.http.requests[0].headers
    assert (headers["x-awsit-run-id"], headers["traceparent"]) == ("mine", TRACE["traceparent"])
    assert "X-Awsit-Run-Id" not in headers


def test_auth(bench: Any) -> None:
    bench.run("http_call", {"url": URL, "auth": {"basic": {"username": "ü", "password": "p:w"}}})
    bench.run("http_call", {"url": URL, "auth": {"bearer": "t0ken"}})
    bench.run("http_call", {"url": URL, "auth": {"sigv4": {}}})
    bench.run("http_call", {"url": URL, "auth": {"sigv4": {"service": "lambda", "region": "us-east-1"}}})
    assert [request.headers["Authorization"] for request in bench.http.requests] == [
        f"Basic {base64.b64encode('ü:p:w'.encode()).decode()}",
        "Bearer t0ken",
        "AWS4-HMAC-SHA256 execute-api None",
        "AWS4-HMAC-SHA256 lambda us-east-1",
    ]


@pytest.mark.parametrize(
    ("auth", "status", "parameter"),
    [
        ({"sigv4": {}}, 403, "AllowedApiArns"),
        ({"sigv4": {"service": "lambda"}}, 403, "AllowedFunctionArns"),
        ({"sigv4": {}}, 401, ""),
        ({"sigv4": {"service": "es"}}, 403, ""),
        ({"bearer": "t0ken"}, 403, ""),
    ],
)
def test_a_signed_request_that_is_refused_names_the_parameter_that_allows_it(
    bench: Any, auth: Any, status: int, parameter: str
) -> None:
    bench.answers(answer(status))

    failure = bench.run("http_call", {"url": URL, "auth": auth}).failure

    assert ("`awsit deploy --parameter" in failure) == bool(parameter)
    assert f"--parameter {parameter}" in failure or not parameter


def test_the_report_shows_the_request_without_credentials(bench: Any) -> None:
    headers = {"X-Api-Key": "k3y", "Cookie": "c", "X-Trace": "1"}
    params = {"url": URL, "query": {"a": 1}, "method": "PUT", "headers": headers, "body": {"b": 1}}
    done = bench.run("http_call", {**params, "auth": {"bearer": "t0ken"}})
    assert done.request["url"] == f"{URL}?a=1"
    assert done.request["method"] == "PUT"
    assert done.request["body"] == {"b": 1}
    shown = {name: done.request["headers"][name] for name in ("X-Api-Key", "Cookie", "X-Trace", "Authorization")}
    assert shown == {"X-Api-Key": "***", "Cookie": "***", "X-Trace": "1", "Authorization": "***"}
    assert bench.http.requests[0].headers["X-Api-Key"] == "k3y"


@pytest.mark.parametrize(
    ("body", "content_type", "value"),
    [
        (b'{"a": 1}', "application/json", {"a": 1}),
        (b'{"a": 1}', "application/problem+json; charset=utf-8", {"a": 1}),
        (b'\xef\xbb\xbf{"a": 1}', "application/json", {"a": 1}),
        (b'{"a": 1}', "", {"a": 1}),
        (b"hello", "", "hello"),
        (b'{"a": 1}', "text/plain", '{"a": 1}'),
        (b"{oops", "application/json", "{oops"),
        (b'{"a": NaN}', "application/json", '{"a": NaN}'),
        (b"[" * 100_000, "application/json", "[" * 100_000),
        ("grün".encode("latin-1"), "text/html; charset=ISO-8859-1", "grün"),
        ("grün".encode(), "text/html; charset=no-such-charset", "grün"),
        (b"<a/>", "image/svg+xml", "<a/>"),
        (b"\xff\xfe\x00", "text/plain", {"base64": "//4A"}),
        (b"\x00\xff", "", {"base64": "AP8="}),
        (b"PNG", "image/png", {"base64": "UE5H"}),
        (b"", "application/json", None),
    ],
)
def test_bodies_are_read_by_their_content_type(bench: Any, body: bytes, content_type: str, value: Any) -> None:
    assert body_of(bench, body, content_type) == value


@pytest.mark.parametrize(
    ("status", "expected", "passes"),
    [
        (200, None, True),
        (302, None, True),
        (400, None, False),
        (201, 201, True),
        (200, 201, False),
        (204, "2xx", True),
        (404, "4XX", True),
        (404, "2xx", False),
        (404, [200, 404], True),
        (503, ["2xx", 404], False),
    ],
)
def test_expected_status(bench: Any, status: int, expected: Any, passes: bool) -> None:
    bench.answers(answer(status))
    assert (bench.run("http_call", {"url": URL, "expected_status": expected}).failure is None) is passes


def test_a_failure_says_what_came_and_what_was_expected(bench: Any) -> None:
    bench.answers(answer(400, b'{"error": "quantity must be positive"}', "application/json"))
    done = bench.run("http_call", {"url": f"{URL}?token=secret", "method": "POST", "expected_status": ["2xx", 409]})
    assert done.failure == (
        f'POST {URL} answered 400 Bad Request, expected 2xx or 409; the body: {{"error":"quantity must be positive"}}'
    )
    assert done.failure_code == "400"
    assert done.result["body"] == {"error": "quantity must be positive"}


@pytest.mark.parametrize(
    ("expected", "wanted"),
    [
        (302, "302: `follow_redirects: false` takes a redirect itself for the answer"),
        ([303, 404], "303 or 404"),
        ("3xx", "3xx: `follow_redirects: false` takes a redirect itself for the answer"),
    ],
)
def test_a_failure_names_the_redirects_and_where_they_led(bench: Any, expected: Any, wanted: str) -> None:
    bench.answers(replace(answer(200, b"home", "text/plain"), url=f"{URL}/home?code=1", redirects=(301, 302)))
    failure = bench.run("http_call", {"url": URL, "expected_status": expected}).failure
    assert (
        failure == f"GET {URL}, redirected (301, 302) to {URL}/home, answered 200 OK, expected {wanted}; the body: home"
    )


def test_a_failure_shows_only_the_start_of_a_long_body(bench: Any) -> None:
    bench.answers(answer(599, b"x" * 5000, "text/plain"), answer(500))
    failure = bench.run("http_call", {"url": URL}).failure
    assert failure.startswith(f"GET {URL} answered 599, expected a status below 400; the body: xxx")
    assert failure.endswith("x…")
    assert len(failure) < 500
    assert bench.run("http_call", {"url": URL}).failure.endswith("; the body is empty")


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("7", 7),
        ("Tue, 01 Jan 2030 00:01:00 GMT", 60),
        ("Mon, 31 Dec 2029 23:00:00 GMT", 0),
        ("Tue, 01 Jan 2030 00:01:00", 60),
        ("soon", None),
        ("-5", None),
        ("9" * 400, 86_400),
    ],
)
def test_retry_after_is_seconds_or_a_date(bench: Any, header: str, seconds: float | None) -> None:
    bench.answers(answer(503, Retry_After=header))
    assert bench.run("http_call", {"url": URL}).retry_after_seconds == seconds


def test_the_attempt_bounds_every_timeout(bench: Any) -> None:
    bench.run("http_call", {"url": URL}, timeout_seconds=3)
    bench.run("http_call", {"url": URL, "timeout_seconds": 60}, timeout_seconds=30)
    bench.run("http_call", {"url": URL, "timeout_seconds": Decimal("0.5")}, timeout_seconds=30)
    times = [(request.timeout_seconds, request.connect_timeout_seconds) for request in bench.http.requests]
    assert times == [(3, 3), (30, 5), (0.5, 0.5)]


def test_options_reach_the_transport(bench: Any) -> None:
    request = sent(bench, follow_redirects=False, verify_tls="ca.pem", max_response_bytes=10)
    assert (request.follow_redirects, request.verify, request.max_response_bytes) == (False, "ca.pem", 10)


@pytest.mark.parametrize(
    ("params", "told"),
    [
        ({"url": "ftp://host/x"}, "the scheme 'ftp' is not supported"),
        ({"url": "api.example.com/x"}, "it has no scheme"),
        ({"url": "https:///x"}, "names no valid host"),
        ({"url": "https://host:port/x"}, "is not valid"),
        ({"url": "https://a\nb/x"}, "the control character '\\n' at position 9"),
        ({"url": "https://u:p@host/x"}, "holds a user name or password"),
        ({"method": "GET /"}, "'GET /' is not an HTTP method"),
        ({"headers": {"a b": "1"}}, "'a b' is not the name of an HTTP header"),
        ({"headers": {"a": "1\r\nX-Evil: 1"}}, "holds a line break"),
        ({"headers": {"a": "€"}}, "holds '€', which a header cannot carry"),
        ({"headers": {"a": ["1"]}}, "must be text, a number, true, false or null, not a list"),
        ({"query": {"a": {"b": 1}}}, "must be a single value or a list of single values, not a mapping"),
        ({"body": {"a": float("nan")}}, "`body` cannot be written as JSON"),
        ({"body_base64": "a"}, "`body_base64` is not base64"),
        ({"body": 1, "form": {}}, "only one of `body`, `form`, `body_base64` and `multipart`"),
        ({"auth": {}}, "`auth` must hold exactly one of `basic`, `bearer`, `sigv4`, `oauth2` and `cognito`"),
        ({"auth": {"bearer": "t"}, "headers": {"authorization": "x"}}, "both `auth` and an Authorization header"),
        ({"expected_status": "20x"}, "must be a status such as 201, a class such as 2xx"),
        ({"expected_status": True}, "must be a status such as 201"),
        ({"expected_status": []}, "`expected_status` is an empty list, which no status fits"),
        ({"timeout_seconds": 0}, "must be more than 0"),
    ],
)
def test_what_cannot_be_sent_is_refused_before_sending(bench: Any, params: Any, told: str) -> None:
    error = bench.refused("http_call", {"url": URL, **params})
    assert error.kind is ErrorKind.VALIDATION
    assert told in error.message
    assert error.hint
    assert bench.http.requests == []


@pytest.mark.parametrize(
    ("method", "safe"), [("GET", True), ("put", True), ("DELETE", True), ("POST", False), ("PATCH", False)]
)
def test_idempotent_methods_may_be_repeated(method: str, safe: bool) -> None:
    action = BY_TYPE["http_call"]
    assert action.is_safe_to_repeat(action.params_model(url=URL, method=method)) is safe


def test_a_contract_without_its_library_is_told(bench: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "awsit.actions.http_call.contract.check", None)
    with pytest.raises(ActionError, match="needs a library that is not installed") as error:
        sent(bench, url=URL, contract="openapi.yaml")
    assert "pip install 'awsit[contracts]'" in error.value.hint
    assert bench.http.requests == []


def test_a_call_without_an_answer_tells_what_was_to_be_sent(bench: Any) -> None:
    bench.answers(ActionError("refused", kind=ErrorKind.CONNECTION))
    params = {"method": "post", "query": {"a": "1 2"}, "form": {"b": "c"}, "headers": {"User-Agent": "mine"}}
    with pytest.raises(ActionError) as caught:
        bench.run("http_call", {"url": URL, **params, "auth": {"bearer": "token-of-mine"}})
    assert caught.value.request == {
        "method": "POST",
        "url": f"{URL}?a=1%202",
        "headers": {
            "User-Agent": "mine",
            "Content-Type": "application/x-www-form-urlencoded",
            "Authorization": "***",
        },
        "body": {"b": "c"},
    }

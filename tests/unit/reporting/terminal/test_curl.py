"""A curl command that repeats a request: what a shell makes of it is what was sent."""

import subprocess
from pathlib import Path

import pytest

from awsit.reporting.terminal.curl import curl

URL = "https://api.test/orders?a=1&b=[2]"


def words(request, tmp_path: Path, aws_endpoint: str = "", **variables: str) -> list[str]:
    """The arguments that curl would get from `sh`, and its standard input, if it reads that."""
    stub = tmp_path / "bin" / "curl"
    stub.parent.mkdir()
    stub.write_text('#!/bin/sh\nprintf "%s\\0" "$@"\ncase "$*" in *@-*) cat;; esac\n')
    stub.chmod(0o755)
    command = " \\\n    ".join(curl(request, aws_endpoint))
    environment = {"PATH": f"{stub.parent}:/usr/bin:/bin", **variables}
    done = subprocess.run(["sh", "-ceu", command], capture_output=True, check=True, env=environment)
    return done.stdout.decode().split("\0")[: None if done.stdout[-1:] != b"\0" else -1]


def asked(**fields) -> dict:
    return {"method": "POST", "url": URL, "headers": {}, "body": None, **fields}


@pytest.mark.parametrize(
    "text", ["it's", '$HOME `id` $(id) \\ "quoted"', "two\nlines", "ünï 🚚", "!history", "@file", "", "a *** b? no"]
)
def test_a_body_reaches_curl_as_it_was_sent(text, tmp_path):
    body = text.replace("***", "___")
    assert words(asked(body=body), tmp_path)[-2:] == ["--data-raw", body]


def test_json_and_headers_are_words_of_their_own(tmp_path):
    headers = {"Content-Type": "application/json", "X-Empty": "", "X-Odd": "it's", "User-Agent": "awsit/1"}
    assert words(asked(method="PATCH", body={"a": [1, "b c"]}, headers=headers), tmp_path) == [
        *("--include", "--request", "PATCH", "--globoff", URL),
        *("--header", "Content-Type: application/json", "--header", "X-Empty;", "--header", "X-Odd: it's"),
        *("--data-raw", '{"a":[1,"b c"]}'),
    ]


def test_what_was_masked_is_taken_from_variables(tmp_path):
    headers = {"Authorization": "***", "x-api-key": "***", "X-Test": "<***>"}
    request = asked(url="https://api.test/?token=***", body={"password": "***", "n": 1}, headers=headers)
    given = {"AUTHORIZATION": "Bearer a b", "X_API_KEY": "k", "AWSIT_SECRET_1": "1", "AWSIT_SECRET_2": "$2"}
    sent = words(request, tmp_path, **given, AWSIT_SECRET_3='"3')
    assert "https://api.test/?token=1" in sent
    assert {"Authorization: Bearer a b", "x-api-key: k", "X-Test: <$2>"} <= set(sent)
    assert sent[-1] == '{"password":""3","n":1}'


@pytest.mark.parametrize(("method", "option"), [("GET", "--location"), ("HEAD", "--head"), ("DELETE", "--request")])
def test_each_method_has_its_option(method, option, tmp_path):
    assert option in words(asked(method=method), tmp_path)


def test_a_form_is_encoded_by_curl(tmp_path):
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    sent = words(asked(body={"a": "1 2", "b": ["x", None, "y"]}, headers=headers), tmp_path)
    assert sent[-6:] == ["--data-urlencode", "a=1 2", "--data-urlencode", "b=x", "--data-urlencode", "b=y"]


def test_bytes_are_decoded_before_they_are_sent(tmp_path):
    sent = words(asked(body={"base64": "aGVsbG8="}, headers={"Content-Type": "application/octet-stream"}), tmp_path)
    assert sent[-3:] == ["--data-binary", "@-", "hello"]


def test_a_signed_request_is_signed_anew(tmp_path):
    url = "https://abc.execute-api.eu-west-1.amazonaws.com/prod/orders"
    headers = {"Authorization": "***", "X-Amz-Date": "20300101T000000Z", "X-Amz-Security-Token": "***"}
    keys = {"AWS_ACCESS_KEY_ID": "id", "AWS_SECRET_ACCESS_KEY": "key", "AWS_SESSION_TOKEN": "session"}
    sent = words(asked(method="GET", url=url, headers=headers), tmp_path, **keys)
    assert sent[-6:] == [
        *("--aws-sigv4", "aws:amz:eu-west-1:execute-api", "--user", "id:key"),
        *("--header", "X-Amz-Security-Token: session"),
    ]


@pytest.mark.parametrize(
    "request_", [None, {}, {"operation": "get_item"}, asked(body="xx… (5 more characters left out)")]
)
def test_what_is_no_whole_http_request_has_no_command(request_):
    assert curl(request_) == []


def test_a_method_and_a_masked_header_are_shown_as_text():
    request = {"method": "GET\x1b[2J", "url": "http://a.test/", "headers": {"X\x9b": "***"}, "body": None}
    command = "\n".join(curl(request))
    assert r"--request 'GET\x1b[2J'" in command
    assert r"'X\x9b: '" in command


def test_what_the_sandbox_got_in_the_place_of_aws_is_sent_to_it_again(tmp_path):
    host = "ab1.execute-api.eu-west-1.amazonaws.com"
    request = {"method": "GET", "url": f"https://{host}/orders?a=1", "headers": {"Accept": "*/*"}, "body": None}

    assert words(request, tmp_path, aws_endpoint="http://127.0.0.1:4566") == [
        *("--include", "--location", "http://127.0.0.1:4566/orders?a=1"),
        *("--header", "Accept: */*", "--header", f"Host: {host}"),
    ]


def test_a_signed_request_to_the_sandbox_is_signed_for_the_service_and_region_of_its_host():
    host = "ab1.lambda-url.eu-west-1.on.aws"
    headers = {"Authorization": "***", "X-Amz-Date": "20260101T000000Z"}
    request = {"method": "GET", "url": f"https://{host}/", "headers": headers, "body": None}

    assert "--aws-sigv4 aws:amz:eu-west-1:lambda" in curl(request, "http://127.0.0.1:4566")


def test_a_request_for_another_host_goes_there_also_beside_a_sandbox():
    assert curl(asked(), "http://127.0.0.1:4566") == curl(asked())


def test_params_that_were_not_made_a_request_are_no_command():
    params = {"url": "{{ vars.api }}/orders", "method": "POST", "body": {"age": "{{ vars.age | int }}"}}

    assert curl(params) == []

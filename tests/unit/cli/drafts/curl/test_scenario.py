"""A curl command becomes a scenario that sends the same request."""

import base64
from decimal import Decimal
from pathlib import Path

import pytest

from awsit.actions.registry import BY_TYPE
from awsit.cli.drafts.curl.scenario import draft_of_curl
from awsit.cli.drafts.destination import Destination
from awsit.cli.drafts.draft import as_yaml
from awsit.errors import NotFoundError, UsageError
from awsit.scenario.checks.validate import validate
from awsit.scenario.reading.load import load_text


def draft_of(command):
    return draft_of_curl(command, "", Destination(Path.cwd()))


def params(command):
    """What the action sends; the scenario as a whole is valid."""
    draft = draft_of(command)
    assert validate(load_text(as_yaml(draft), "draft.yaml"), BY_TYPE) == []
    return draft.document["actions"][0]["params"]


def test_a_plain_command_is_a_get():
    assert params("curl https://api.test/orders?limit=3") == {
        "url": "https://api.test/orders?limit=3",
        "method": "GET",
        "follow_redirects": False,
        "expected_status": "2xx",
    }


def test_redirects_are_followed_where_curl_follows_them():
    assert "follow_redirects" not in params("curl -L https://api.test/orders")


def test_json_is_sent_as_json_and_keeps_its_digits():
    found = params(
        """curl -sS -X PUT 'https://api.test/orders/1' -H 'Content-Type: application/json' -H 'X-Trace: on' \\
             -d '{"product": "book", "price": 12.50, "note": "{{ not ours }}"}'"""
    )
    assert found["method"] == "PUT"
    assert found["headers"] == {"X-Trace": "on"}
    assert found["body"] == {"product": "book", "price": Decimal("12.50"), "note": "{{ '{{' }} not ours }}"}


def test_the_option_json_brings_its_headers():
    found = params("""curl https://api.test/orders --json '{"a": 1}'""")
    assert (found["method"], found["body"], found["headers"]) == ("POST", {"a": 1}, {"accept": "application/json"})


def test_an_empty_object_is_sent_too_with_the_content_type_that_curl_gives_it():
    draft = draft_of("curl https://api.test -d '{}'")
    found = draft.document["actions"][0]["params"]
    assert (found["body"], found["headers"]) == ({}, {"content-type": "application/x-www-form-urlencoded"})
    assert any("sent as a form" in note for note in draft.notes)


def test_data_is_a_form():
    found = params("curl https://api.test/token -d grant_type=client_credentials -d 'scope=a+b' -d scope=c")
    assert found["form"] == {"grant_type": "client_credentials", "scope": ["a b", "c"]}
    assert found["method"] == "POST"
    assert "headers" not in found


def test_a_form_that_would_be_encoded_otherwise_stays_text():
    found = params("curl https://api.test/token -d 'scope=a b' -d mail=me@example.com")
    assert found["body"] == "scope=a b&mail=me@example.com"
    assert found["headers"] == {"content-type": "application/x-www-form-urlencoded"}


def test_data_of_another_kind_stays_text():
    found = params("curl https://api.test/soap -H 'Content-Type: text/xml' --data-raw '<a>@b</a>'")
    assert (found["body"], found["headers"]) == ("<a>@b</a>", {"Content-Type": "text/xml"})


def test_data_moves_into_the_query_with_get():
    found = params("curl -G https://api.test/search?x=1 --data-urlencode 'q=a b&c' -d n=3")
    assert (found["url"], found["method"]) == ("https://api.test/search?x=1&q=a+b%26c&n=3", "GET")


def test_data_comes_from_a_file(tmp_path):
    (tmp_path / "order.json").write_text('{\n  "a": [1]\n}\n', encoding="utf-8")
    assert params("curl https://api.test -d @order.json")["body"] == {"a": [1]}


def test_a_file_that_is_missing_is_named():
    with pytest.raises(NotFoundError, match=r"order\.json"):
        draft_of("curl https://api.test -d @order.json")


def test_what_a_browser_copies_is_read():
    found = params(
        "curl 'https://shop.test/api/login' \\\n  -H 'accept: */*' \\\n  -H 'sec-ch-ua: \"Chromium\";v=\"1\"' \\\n"
        "  -H 'accept-encoding: gzip, br' \\\n  -H 'content-type: application/json' \\\n"
        '  --data-raw $\'{"name":"it\\\'s \\u00e9"}\' \\\n  --compressed --insecure'
    )
    assert found["headers"] == {"accept": "*/*", "sec-ch-ua": '"Chromium";v="1"', "accept-encoding": "gzip"}
    assert found["body"] == {"name": "it's é"}
    assert found["verify_tls"] is False


@pytest.mark.parametrize(
    ("option", "auth", "variable"),
    [
        ("-H 'Authorization: Bearer s3cr3t'", {"bearer": "{{ env.API_TOKEN }}"}, "API_TOKEN"),
        ("--oauth2-bearer s3cr3t", {"bearer": "{{ env.API_TOKEN }}"}, "API_TOKEN"),
        ("-u me:s3cr3t", {"basic": {"username": "me", "password": "{{ env.API_PASSWORD }}"}}, "API_PASSWORD"),
        (
            "-H 'authorization: Basic bWU6czNjcjN0'",
            {"basic": {"username": "me", "password": "{{ env.API_PASSWORD }}"}},
            "API_PASSWORD",
        ),
        (
            "--url https://me:s3cr3t%40x@api.test/orders",
            {"basic": {"username": "me", "password": "{{ env.API_PASSWORD }}"}},
            "API_PASSWORD",
        ),
    ],
)
def test_credentials_are_not_copied(option, auth, variable):
    command = f"curl {option}" if "--url" in option else f"curl https://api.test/orders {option}"
    assert params(command)["auth"] == auth
    assert params(command)["url"] == "https://api.test/orders"
    draft = draft_of(command)
    assert any(variable in note for note in draft.notes)
    assert "s3cr3t" not in as_yaml(draft)


def test_secret_headers_come_from_the_environment():
    found = params("curl https://api.test -H 'X-Api-Key: s3cr3t' -b 'session=s3cr3t'")
    assert found["headers"] == {"X-Api-Key": "{{ env.X_API_KEY }}", "cookie": "{{ env.COOKIE }}"}


def test_variables_of_the_shell_keep_their_names():
    draft = draft_of('curl "$BASE_URL/orders" -H "Authorization: Bearer $TOKEN"')
    found = draft.document["actions"][0]["params"]
    assert (found["url"], found["auth"]) == ("{{ env.BASE_URL }}/orders", {"bearer": "{{ env.TOKEN }}"})
    assert draft.notes == ()


@pytest.mark.parametrize(
    "option",
    [
        "--aws-sigv4 aws:amz:eu-west-1:lambda --user key:secret",
        "-H 'Authorization: AWS4-HMAC-SHA256 Credential=AKIA/20300101/eu-west-1/lambda/aws4_request, Signature=1'",
    ],
)
def test_a_signature_is_made_anew(option):
    found = params(f"curl https://id.lambda-url.eu-west-1.on.aws/ {option}")
    assert found["auth"] == {"sigv4": {"service": "lambda", "region": "eu-west-1"}}
    assert "headers" not in found


def test_a_multipart_form_is_written_out(tmp_path):
    (tmp_path / "a.txt").write_text("content", encoding="utf-8")
    found = params("curl https://api.test/upload -F name=x -F 'file=@a.txt;type=text/plain'")
    assert found["multipart"] == [{"name": "name", "value": "x"}, {"name": "file", "file": "a.txt"}]
    assert (found["method"], "headers" in found) == ("POST", False)


def test_a_multipart_form_that_the_action_would_write_otherwise_stays_text(tmp_path):
    (tmp_path / "a.txt").write_text("content", encoding="utf-8")
    found = params("curl https://api.test/upload -F =nameless -F file=@a.txt")
    assert found["headers"]["content-type"].startswith("multipart/form-data; boundary=")
    assert 'name="file"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\ncontent\r\n' in found["body"]
    assert found["method"] == "POST"


def test_times_and_other_settings():
    found = params("curl -I -m 5 --connect-timeout 1.5 --cacert ca.pem -A me -e https://a.test api.test:8080/health")
    assert found == {
        "url": "http://api.test:8080/health",
        "method": "HEAD",
        "headers": {"user-agent": "me", "referer": "https://a.test"},
        "timeout_seconds": 5,
        "connect_timeout_seconds": Decimal("1.5"),
        "follow_redirects": False,
        "verify_tls": "ca.pem",
        "expected_status": "2xx",
    }


def test_what_cannot_be_said_is_named():
    assert any("--proxy" in note for note in draft_of("curl -x http://p.test https://api.test").notes)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("curl --foo https://api.test", "'--foo'"),
        ("curl https://a.test https://b.test", "2 URLs"),
        ("curl -X POST", "no URL"),
        ("curl 'https://a.test", "No closing quotation"),
        ("wget https://a.test", "does not begin with `curl`"),
        ("", "does not begin with `curl`"),
        ("curl https://a.test -H", "requires an argument"),
        ("curl https://a.test -m soon", "'soon'"),
        ("curl https://a.test -F nothing", "'nothing'"),
        ("curl 'http://[bad/orders'", "is not a URL"),
        ("curl https://a.test -d $'\\ud800'", "cannot be read"),
    ],
)
def test_a_command_that_cannot_be_read_says_why(command, words):
    with pytest.raises(UsageError) as raised:
        draft_of(command)
    assert words in raised.value.message
    assert raised.value.hint


def test_an_at_sign_behind_the_host_is_no_credential():
    found = params("curl 'https://api.test/@me?mail=a@b.test'")
    assert found["url"] == "https://api.test/@me?mail=a@b.test"
    assert "auth" not in found


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("curl ftp://a.test/x", "speaks ftp"),
        ("curl ftp.a.test/x", "speaks ftp"),
        ("curl https://a.test -d $'\\xff'\"$A\"", "a variable among bytes"),
        ("curl https://a.test --aws-sigv4 goog:goog4", "signs for AWS only"),
        ("curl https://a.test -H 'Host: a' -H 'Host: b'", "is given 2 times"),
        ("curl https://a.test -H 'X: 北京'", "which an http_call cannot send"),
        ("curl https://a.test -H $'X: \\x01'", "line break or control character"),
        ("curl $'https://a.test/\\xe9'", "bytes that are not UTF-8"),
        ("curl 'https://a.test/#a b'", "it holds ' '"),
        ("curl https://a.test -F a=1 -H 'Content-Type: application/json'", "under a Content-Type of another kind"),
        ("curl https://a.test -X 'A B'", "is not an HTTP method"),
        ("curl https://a.test -F 'a=x;encoder=7bit'", "an encoding of its own"),
        ("curl https://a.test -F 'a=(;type=multipart/mixed'", "parts inside a part"),
    ],
)
def test_what_no_http_call_sends_is_refused(command, message):
    with pytest.raises(UsageError, match=message):
        draft_of(command)


def test_what_follows_a_pipe_is_named():
    assert any("| jq ." in note for note in draft_of("curl https://api.test | jq .").notes)


def test_a_prompt_is_no_part_of_the_command():
    assert params("$ curl https://api.test/a")["url"] == "https://api.test/a"


def test_a_command_for_cmd_is_read_as_cmd_reads_it():
    found = params('curl ^"https://a.test/x?a=1^&b=2^" ^\n  -H ^"accept: */*^"')
    assert (found["url"], found["headers"]) == ("https://a.test/x?a=1&b=2", {"accept": "*/*"})


def test_a_body_that_is_no_text_is_sent_as_bytes(tmp_path):
    (tmp_path / "pixel.png").write_bytes(b"\x89PNG\xff")
    found = params("curl -T pixel.png https://api.test/files/")
    assert (found["url"], found["method"]) == ("https://api.test/files/pixel.png", "PUT")
    assert found["body_base64"] == base64.b64encode(b"\x89PNG\xff").decode()


def test_the_password_that_curl_would_ask_for_is_a_variable():
    assert params("curl -u me https://a.test")["auth"]["basic"]["password"] == "{{ env.API_PASSWORD }}"

"""Credentials are found by what they are called, or how they look."""

import pytest

from awsit.cli.drafts.curl.credentials import Credentials, is_credential
from awsit.cli.drafts.curl.words.variables import as_template, variable


@pytest.mark.parametrize(
    "name",
    [
        "password",
        "Passwd",
        "pwd",
        "pass",
        "passphrase",
        "user[password]",
        "newPassword",
        "password_confirmation",
        "client_secret",
        "clientSecret",
        "secret",
        "refresh_token",
        "refreshToken",
        "access_token",
        "id_token",
        "token",
        "api_key",
        "apiKey",
        "apikey",
        "api-key",
        "x-auth-token",
        "private-token",
        "X-Vault-Token",
        "X-Shopify-Access-Token",
        "Ocp-Apim-Subscription-Key",
        "x-functions-key",
        "client_assertion",
        "otp",
        "pin",
        "jwt",
        "sessionId",
        "session_id",
        "X-Amz-Signature",
        "X-Amz-Security-Token",
        "code_verifier",
        "webhookSecret",
        "credentials",
        "secretAccessKey",
        "signing_key",
    ],
)
def test_names_of_credentials(name):
    assert is_credential(name)


@pytest.mark.parametrize(
    "name",
    [
        "user",
        "username",
        "email",
        "key",
        "sort_key",
        "primary_key",
        "publicKey",
        "Idempotency-Key",
        "token_type",
        "tokenType",
        "nextToken",
        "page_token",
        "pageToken",
        "continuationToken",
        "clientToken",
        "client_id",
        "grant_type",
        "scope",
        "secretary",
        "pinned",
        "design",
        "passenger",
        "compass",
        "max_tokens",
        "authority",
        "authors",
        "signed",
    ],
)
def test_names_of_other_things(name):
    assert not is_credential(name)


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("http://a/?x=1&api_key=s%2B1#f", "http://a/?x=1&api_key={{ env.API_KEY | urlencode }}#f"),
        ("http://a/?key=AIzaSyA-1234567890", "http://a/?key={{ env.KEY | urlencode }}"),
        ("http://a/?key=colour&next_token=n", "http://a/?key=colour&next_token=n"),
        ("http://a/bot123456:AAE-abcdefghijklmnopqrstu/send", "http://a/bot{{ env.API_TOKEN }}/send"),
        ("http://a/?password=", "http://a/?password="),
    ],
)
def test_urls(text, hidden):
    assert as_template(Credentials().in_url(text)) == hidden


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("a=1&client_secret=s&b=2", "a=1&client_secret={{ env.CLIENT_SECRET | urlencode }}&b=2"),
        ("grant_type=authorization_code&code=c0de", "grant_type=authorization_code&code={{ env.CODE | urlencode }}"),
        ("code=DE&x=1", "code=DE&x=1"),
        ("pass=a+b", "pass={{ env.PASS | urlencode | replace('%20', '+') }}"),
        ("pass=a b#c&x=y", "pass={{ env.PASS }}&x=y"),
        (f"pass={variable('P')}", "pass={{ env.P }}"),
    ],
)
def test_forms(text, hidden):
    assert as_template(Credentials().in_form(text)) == hidden


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ('{"password": "s\\"x", "a": "b"}', '{"password": "{{ env.PASSWORD }}", "a": "b"}'),
        ('login(user: "a", password: "s")', 'login(user: "a", password: "{{ env.PASSWORD }}")'),
        ('{\\"token\\":\\"s\\",\\"a\\":\\"b\\"}', '{\\"token\\":\\"{{ env.TOKEN }}\\",\\"a\\":\\"b\\"}'),
        ("<w:Password Type='x'>s</w:Password><a>b</a>", "<w:Password Type='x'>{{ env.PASSWORD }}</w:Password><a>b</a>"),
        ("see eyJhbGciOiJI.eyJzdWIiOiIx.c2ln", "see {{ env.API_TOKEN }}"),
        ("the password: none", "the password: none"),
    ],
)
def test_texts(text, hidden):
    assert as_template(Credentials().in_text(text)) == hidden


def test_a_document():
    document = {
        "user": {"name": "me", "passwords": ["a"], "password": "s1", "pin": 1234},
        "env": [{"name": "DB_PASSWORD", "value": "s2"}],
        "token": None,
        "secret": "",
        "tokens": True,
    }
    assert as_template(Credentials().in_json(document)) == {
        "user": {
            "name": "me",
            "passwords": ["{{ env.PASSWORDS }}"],
            "password": "{{ env.PASSWORD }}",
            "pin": "{{ env.PIN | int }}",
        },
        "env": [{"name": "DB_PASSWORD", "value": "{{ env.DB_PASSWORD }}"}],
        "token": None,
        "secret": "",
        "tokens": True,
    }


def test_equal_values_share_a_variable_and_others_do_not():
    credentials = Credentials({"TOKEN"})
    first, again, other = (credentials.hide(value, "token") for value in ("long-value", "long-value", "other"))
    assert (first, again, other) == (variable("TOKEN_2"), variable("TOKEN_2"), variable("TOKEN_3"))
    assert len(credentials.notes) == 2
    assert credentials.everywhere({"a": ["x long-value y"]}) == {"a": [f"x {variable('TOKEN_2')} y"]}


def test_a_header_is_hidden_as_a_whole():
    credentials = Credentials()
    assert credentials.in_header("X-Auth-Token", "abc") == variable("X_AUTH_TOKEN")
    assert credentials.in_header("X-Custom-Key", "abc1") == variable("X_CUSTOM_KEY")
    assert credentials.in_header("Idempotency-Key", "abc2") == "abc2"
    assert (
        as_template(credentials.in_header("Referer", "http://a/?token=t&x=1"))
        == "http://a/?token={{ env.TOKEN | urlencode }}&x=1"
    )

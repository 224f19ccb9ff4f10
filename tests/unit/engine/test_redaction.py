from decimal import Decimal

import pytest
from tests.unit.engine.world import World, answer

from awsit.engine.redaction import MAX_ITEMS, MAX_TEXT, Redactor


@pytest.mark.parametrize(
    "name",
    [
        *("Authorization", "authorization", "Cookie", "set-cookie", "X-Api-Key", "password", "client_secret", "token"),
        *("SecretAccessKey", "secret_access_key", "SecretString", "SessionToken"),
    ],
)
def test_what_is_called_a_secret_is_masked(name: str) -> None:
    assert Redactor().shown({"headers": {name: "abc"}}) == {"headers": {name: "***"}}


@pytest.mark.parametrize("name", ["author", "tokens", "passed", "order_token_count"])
def test_what_only_sounds_like_one_is_not(name: str) -> None:
    assert Redactor().shown({name: "abc"}) == {name: "abc"}


def test_secret_values_are_masked_inside_longer_texts_longest_first() -> None:
    shown = Redactor(["abcd", "abcdef"]).shown({"url": "http://x/?a=abcdef&b=abcd", "list": ["abcd"]})

    assert shown == {"url": "http://x/?a=***&b=***", "list": ["***"]}


def test_long_texts_and_lists_are_cut_and_say_by_how_much() -> None:
    shown = Redactor().shown({"text": "x" * (MAX_TEXT + 5), "list": list(range(MAX_ITEMS + 3))})

    assert shown["text"].endswith("(5 more characters left out)")
    assert shown["list"][-1] == "… (3 more left out)"


def test_numbers_stay_exact() -> None:
    assert Redactor().shown({"n": Decimal("1.10")}) == {"n": Decimal("1.10")}


def test_numbers_and_names_that_are_secret_are_masked_too() -> None:
    shown = Redactor(["4711.5", "hidden-name"]).shown({"n": Decimal("4711.5"), "hidden-name": 4711, "b": True})

    assert shown == {"n": "***", "***": 4711, "b": True}


def test_short_values_are_masked_where_they_are_named_and_stand_alone() -> None:
    redactor = Redactor(["abc"], ["17", "x"])

    assert redactor.shown({"pin": 17, "text": "17", "abc": "abc", "n": 170}) == {
        "pin": "***",
        "text": "***",
        "abc": "abc",
        "n": 170,
    }
    assert redactor.text('should be "17", not 1.17 or 17.5 or box') == 'should be "***", not 1.17 or 17.5 or box'


SHARED = """
name: shared
actions:
  - name: Login
    type: http_call
    params: {url: "http://api.test/login", body: {given: "{{ secret('login').password }}"}, method: POST}
    pass_to_context: {echo: $.body.echo, pin: $.body.pin}
    redact: [pin]
assertions:
  - {path: $.context.pin, equals: 1}
  - {path: $.actions.Login.result.body.pin, equals: 2}
"""


def test_captures_and_final_assertions_show_no_secret() -> None:
    world = World(answer(200, {"echo": "<c4nary>", "pin": 4711}), secrets={"login": {"password": "c4nary"}})

    events = world.events(SHARED)

    told = repr(events)
    assert "c4nary" not in told
    assert "4711" not in told

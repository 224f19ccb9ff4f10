from decimal import Decimal

import pytest

from awsit.engine.redaction import MAX_ITEMS, MAX_TEXT, Redactor


@pytest.mark.parametrize(
    "name",
    ["Authorization", "authorization", "Cookie", "set-cookie", "X-Api-Key", "password", "client_secret", "token"],
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

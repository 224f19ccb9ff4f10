"""Access tokens that the runs of a process share."""

from concurrent.futures import ThreadPoolExecutor
from threading import Event
from time import monotonic

import pytest

from awsit.model.sources import MOST_TOKENS, Token, TokenCache


def test_one_asks_for_a_token_and_the_others_use_it() -> None:
    tokens, asked, answered = TokenCache(), list[int](), Event()

    def ask() -> Token:
        asked.append(1)
        assert answered.wait(10)
        return Token("t")

    with ThreadPoolExecutor(8) as pool:
        got = [pool.submit(tokens.get, "key", ask, monotonic, 10) for _ in range(8)]
        answered.set()
        assert {each.result(10).text for each in got} == {"t"}
    assert len(asked) == 1


def test_a_token_that_takes_too_long_is_not_waited_for() -> None:
    tokens, begun, answered = TokenCache(), Event(), Event()

    def ask() -> Token:
        begun.set()
        assert answered.wait(10)
        return Token("t")

    with ThreadPoolExecutor() as pool:
        first = pool.submit(tokens.get, "key", ask, monotonic, 10)
        assert begun.wait(10)
        with pytest.raises(TimeoutError):
            tokens.get("key", ask, monotonic, 0.01)
        assert tokens.get("other", lambda: Token("o"), monotonic, 10).text == "o"
        answered.set()
        assert first.result(10).text == "t"


def test_an_error_is_that_of_its_caller_alone() -> None:
    tokens = TokenCache()

    with pytest.raises(ZeroDivisionError):
        tokens.get("key", lambda: Token(str(1 / 0)), monotonic, 10)

    assert tokens.get("key", lambda: Token("t"), monotonic, 10) == Token("t")


def test_a_newer_token_is_not_dropped_with_an_older_one() -> None:
    tokens = TokenCache()
    old = tokens.get("key", lambda: Token("old"), monotonic, 10)
    tokens.drop("key", old)
    new = tokens.get("key", lambda: Token("new"), monotonic, 10)

    tokens.drop("key", old)

    assert tokens.find("key", monotonic()) is new
    assert tokens.texts == {"old", "new"}


def test_a_process_holds_the_newest_tokens_however_long_it_lives() -> None:
    tokens = TokenCache()

    for number in range(MOST_TOKENS + 2):
        tokens.get(number, lambda: Token(f"t{number}"), monotonic, 10)  # noqa: B023 - called at once

    assert len(tokens.texts) == MOST_TOKENS
    assert {"t0", "t1"}.isdisjoint(tokens.texts)
    assert tokens.find(0, monotonic()) is None
    assert tokens.find(MOST_TOKENS + 1, monotonic()) == Token(f"t{MOST_TOKENS + 1}")
    assert tokens.get(0, lambda: Token("again"), monotonic, 10).text == "again"

"""From an exception to what is told of it."""

from __future__ import annotations

import pytest

from awsit.cli.failures import awsit_error
from awsit.errors import ExitCode


@pytest.mark.parametrize(
    ("error", "words", "hint"),
    [
        (MemoryError(), "there is not enough memory", "ulimit -v"),
        (RuntimeError("can't start new thread"), "no thread can be started", "ulimit -u"),
    ],
)
def test_what_the_machine_has_no_more_of_is_no_bug(error: Exception, words: str, hint: str) -> None:
    known = awsit_error(error)

    assert known is not None
    assert known.exit_code == ExitCode.ENVIRONMENT
    assert known.message == words
    assert hint in (known.hint or "")


def test_another_error_of_python_is_a_bug() -> None:
    assert awsit_error(RuntimeError("dictionary changed size during iteration")) is None

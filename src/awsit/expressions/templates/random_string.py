"""`random_string()`, as templates call it."""

from __future__ import annotations

from collections.abc import Callable

from awsit.errors import ExpressionError
from awsit.model.json import Json
from awsit.model.ports import Randomness

MAX_LENGTH = 4096


def random_strings(randomness: Randomness) -> Callable[[Json], str]:
    """`random_string(length)`, which raises ExpressionError unless the length is from 1 to `MAX_LENGTH`."""

    def random_string(length: Json) -> str:
        if not isinstance(length, int) or isinstance(length, bool) or not 1 <= length <= MAX_LENGTH:
            raise ExpressionError(f"random_string: needs a whole number from 1 to {MAX_LENGTH}")
        return randomness.token(length)

    return random_string

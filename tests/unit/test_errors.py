"""The effect of an attempt, by the status of its answer."""

from __future__ import annotations

import pytest

from awsit.errors import ActionError, Effect, ErrorKind

UNKNOWN = {408, 425, 429, *range(500, 600)}


@pytest.mark.parametrize("status", [*range(200, 209), *range(300, 309), *range(400, 432), *range(500, 512), 599])
def test_a_status_tells_what_was_done(status: int) -> None:
    wanted = Effect.DONE if status < 400 else Effect.UNKNOWN if status in UNKNOWN else Effect.NONE

    assert Effect.of_status(status) is wanted


@pytest.mark.parametrize("kind", ErrorKind)
def test_only_of_params_that_are_wrong_nothing_was_sent_by_default(kind: ErrorKind) -> None:
    assert (ActionError("", kind=kind).effect is Effect.NONE) is (kind is ErrorKind.VALIDATION)

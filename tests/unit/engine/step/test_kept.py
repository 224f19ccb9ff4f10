"""What a step may capture."""

from types import SimpleNamespace

import pytest

from awsit.engine.step.kept import MAX_CAPTURED, captured, kept_for, name_of
from awsit.errors import ExpressionError
from awsit.model.action.call import Kept
from awsit.model.plan import Step


def step(*paths):
    return SimpleNamespace(captures={f"x{number}": path for number, path in enumerate(paths)}, source="actions[0]")


def test_the_captures_of_a_step_hold_so_many_values_together():
    result = {"half": [0] * (MAX_CAPTURED // 2 - 2)}

    assert len(captured(step("$.half", "$.half[0]"), result)[0]) == 2
    with pytest.raises(ExpressionError, match=f"what the step captures has more than {MAX_CAPTURED} values") as raised:
        captured(step("$.half", "$", "$.half"), result)
    assert raised.value.code == "too_large"


def test_what_is_not_there_is_told():
    values, missing = captured(step("$.a"), {"b": 1})

    assert values == {}
    assert [each.message for each in missing] == ["x0 was not captured: $.a selects nothing"]


def test_a_tap_and_what_receives_from_it_keep_things_for_one_another():
    listen, receive, call = (Step(index, "A", type_) for index, type_ in enumerate(("listen", "receive", "http_call")))
    context = {name_of(each): each.type for each in (listen, receive, call)}

    assert kept_for(receive, context) == Kept(("listen",), "receive")
    assert kept_for(call, context) == Kept((), "http_call")

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


PAGE = {"body": '<input name="csrf" value="tok-42">', "lines": ["id=1", "id=22"], "code": 17, "empty": "a="}


@pytest.mark.parametrize(
    ("spec", "value"),
    [
        ({"path": "$.body", "regex": 'value="([^"]+)"'}, "tok-42"),
        ({"path": "$.body", "regex": "tok-[0-9]+"}, "tok-42"),
        ({"path": "$.lines[*]", "regex": "id=([0-9]+)"}, ["1", "22"]),
        ({"path": "$.lines[1]", "regex": "(?:id)=([0-9])"}, "2"),
        ({"path": "$.empty", "regex": "a=(.*)"}, ""),
    ],
)
def test_a_regular_expression_captures_a_part_of_a_text(spec, value):
    assert captured(step(spec), PAGE) == ({"x0": value}, [])


@pytest.mark.parametrize(
    ("spec", "reason"),
    [
        ({"path": "$.lines[0]", "regex": "code=(.)"}, "`code=(.)` matches nothing in $.lines[0]"),
        ({"path": "$.lines[*]", "regex": "22"}, "`22` matches nothing in [0] of $.lines[*]"),
        ({"path": "$.empty", "regex": "a=(b)?"}, "`a=(b)?` matches nothing in $.empty"),
        ({"path": "$.code", "regex": "1"}, "`regex` looks for a part of a text, and $.code is of type number"),
        ({"path": "$.boddy", "regex": "1"}, "$ has no `boddy`; did you mean `body`?"),
    ],
)
def test_a_part_that_is_not_there_is_told(spec, reason):
    values, missing = captured(step(spec), PAGE)

    assert values == {}
    assert [each.message for each in missing] == [f"x0 was not captured: {reason}"]


def test_a_tap_and_what_receives_from_it_keep_things_for_one_another():
    listen, receive, call = (Step(index, "A", type_) for index, type_ in enumerate(("listen", "receive", "http_call")))
    context = {name_of(each): each.type for each in (listen, receive, call)}

    assert kept_for(receive, context) == Kept(("listen",), "receive")
    assert kept_for(call, context) == Kept((), "http_call")

import json
import subprocess
import sys

import pytest

from awsit.sandbox.conditions import evaluator

EVALUATED = """
import importlib, json, sys
from awsit.sandbox.conditions import evaluator
engine = importlib.import_module("ministack.services.cloudformation.engine")
template, *values = json.loads(sys.argv[1]), *json.loads(sys.argv[2])
given = [[{"Key": name, "Value": value} for name, value in each.items()] for each in values]
evaluate = evaluator(engine._resolve_refs)
print(json.dumps([evaluate(template, engine._resolve_parameters(template, each)) for each in given]))
"""
"""Prints a template's conditions for each set of parameters, by the pinned emulator; in a process of its own."""

TEMPLATE = {
    "Parameters": {
        "Names": {"Type": "CommaDelimitedList", "Default": ""},
        "Stage": {"Type": "String", "Default": "dev"},
    },
    "Mappings": {"Sizes": {"dev": {"Kind": "small"}, "prod": {"Kind": "large"}}},
    "Conditions": {
        "HasNames": {"Fn::Not": [{"Fn::Equals": [{"Fn::Join": ["", {"Ref": "Names"}]}, ""]}]},
        "IsHere": {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]},
        "IsElsewhere": {"Fn::Equals": [{"Ref": "AWS::Region"}, "eu-west-1"]},
        "IsLarge": {"Fn::Equals": [{"Fn::FindInMap": ["Sizes", {"Ref": "Stage"}, "Kind"]}, "large"]},
        "IsDev": {"Fn::Equals": [{"Fn::Sub": "${Stage}-stage"}, "dev-stage"]},
        "IsSmallHere": {"Fn::And": [{"Condition": "IsHere"}, {"Fn::Not": [{"Condition": "IsLarge"}]}]},
    },
    "Resources": {},
}


BY_DEFAULT = {
    "HasNames": False,
    "IsHere": True,
    "IsElsewhere": False,
    "IsLarge": False,
    "IsDev": True,
    "IsSmallHere": True,
}
ELSE = {**BY_DEFAULT, "HasNames": True, "IsLarge": True, "IsDev": False, "IsSmallHere": False}


def test_every_intrinsic_function_counts():
    values = [{}, {"Names": "a,b", "Stage": "prod"}]
    command = [sys.executable, "-c", EVALUATED, json.dumps(TEMPLATE), json.dumps(values)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=True)

    assert json.loads(done.stdout.splitlines()[-1]) == [BY_DEFAULT, ELSE]


def test_a_template_without_conditions_has_none():
    assert evaluator(lambda value, *_: value)({"Resources": {}}, {}) == {}


@pytest.mark.parametrize(
    ("conditions", "refusal"),
    [
        ({"A": {"Condition": "A"}}, "the condition A depends on itself"),
        ({"A": {"Condition": "B"}, "B": {"Condition": "A"}}, "the condition A depends on itself"),
        ({"A": {"Condition": "Nowhere"}}, "Unresolved condition dependency Nowhere"),
    ],
)
def test_what_cloudformation_refuses_is_no_value(conditions, refusal):
    def resolve(value, _resources, _parameters, holding, *_):
        return holding.get(value["Condition"], False)

    with pytest.raises(ValueError, match=refusal):
        evaluator(resolve)({"Conditions": conditions}, {})

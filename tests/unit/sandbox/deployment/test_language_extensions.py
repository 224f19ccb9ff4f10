import copy

import pytest

from awsit.errors import InvalidInputError
from awsit.sandbox.deployment.language_extensions import without_extensions

SAM = "AWS::Serverless-2016-10-31"
TEMPLATE = {
    "Transform": ["AWS::LanguageExtensions", SAM],
    "Parameters": {"Names": {"Type": "CommaDelimitedList", "Default": ""}},
    "Resources": {
        "Fn::ForEach::Functions": [
            "Name",
            {"Ref": "Names"},
            {
                "${Name}Function": {
                    "Type": "AWS::Serverless::Function",
                    "Properties": {"Handler": {"Fn::Sub": "${Name}.h"}},
                }
            },
        ]
    },
}


def test_loops_are_unrolled_for_the_values_of_parameters_and_sam_is_left_to_do():
    before = copy.deepcopy(TEMPLATE)

    plain = without_extensions(TEMPLATE, {"Names": "Read,Write"})

    assert before == TEMPLATE
    assert plain["Transform"] == [SAM]
    assert {name: resource["Properties"]["Handler"] for name, resource in plain["Resources"].items()} == {
        "ReadFunction": "Read.h",
        "WriteFunction": "Write.h",
    }


@pytest.mark.parametrize("transform", [None, SAM, [SAM]])
def test_a_template_without_the_transform_is_left_as_it_is(transform):
    template = {**TEMPLATE, "Transform": transform}

    assert without_extensions(template, {}) is template


def test_the_only_transform_leaves_none():
    template = {"Transform": "AWS::LanguageExtensions", "Resources": {}}

    assert without_extensions(template, {}) == {"Resources": {}}


def test_a_loop_that_cannot_be_unrolled_is_refused():
    wrong = copy.deepcopy(TEMPLATE)
    wrong["Resources"]["Fn::ForEach::Functions"].pop()

    with pytest.raises(InvalidInputError, match="takes an identifier, a collection and a fragment"):
        without_extensions(wrong, {})

import copy

import pytest

from awsit.errors import InvalidInputError
from awsit.sandbox.deployment.sam import translated

TEMPLATE = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Globals": {"Function": {"Runtime": "python3.13", "CodeUri": {"Bucket": "b", "Key": "k"}, "Handler": "a.b"}},
    "Resources": {
        "Health": {
            "Type": "AWS::Serverless::Function",
            "Properties": {"Events": {"Get": {"Type": "HttpApi", "Properties": {"Path": "/health", "Method": "get"}}}},
        }
    },
}


@pytest.fixture(autouse=True)
def region(monkeypatch):
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")


def test_sam_s_own_library_makes_the_api_and_globals_reach_the_function():
    before = copy.deepcopy(TEMPLATE)

    plain = translated(TEMPLATE, {})

    assert before == TEMPLATE
    assert "Transform" not in plain
    assert plain["Resources"]["Health"]["Properties"]["Runtime"] == "python3.13"
    assert list(plain["Resources"]["ServerlessHttpApi"]["Properties"]["Body"]["paths"]) == ["/health"]


def test_what_sam_refuses_is_refused_in_its_words():
    wrong = copy.deepcopy(TEMPLATE)
    wrong["Resources"]["Health"]["Properties"]["Events"]["Get"]["Type"] = "HtpApi"

    with pytest.raises(InvalidInputError, match=r"SAM does not take the template: .*\[Health\].*HtpApi"):
        translated(wrong, {})


def test_the_name_of_a_stored_parameter_is_not_taken_for_its_value():
    template = copy.deepcopy(TEMPLATE)
    template["Parameters"] = {"Pool": {"Type": "AWS::SSM::Parameter::Value<String>", "Default": "/auth/pool"}}
    template["Resources"]["Health"]["Properties"]["Environment"] = {"Variables": {"POOL": {"Ref": "Pool"}}}

    plain = translated(template, {"Pool": "/auth/pool"})

    assert plain["Resources"]["Health"]["Properties"]["Environment"]["Variables"] == {"POOL": {"Ref": "Pool"}}
    assert plain["Parameters"] == template["Parameters"]


@pytest.mark.parametrize(
    "transform", [None, "AWS::LanguageExtensions", ["AWS::LanguageExtensions", TEMPLATE["Transform"]]]
)
def test_other_templates_are_left_as_they_are(transform):
    template = {**TEMPLATE, "Transform": transform}

    assert translated(template, {}) is template

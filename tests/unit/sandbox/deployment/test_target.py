import pytest

from awsit.sandbox.deployment.target import SandboxTarget


def prepared(**template):
    return SandboxTarget().prepared({"Resources": {}, **template}, {})["Resources"]


def test_other_outputs_are_another_mark():
    one, other = prepared(Outputs={"Name": {"Value": "a"}}), prepared(Outputs={"Name": {"Value": "b"}})

    assert one.keys() != other.keys()
    assert one == prepared(Outputs={"Name": {"Value": "a"}})
    assert {resource["Type"] for resource in one.values()} == {"AWS::CloudFormation::WaitConditionHandle"}
    assert prepared() == {}


@pytest.mark.parametrize(
    ("value", "text"), [(200, "200"), (0.5, "0.5"), (True, "true"), ("a", "a"), ({"Ref": "T"}, {"Ref": "T"})]
)
def test_variables_of_functions_are_text_as_cloudformation_makes_them(value, text):
    function = {"Type": "AWS::Lambda::Function", "Properties": {"Environment": {"Variables": {"A": value}}}}

    assert prepared(Resources={"F": function})["F"]["Properties"]["Environment"]["Variables"] == {"A": text}


def test_only_awsit_s_own_function_may_call_this_machine():
    def variables(**given):
        function = {"Type": "AWS::Lambda::Function", "Properties": {"Environment": {"Variables": given}}}
        return prepared(Resources={"F": function})["F"]["Properties"]["Environment"]["Variables"]

    parameter = {"Fn::Join": [",", {"Ref": "AllowedHosts"}]}
    hosts = ["127.0.0.0/8", "::1/128", "0.0.0.0/8", "::/128"]
    assert variables(AWSIT_ALLOWED_HOSTS=parameter) == {"AWSIT_ALLOWED_HOSTS": {"Fn::Join": [",", [parameter, *hosts]]}}
    assert variables(OTHER="x") == {"OTHER": "x"}

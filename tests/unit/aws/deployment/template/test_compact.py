import json

import pytest

from awsit.aws.deployment.template.compact import compact

BODY = '{\n  "widgets": [\n    {"type": "text", "properties": {"markdown": "of ${AWS::Region}, and a  text"}}\n  ]\n}'
SHORT = '{"widgets":[{"type":"text","properties":{"markdown":"of ${AWS::Region}, and a  text"}}]}'


def with_body(body, kind="AWS::CloudWatch::Dashboard"):
    return {"Description": "d", "Resources": {"It": {"Type": kind, "Properties": {"DashboardBody": body, "x": BODY}}}}


@pytest.mark.parametrize(("body", "sent"), [(BODY, SHORT), ({"Fn::Sub": BODY}, {"Fn::Sub": SHORT})])
def test_the_body_of_a_dashboard_is_sent_on_one_line(body, sent):
    assert compact(with_body(body)) == with_body(sent)
    assert json.loads(SHORT) == json.loads(BODY)


@pytest.mark.parametrize("body", ["{", {"Ref": "Body"}, {"Fn::Sub": ["{}", {}]}, None])
def test_what_is_no_json_is_sent_as_it_is(body):
    assert compact(with_body(body)) == with_body(body)


def test_other_resources_are_sent_as_they_are():
    other = with_body(BODY, "AWS::S3::Bucket")

    assert compact(other) == other
    assert compact({"Resources": {"Fn::ForEach::All": ["x"]}}) == {"Resources": {"Fn::ForEach::All": ["x"]}}

import pytest

from awsit.sandbox.deployment.endpoints import with_endpoints

API = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"ProtocolType": "HTTP"}}
CHAT = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"ProtocolType": "WEBSOCKET"}}
HTTPS = "https://${Api}.execute-api.${AWS::Region}.amazonaws.com"


@pytest.mark.parametrize(
    ("value", "written_out"),
    [
        ({"Fn::GetAtt": ["Api", "ApiEndpoint"]}, {"Fn::Sub": HTTPS}),
        ({"Fn::GetAtt": "Api.ApiEndpoint"}, {"Fn::Sub": HTTPS}),
        ({"Fn::Sub": "${Api.ApiEndpoint}/orders"}, {"Fn::Sub": f"{HTTPS}/orders"}),
        (
            {"Fn::Sub": ["${Api.ApiEndpoint}/${Path}", {"Path": "x"}]},
            {"Fn::Sub": [f"{HTTPS}/${{Path}}", {"Path": "x"}]},
        ),
        (
            {"Fn::GetAtt": ["Chat", "ApiEndpoint"]},
            {"Fn::Sub": "wss://${Chat}.execute-api.${AWS::Region}.amazonaws.com"},
        ),
        ({"Fn::GetAtt": ["Api", "ApiId"]}, {"Fn::GetAtt": ["Api", "ApiId"]}),
        ({"Fn::GetAtt": ["Stack", "ApiEndpoint"]}, {"Fn::GetAtt": ["Stack", "ApiEndpoint"]}),
    ],
)
def test_the_endpoint_of_an_api_is_that_of_aws(value, written_out):
    template = {"Resources": {"Api": API, "Chat": CHAT}, "Outputs": {"It": {"Value": value}}}

    assert with_endpoints(template)["Outputs"]["It"]["Value"] == written_out

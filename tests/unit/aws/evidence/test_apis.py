"""The functions behind a URL."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from tests.unit.aws.evidence.answering import AnsweringAws

from awsit.aws.evidence.apis import functions_behind
from awsit.aws.evidence.resources import StackResource
from awsit.diagnosis.inquiry import Inquiry

SINCE = datetime(2030, 1, 1, tzinfo=UTC)
ARN = "arn:aws:lambda:eu-west-1:123456789012:function"
RESOURCES = [
    StackResource("AWS::ApiGateway::RestApi", "Rest", "rest1", "shop"),
    StackResource("AWS::ApiGatewayV2::Api", "Http", "http1", "shop"),
    StackResource("AWS::Lambda::Url", "Url", f"{ARN}:url-function", "shop"),
    StackResource("AWS::ApiGatewayV2::DomainName", "Domain", "api.shop.test", "shop"),
    StackResource("AWS::SQS::Queue", "Queue", "rest2", "shop"),
]


def integration(name: str) -> dict[str, object]:
    uri = f"arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/{ARN}:{name}/invocations"
    return {"methodIntegration": {"type": "AWS_PROXY", "uri": uri}}


@pytest.fixture
def aws() -> AnsweringAws:
    rest = {
        "items": [
            {"path": "/orders", "resourceMethods": {"POST": integration("create"), "GET": integration("list")}},
            {"path": "/mock", "resourceMethods": {"GET": {"methodIntegration": {"type": "MOCK"}}}},
            {"path": "/"},
        ]
    }
    routes = [
        {"RouteKey": "GET /prices/{id}", "Target": "integrations/i1"},
        {"RouteKey": "$default", "Target": "integrations/i2"},
        {"RouteKey": "GET /none"},
    ]
    integrations = [
        {"IntegrationId": "i1", "IntegrationType": "AWS_PROXY", "IntegrationUri": f"{ARN}:price"},
        {"IntegrationId": "i2", "IntegrationType": "AWS_PROXY", "IntegrationUri": f"{ARN}:fallback:live"},
    ]
    return AnsweringAws(
        apigateway_GetResources=rest,
        apigatewayv2_GetRoutes={"Items": routes},
        apigatewayv2_GetIntegrations={"Items": integrations},
        lambda_GetFunctionUrlConfig={"FunctionUrl": "https://abc.lambda-url.eu-west-1.on.aws/"},
    )


@pytest.mark.parametrize(
    ("method", "url", "names"),
    [
        ("POST", "https://rest1.execute-api.eu-west-1.amazonaws.com/prod/orders", ["create"]),
        ("GET", "http://127.0.0.1:4566/restapis/rest1/prod/_user_request_/orders", ["list"]),
        ("GET", "https://rest1.execute-api.eu-west-1.amazonaws.com/prod/nowhere", ["create", "list"]),
        ("GET", "https://http1.execute-api.eu-west-1.amazonaws.com/prices/7", ["price"]),
        ("GET", "https://http1.execute-api.eu-west-1.amazonaws.com/prod/prices/7", ["price"]),
        ("PUT", "http://127.0.0.1:4566/_aws/execute-api/http1/$default/prices/7", ["fallback"]),
        ("GET", "https://abc.lambda-url.eu-west-1.on.aws/x", ["url-function"]),
        ("GET", "https://other.lambda-url.eu-west-1.on.aws/x", []),
        ("POST", "https://api.shop.test/orders", ["create", "fallback"]),
        ("GET", "https://rest2.execute-api.eu-west-1.amazonaws.com/prod", []),
        ("GET", "https://example.com/orders", []),
    ],
)
def test_the_functions_behind_a_url(aws: AnsweringAws, method: str, url: str, names: list[str]) -> None:
    behind = functions_behind(aws, RESOURCES, Inquiry(("shop",), SINCE, url, method))

    assert [each.name for each in behind] == names

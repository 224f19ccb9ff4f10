from awsit.sandbox.deployment.http_api import API, with_routes

LAMBDA = {"type": "aws_proxy", "httpMethod": "POST", "uri": "arn", "payloadFormatVersion": "2.0"}
CALL = {"x-amazon-apigateway-integration": LAMBDA}


def routed(body, **api):
    """The resources of a template whose only resource is the HTTP API `Api`, by type, without its own prefix."""
    template = {"Resources": {"Api": {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Body": body}, **api}}}
    by_type = {}
    for name, resource in with_routes(template)["Resources"].items():
        by_type.setdefault(resource["Type"].removeprefix("AWS::ApiGatewayV2::"), {})[name] = resource
    return by_type


def keys(resources):
    return [route["Properties"]["RouteKey"] for route in resources["Route"].values()]


def test_each_operation_is_a_route_with_its_integration():
    paths = {
        "/orders": {"get": CALL, "post": CALL, "parameters": []},
        "/orders/{id}": {"x-amazon-apigateway-any-method": CALL},
        "$default": {"x-amazon-apigateway-any-method": CALL},
        "/nothing": {"get": {"responses": {}}},
    }
    resources = routed({"info": {"title": "shop"}, "paths": paths})

    assert keys(resources) == ["GET /orders", "POST /orders", "ANY /orders/{id}", "$default"]
    (route, integration), *_ = zip(resources["Route"].values(), resources["Integration"], strict=True)
    assert route["Properties"]["Target"] == {"Fn::Join": ["/", ["integrations", {"Ref": integration}]]}
    assert resources["Integration"][integration]["Properties"] == {
        "ApiId": {"Ref": "Api"},
        "IntegrationType": "AWS_PROXY",
        "IntegrationMethod": "POST",
        "IntegrationUri": "arn",
        "PayloadFormatVersion": "2.0",
    }
    assert resources["Api"]["Api"]["Properties"] == {"Name": "shop", "ProtocolType": "HTTP"}


def test_paths_that_differ_in_their_punctuation_only_are_different_routes():
    resources = routed({"paths": {"/users/{id}": {"get": CALL}, "/users/id": {"get": CALL}}})

    assert keys(resources) == ["GET /users/{id}", "GET /users/id"]


def test_authorizers_protect_the_routes_that_ask_for_them():
    jwt = {
        "type": "jwt",
        "identitySource": "$request.header.Auth",
        "jwtConfiguration": {"issuer": "i", "audience": ["a"]},
    }
    function = {"type": "request", "authorizerUri": "uri", "enableSimpleResponses": True}
    body = {
        "components": {
            "securitySchemes": {
                "Jwt": {"x-amazon-apigateway-authorizer": jwt},
                "Function": {"x-amazon-apigateway-authorizer": function},
                "AWS_IAM": {"x-amazon-apigateway-authtype": "awsSigv4"},
            }
        },
        "paths": {
            "/open": {"get": CALL},
            "/jwt": {"get": CALL | {"security": [{"Jwt": ["read"]}]}},
            "/function": {"get": CALL | {"security": [{"Function": []}]}},
            "/iam": {"get": CALL | {"security": [{"AWS_IAM": []}]}},
        },
    }
    resources = routed(body)
    authorizers = {
        item["Properties"]["Name"]: (name, item["Properties"]) for name, item in resources["Authorizer"].items()
    }
    protected = {
        route["Properties"]["RouteKey"]: (
            route["Properties"].get("AuthorizationType"),
            route["Properties"].get("AuthorizerId", {}).get("Ref"),
        )
        for route in resources["Route"].values()
    }

    assert protected == {
        "GET /open": (None, None),
        "GET /jwt": ("JWT", authorizers["Jwt"][0]),
        "GET /function": ("CUSTOM", authorizers["Function"][0]),
        "GET /iam": ("AWS_IAM", None),
    }
    assert authorizers["Jwt"][1]["JwtConfiguration"] == {"Audience": ["a"], "Issuer": "i"}
    assert authorizers["Jwt"][1]["IdentitySource"] == ["$request.header.Auth"]
    assert authorizers["Function"][1]["AuthorizerType"] == "REQUEST"
    assert authorizers["Function"][1]["EnableSimpleResponses"] is True


def test_the_condition_of_an_api_is_that_of_its_routes():
    resources = routed({"paths": {"/a": {"get": CALL}}}, Condition="IsTest")

    assert all(item["Condition"] == "IsTest" for group in resources.values() for item in group.values())


def test_cors_has_the_names_that_the_emulator_reads():
    body = {"paths": {}, "x-amazon-apigateway-cors": {"allowOrigins": ["*"]}}
    assert routed(body)["Api"]["Api"]["Properties"]["CorsConfiguration"] == {"allowOrigins": ["*"]}

    api = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"CorsConfiguration": {"AllowOrigins": ["*"]}}}
    (resource,) = with_routes({"Resources": {"Api": api}})["Resources"].values()
    assert resource["Properties"] == {"CorsConfiguration": {"allowOrigins": ["*"]}}


def test_an_api_without_a_body_is_as_it_was():
    api = {"Type": "AWS::ApiGatewayV2::Api", "Properties": {"Name": "a", "ProtocolType": "WEBSOCKET"}}

    assert with_routes({"Resources": {"Api": api}}) == {"Resources": {"Api": api}}


def test_an_api_with_a_target_gets_its_route_and_its_stage():
    api = {"Type": API, "Properties": {"Name": "a", "ProtocolType": "HTTP", "Target": {"Fn::GetAtt": ["F", "Arn"]}}}

    resources = with_routes({"Resources": {"Api": api}})["Resources"]

    assert "Target" not in resources["Api"]["Properties"]
    properties = {name: resource["Properties"] for name, resource in resources.items()}
    assert properties["ApiQuickRoute"]["RouteKey"] == "$default"
    assert properties["ApiQuickIntegration"]["IntegrationUri"] == {"Fn::GetAtt": ["F", "Arn"]}
    assert properties["ApiQuickIntegration"]["IntegrationType"] == "AWS_PROXY"
    assert properties["ApiQuickStage"] == {"ApiId": {"Ref": "Api"}, "StageName": "$default", "AutoDeploy": True}


def test_a_target_can_be_a_url():
    api = {"Type": API, "Properties": {"ProtocolType": "HTTP", "Target": "https://x.example", "RouteKey": "GET /a"}}

    resources = with_routes({"Resources": {"Api": api}})["Resources"]

    assert resources["ApiQuickRoute"]["Properties"]["RouteKey"] == "GET /a"
    integration = resources["ApiQuickIntegration"]["Properties"]
    assert (integration["IntegrationType"], integration["IntegrationMethod"]) == ("HTTP_PROXY", "ANY")


def test_a_deployment_of_an_api_does_nothing():
    deployment = {"Type": "AWS::ApiGatewayV2::Deployment", "Properties": {"ApiId": {"Ref": "Api"}}, "Condition": "IsOn"}

    assert with_routes({"Resources": {"It": deployment}})["Resources"] == {
        "It": {"Type": "AWS::CloudFormation::WaitConditionHandle", "Condition": "IsOn"}
    }


def test_a_document_as_text_gives_no_routes():
    assert routed('{"openapi": "3.0.1"}').keys() == {"Api"}

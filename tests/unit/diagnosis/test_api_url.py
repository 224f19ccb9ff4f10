"""URLs of APIs, on AWS and in the sandbox, and the route that answers."""

import pytest

from awsit.diagnosis.api_url import ApiRoute, address_of, functions_of

ROUTES = [
    ApiRoute("GET", "/orders/{id}", "read"),
    ApiRoute("GET", "/orders/latest", "latest"),
    ApiRoute("ANY", "/orders/{id}", "any"),
    ApiRoute("ANY", "/files/{proxy+}", "files"),
    ApiRoute("GET", "/", "root"),
]


@pytest.mark.parametrize(
    ("url", "api_id", "path"),
    [
        ("https://a1b2.execute-api.eu-west-1.amazonaws.com/prod/orders/7?x=1", "a1b2", "/orders/7"),
        ("https://a1b2.execute-api.cn-north-1.amazonaws.com.cn/prod/orders", "a1b2", "/orders"),
        ("http://a1b2.execute-api.localhost:4566/prod/orders", "a1b2", "/orders"),
        ("http://127.0.0.1:4566/restapis/a1b2/prod/_user_request_/orders/7", "a1b2", "/orders/7"),
        ("http://127.0.0.1:4566/_aws/execute-api/a1b2/$default/orders", "a1b2", "/orders"),
        ("http://127.0.0.1:4566/_aws/execute-api/a1b2/prod", "a1b2", "/"),
        ("https://a1b2.execute-api.eu-west-1.amazonaws.com/prod/a%20b", "a1b2", "/a b"),
    ],
)
def test_an_api_is_known_by_its_id(url: str, api_id: str, path: str) -> None:
    address = address_of(url)

    assert (address.api_id, address.paths[0], address.is_function_url) == (api_id, path, False)


def test_a_function_url_and_a_custom_domain() -> None:
    assert address_of("https://abc.lambda-url.eu-west-1.on.aws/orders").is_function_url
    assert (address_of("https://api.shop.test/v1/orders").host, address_of("https://api.shop.test").api_id) == (
        "api.shop.test",
        "",
    )


@pytest.mark.parametrize("url", ["", "http://[", "no url", "file:///etc"])
def test_what_is_no_address(url: str) -> None:
    assert address_of(url).api_id == ""


@pytest.mark.parametrize(
    ("method", "path", "function"),
    [
        ("GET", "/orders/latest", "latest"),
        ("get", "/orders/7/", "read"),
        ("POST", "/orders/7", "any"),
        ("PUT", "/files/a/b", "files"),
        ("GET", "/", "root"),
    ],
)
def test_the_most_specific_route_answers(method: str, path: str, function: str) -> None:
    assert functions_of(ROUTES, method, [path]) == [function]


def test_without_a_route_all_functions_are_asked_or_the_default_route() -> None:
    assert functions_of(ROUTES, "GET", ["/nowhere"]) == ["read", "latest", "any", "files", "root"]
    assert functions_of([*ROUTES, ApiRoute("", "$default", "fallback")], "GET", ["/nowhere"]) == ["fallback"]


def test_a_stage_may_be_a_part_of_the_path() -> None:
    assert functions_of(ROUTES, "GET", ["/latest", "/orders/latest"]) == ["latest"]

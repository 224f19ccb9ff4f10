from typing import Any

import pytest

from awsit.actions.http_call.forecast import IAM_ACTIONS, required_permissions, summary_of
from awsit.model.permissions import AwsLocation, Permission

HERE = AwsLocation.of("eu-west-1")
API = "https://abc123.execute-api.eu-central-1.amazonaws.com/prod/orders"


def test_only_a_signed_call_needs_a_permission() -> None:
    assert required_permissions({"url": API}, HERE).permissions == ()
    signed = required_permissions({"url": API, "method": "post", "auth": {"sigv4": {}}}, HERE)
    arn = "arn:aws:execute-api:eu-central-1:*:abc123/*/POST/*"
    assert signed.permissions == (Permission("execute-api:Invoke", arn),)


def test_a_function_url_needs_two_permissions() -> None:
    params = {"url": "https://x.lambda-url.eu-west-1.on.aws/", "auth": {"sigv4": {"service": "lambda"}}}
    permissions = required_permissions(params, HERE).permissions
    assert {each.action for each in permissions} == {"lambda:InvokeFunction", "lambda:InvokeFunctionUrl"}
    assert {each.resource for each in permissions} == {"arn:aws:lambda:eu-west-1:*:function:*"}


def test_every_name_is_an_iam_action(reference: Any) -> None:
    names = [name.split(":") for names in IAM_ACTIONS.values() for name in names]
    assert [name for prefix, name in names if name.lower() not in reference[prefix]["Actions"]] == []


def test_the_permission_for_another_service_is_not_known() -> None:
    params = {"url": "https://sqs.eu-west-1.amazonaws.com/", "auth": {"sigv4": {"service": "sqs"}}}
    assert "signed for sqs" in required_permissions(params, HERE).unknown


@pytest.mark.parametrize(
    ("url", "text", "host"),
    [
        ("https://a.test:8443/x?key=hush", "GET https://a.test:8443/x", "a.test:8443"),
        ("<orders.ApiUrl>/x", "GET <orders.ApiUrl>/x", "<orders.ApiUrl>"),
        ("{{ env.API_URL }}/x", "GET {{ env.API_URL }}/x", "{{ env.API_URL }}"),
    ],
)
def test_the_summary_shows_no_query_and_the_resource_is_the_host(url: str, text: str, host: str) -> None:
    summary = summary_of({"url": url})
    assert (summary.text, summary.resource) == (text, host)


def test_the_summary_says_where_a_token_comes_from() -> None:
    oauth2 = {"token_url": "{{ env.AUTH }}/token?key=hush", "client_id": "me", "client_secret": "hush"}
    summary = summary_of({"url": "https://a.test/x", "auth": {"oauth2": oauth2}})
    assert summary.text == "GET https://a.test/x, with a token of {{ env.AUTH }}/token"

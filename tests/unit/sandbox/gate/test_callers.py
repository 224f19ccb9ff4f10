import pytest

from awsit.sandbox.gate.callers import page_refusal, served_unsigned, unsigned_operation, values


def test_the_lines_of_a_header_are_found_in_any_case():
    assert values([(b"Origin", b"a"), (b"origin", b"\xfc"), (b"host", b"b")], "origin") == ["a", "ü"]


def test_a_client_that_is_no_browser_sends_neither_header():
    assert page_refusal([(b"host", b"127.0.0.1"), (b"user-agent", b"curl")]) == ""


def test_an_sns_link_may_not_name_another_service_as_well():
    query = "Action=ConfirmSubscription&Token=1"

    assert served_unsigned("GET", "/", [], query)
    assert not served_unsigned("GET", "/", [(b"X-Amz-Target", b"DynamoDB_20120810.Scan")], query)


@pytest.mark.parametrize(
    ("method", "path", "targets"),
    [
        ("GET", "/", [b"AWSCognitoIdentityProviderService.InitiateAuth"]),
        ("POST", "/b/k", [b"AWSCognitoIdentityProviderService.InitiateAuth"]),
        ("POST", "/", [b"AWSCognitoIdentityProviderService.InitiateAuth", b"DynamoDB_20120810.Scan"]),
        ("POST", "/", [b"AWSSecurityTokenService.AssumeRoleWithWebIdentity"]),
    ],
)
def test_no_call_of_another_service_passes_for_an_unsigned_one(method, path, targets):
    assert unsigned_operation(method, path, [(b"x-amz-target", target) for target in targets]) is None

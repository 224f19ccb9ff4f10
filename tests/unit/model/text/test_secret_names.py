"""What is taken for a secret because of its name, as services and vendors write it."""

import pytest

from awsit.model.text.secret_names import is_secret_name, is_secret_variable


@pytest.mark.parametrize(
    "name",
    [
        *(
            "Authorization",
            "proxy-authorization",
            "Cookie",
            "set-cookie",
            "SetCookie",
            "X-Api-Key",
            "x-apikey",
            "apiKey",
        ),
        *(
            "X-Vault-Token",
            "PRIVATE-TOKEN",
            "X-GitHub-Token",
            "X-Auth-Token",
            "authorizationToken",
            "Token",
            "xsrfToken",
        ),
        *("x-amz-security-token", "X-Amz-Signature", "SessionToken", "AWS_SESSION_TOKEN", "GITHUB_TOKEN", "taskToken"),
        *(
            "Plaintext",
            "otp",
            "userOTP",
            "totp",
            "jwt",
            "idJWT",
            "connectionString",
            "ConnectionStrings",
            "DB_PASSWORD",
        ),
        *(
            "passwd",
            "pwd",
            "db.password",
            "userPassword",
            "passphrase",
            "clientSecret",
            "client_secrets",
            "credentials",
        ),
        *("SecretAccessKey", "secret_access_key", "SecretString", "SecretBinary", "private-key", "PrivateKey"),
        *("AccountKey", "SharedAccessKey", "Ocp-Apim-Subscription-Key", "x-functions-key", "master_key", "bearer"),
        *(
            "passcode",
            "setcookie",
            "PROXYAUTHORIZATION",
            "PaginationToken",
            "client_request_token",
            "code_verifier",
            "clientAssertion",
            "token[0]",
            "client_token",
            "refresh-token",
            "HTTPPassword",
        ),
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    [
        *(
            "author",
            "authorized",
            "tokens",
            "total_tokens",
            "max_tokens",
            "passed",
            "order_token_count",
            "cookies_count",
        ),
        *("NextToken", "next_token", "nextPageToken", "page-token", "ContinuationToken"),
        *("idempotency-key", "sort_key", "PartitionKey"),
        *("AccessKeyId", "KmsKeyId", "PublicKey", "key", "Key", "keys", "secretary", "SecretId", "SecretArn", "pin"),
        *("tokenizer", "jwtIssuer", "bearerFormat", "password_policy", "session_id", "assertion", "plaintextLength"),
    ],
)
def test_names_of_anything_else(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("name", "value", "is_secret"),
    [
        ("AWS_PROFILE", "dev", True),
        ("DB_PASSWORD", "x", True),
        ("STRIPE_KEY", "x", True),
        ("githubToken", "x", True),
        ("DATABASE_URL", "postgres://u:p@db/x", True),
        ("DATABASE_URL", "postgres://db/x", False),
        ("BASE_URL", "https://x.test:8443/a@b", False),
        ("MONKEY", "x", False),
        ("AUTHOR", "x", False),
    ],
)
def test_a_variable_of_the_environment_is_a_secret_when_in_doubt(name, value, is_secret):
    assert is_secret_variable(name, value) is is_secret

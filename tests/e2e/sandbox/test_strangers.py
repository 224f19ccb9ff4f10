"""Who does not have the keys of this start: a web page, a rebound name, another user of the machine."""

import contextlib
import http.client
import json

import boto3
import pytest
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import ClientError

CREATE_STACK = b"Action=CreateStack&Version=2010-05-15&StackName=evil&TemplateBody=%7B%7D"
LIST = "/2015-03-31/functions"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def send(sandbox):
    """A function that sends a request as it is, and gives its status and its CORS headers."""

    def call(method, path, headers, body=b""):
        address = "127.0.0.1", sandbox.check_alive().port
        with contextlib.closing(http.client.HTTPConnection(*address, timeout=10)) as connection:
            connection.putrequest(method, path, skip_host="Host" in headers, skip_accept_encoding=True)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                connection.putheader(name, value)
            connection.endheaders(body)
            response = connection.getresponse()
            response.read()
            return response.status, [name for name in response.headers if name.lower().startswith("access-control")]

    return call


def signed(sandbox, service, key, secret):
    return boto3.client(
        service,
        endpoint_url=sandbox.check_alive().endpoint_url,
        region_name="us-east-1",
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        config=Config(retries={"max_attempts": 1}),
    )


@pytest.mark.parametrize(
    "call",
    [
        ("POST", "/", {**FORM, "Origin": "http://evil.example"}, CREATE_STACK),
        ("POST", "/", {**FORM, "Origin": "null"}, CREATE_STACK),
        ("POST", "/", {"Content-Type": "text/plain"}, CREATE_STACK),
        ("POST", "/", FORM, CREATE_STACK),
        ("GET", f"/?{CREATE_STACK.decode()}", {}, b""),
        ("GET", LIST, {"Host": "evil.example"}, b""),
        ("GET", LIST, {"Host": "lambda.us-east-1.amazonaws.com"}, b""),
        ("GET", LIST, {"Sec-Fetch-Site": "cross-site"}, b""),
        ("OPTIONS", "/", {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}, b""),
        ("POST", "/_ministack/reset", {}, b""),
        ("POST", "/_ministack/config", {}, b'{"ministack.app.AUTH": false}'),
        (
            "GET",
            "/",
            {"Authorization": "AWS4-HMAC-SHA256 Credential=000000000000/20260101/us-east-1/s3/aws4_request"},
            b"",
        ),
    ],
)
def test_a_stranger_is_refused(send, client, call):
    assert send(*call) == (403, [])
    assert "evil" not in [each["StackName"] for each in client("cloudformation").list_stacks()["StackSummaries"]]


@pytest.mark.parametrize("service", ["cloudformation", "s3", "lambda", "dynamodb"])
@pytest.mark.parametrize("key", ["test", "000000000000", "this start's"])
def test_a_wrong_key_is_refused_with_what_to_do(sandbox, service, key):
    own = sandbox.check_alive().access_key_id if key == "this start's" else key
    listing = {
        "cloudformation": "list_stacks",
        "s3": "list_buckets",
        "lambda": "list_functions",
        "dynamodb": "list_tables",
    }

    with pytest.raises(ClientError, match=r'InvalidClientTokenId.*eval "\$\(awsit sandbox env\)"'):
        getattr(signed(sandbox, service, own, "test"), listing[service])()


def test_the_keys_of_an_assumed_role_are_taken(sandbox, client):
    trust = {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}]}
    role = client("iam").create_role(RoleName="guest", AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    keys = client("sts").assume_role(RoleArn=role, RoleSessionName="guest")["Credentials"]
    guest = signed(sandbox, "sts", keys["AccessKeyId"], keys["SecretAccessKey"])

    assert guest.get_caller_identity()["Arn"].endswith("assumed-role/guest/guest")


@pytest.mark.parametrize("version", [None, "s3v4"])
def test_a_presigned_url_is_good_for_its_object_only(sandbox, client, send, version):
    client("s3").create_bucket(Bucket="presigned")
    client("s3").put_object(Bucket="presigned", Key="a b+ü", Body=b"1")
    info = sandbox.check_alive()
    s3 = boto3.client(
        "s3",
        endpoint_url=info.endpoint_url,
        region_name="us-east-1",
        aws_access_key_id=info.access_key_id,
        aws_secret_access_key=info.secret_access_key,
        config=Config(signature_version=version),
    )
    url = s3.generate_presigned_url("get_object", {"Bucket": "presigned", "Key": "a b+ü"})
    target = url.removeprefix(info.endpoint_url)

    assert send("GET", target, {})[0] == 200
    assert send("DELETE", target, {})[0] == 403
    assert send("GET", target.replace("a%20b", "other"), {})[0] == 403


def test_people_sign_up_without_a_key(sandbox, client):
    pool = client("cognito-idp").create_user_pool(PoolName="people")["UserPool"]["Id"]
    app = client("cognito-idp").create_user_pool_client(UserPoolId=pool, ClientName="shop")["UserPoolClient"][
        "ClientId"
    ]
    anybody = boto3.client(
        "cognito-idp",
        endpoint_url=sandbox.check_alive().endpoint_url,
        region_name="us-east-1",
        config=Config(signature_version=UNSIGNED),
    )

    assert anybody.sign_up(ClientId=app, Username="a@shop.example", Password="Passw0rd!")["UserSub"]

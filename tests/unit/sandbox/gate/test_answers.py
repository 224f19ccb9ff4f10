import asyncio
import json

import pytest
from botocore.parsers import create_parser

from awsit.sandbox.gate import answers

REASON = 'set the variables of this start: eval "$(awsit sandbox env)" & <more>'
S3 = "AWS4-HMAC-SHA256 Credential=AKIA/20261128/eu-west-1/s3/aws4_request"


async def receive():
    return {"type": "http.request", "body": b""}


def answer_to(*headers, query=b""):
    sent = []

    async def send(message):
        sent.append(message)

    scope = {"type": "http", "headers": list(headers), "query_string": query}
    asyncio.run(answers.unsigned(scope, REASON, receive, send))
    start, body = sent
    return {"headers": {k.decode(): v.decode() for k, v in start["headers"]}, "body": body["body"], "status_code": 403}


@pytest.mark.parametrize(
    ("protocol", "headers", "query"),
    [
        ("query", [(b"content-type", b"application/x-www-form-urlencoded; charset=utf-8")], b""),
        ("rest-xml", [(b"authorization", S3.encode())], b""),
        ("rest-xml", [], b"X-Amz-Credential=AKIA%2F20261128%2Feu-west-1%2Fs3%2Faws4_request"),
        ("json", [(b"content-type", b"application/x-amz-json-1.1")], b""),
        ("rest-json", [], b""),
    ],
)
def test_sdks_show_the_reason_of_a_refusal(protocol, headers, query):
    error = create_parser(protocol).parse(answer_to(*headers, query=query), None)["Error"]

    assert (error["Code"], error["Message"]) == ("InvalidClientTokenId", REASON)


def test_a_refusal_in_json_is_a_document():
    assert json.loads(answer_to()["body"])["message"] == REASON

"""A service that is not awsit's: GET /greetings?name=Ada."""

import json
import os


def handler(event, _context):
    name = event["queryStringParameters"]["name"]
    return {"statusCode": 200, "body": json.dumps({"greeting": f"{os.environ['WORD']} {name}"})}

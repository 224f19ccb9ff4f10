"""Answers with what it is given."""

import json
import os


def handler(event, _context):
    return {"statusCode": 200, "body": json.dumps({"path": event["path"], "table": os.environ["TABLE"]})}

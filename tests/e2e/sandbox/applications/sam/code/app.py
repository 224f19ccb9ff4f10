"""Answers with the versions of the packages that are built beside it and in its layer."""

import json

import beside
import layered


def handler(_event, _context):
    return {"statusCode": 200, "body": json.dumps({"beside": beside.VERSION, "layered": layered.VERSION})}

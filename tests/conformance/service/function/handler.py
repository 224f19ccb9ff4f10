"""A function to test against: it does what its event says."""

import json
import os
import time
from typing import Any

import boto3


def handler(event: Any, _context: object) -> Any:
    """Answer, fail, take its time, or say something, note an event in the table."""
    if isinstance(event, dict) and "fail" in event:
        raise ValueError(event["fail"])
    if isinstance(event, dict) and "sleep" in event:
        time.sleep(event["sleep"])
    if isinstance(event, dict) and "say" in event:
        print(json.dumps(event["say"]))
    if isinstance(event, dict) and "detail" in event:
        note(event["detail"])
    if isinstance(event, dict) and "as_json" in event:
        return json.dumps(event["as_json"])
    return event


def note(detail: dict[str, Any]) -> None:
    """Store what came through the event bus."""
    table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
    table.put_item(Item={"run": detail["run"], "id": detail["id"], "status": "received"})

"""The function behind the API of notes (HTTP API, payload format 2.0)."""

import json
import os
import uuid

import boto3

TABLE = boto3.resource("dynamodb").Table(os.environ["TABLE"])
LONGEST = int(os.environ["LONGEST"])


def handler(event: dict, _context: object) -> dict:
    """Answer one request."""
    routes = {
        "GET /health": health,
        "POST /notes": create,
        "GET /notes/{id}": read,
        "DELETE /notes/{id}": delete,
    }
    return routes[event["routeKey"]](event)


def health(_event: dict) -> dict:
    """The state of the service."""
    return answer(200, {"service": "notes", "healthy": True})


def create(event: dict) -> dict:
    """Store a note."""
    text = json.loads(event.get("body") or "{}").get("text", "")
    if not 0 < len(text) <= LONGEST:
        return answer(400, {"message": f"`text` has 1 to {LONGEST} characters"})
    note = {"id": uuid.uuid4().hex, "text": text}
    TABLE.put_item(Item=note)
    return answer(201, note)


def read(event: dict) -> dict:
    """The note with the ID of the path."""
    note = TABLE.get_item(Key={"id": event["pathParameters"]["id"]}).get("Item")
    return answer(200, note) if note else answer(404, {"message": "there is no such note"})


def delete(event: dict) -> dict:
    """Remove the note with the ID of the path."""
    TABLE.delete_item(Key={"id": event["pathParameters"]["id"]})
    return {"statusCode": 204}


def answer(status: int, document: dict) -> dict:
    """A response with a JSON document."""
    return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": json.dumps(document)}

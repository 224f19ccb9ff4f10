"""The events of a log group, as FilterLogEvents gives them and as scenarios see them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from awsit.actions.arns import arn_pattern
from awsit.actions.documents import from_text, iso_time
from awsit.model.json import Json
from awsit.model.permissions import AwsLocation


def named(group: str) -> dict[str, str]:
    """The group in a request: by its name, or by its ARN."""
    return {"logGroupIdentifier" if group.startswith("arn:") else "logGroupName": group.removesuffix(":*")}


def streams_arn(group: str, location: AwsLocation) -> str:
    """The ARN of all streams of a group, which its events belong to.

    Source: Service Authorization Reference, list_amazoncloudwatchlogs.html.
    """
    known = arn_pattern(group).removesuffix(":*")
    return f"{known if known.startswith('arn:') else location.arn('logs', f'log-group:{known}')}:*"


def plain(event: Mapping[str, Any]) -> Json:
    """An event; a message that is a JSON list or mapping as that."""
    moment = datetime.fromtimestamp(event["timestamp"] / 1000, UTC)
    return {
        "message": from_text(event["message"].rstrip("\n")),
        "timestamp": iso_time(moment),
        "stream": event.get("logStreamName"),
    }

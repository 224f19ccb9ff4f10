"""Every place where a run leaves something, and how a secret could be written there."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

from tests.deployed import Deployed

AWSIT = Path(sys.executable).with_name("awsit")


@dataclass
class Places:
    """Texts by the place where they were found."""

    found: dict[str, list[str]] = field(default_factory=dict)

    def add(self, place: str, *texts: str) -> None:
        """Note what lies there."""
        self.found.setdefault(place, []).extend(text for text in texts if text)

    def leaks(self, canaries: Mapping[str, str]) -> set[tuple[str, str]]:
        """Which canaries are where, in whatever spelling: place and canary."""
        spelled = {name: spellings(text) for name, text in canaries.items()}
        return {
            (place, name)
            for place, texts in self.found.items()
            for name, forms in spelled.items()
            if any(form in text for text in texts for form in forms)
        }


def spellings(text: str) -> set[str]:
    """The text as it is, in JSON, in URLs, in base64, and the part of longer base64 that depends on it alone."""
    inner = {base64.b64encode(b"\0" * n + text.encode()).decode()[4 if n else 0 :].rstrip("=")[:-2] for n in range(3)}
    urls = {quote(text, safe=""), quote(text), quote_plus(text)}
    return {
        text,
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        *inner,
        *urls,
        *map(str.lower, urls),
    }


@dataclass(frozen=True)
class Person:
    """Somebody who runs the CLI in the working folder, on the sandbox."""

    variables: Mapping[str, str]
    state: Path

    def awsit(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A command, as a process of its own."""
        environment = {"PATH": os.environ["PATH"], "HOME": str(self.state), "COLUMNS": "100", **self.variables}
        command = [str(AWSIT), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def on_disk(state: Path) -> Iterator[tuple[str, str]]:
    """What the CLI keeps in its state folder, by subfolder or file; not what the emulator keeps there.

    A lock is an empty file, and keeps nothing.
    """
    for path in sorted(state.rglob("*")):
        kind = path.relative_to(state).parts[0]
        if path.is_file() and path.stat().st_size and kind not in {"sandbox", "cache", ".gitignore"}:
            yield kind, path.read_text(encoding="utf-8", errors="replace")


def in_the_account(deployed: Deployed, execution_arn: str) -> Iterator[tuple[str, str]]:
    """What lies in the account: the execution, logs of every group, objects in all versions, items of the table."""
    client = deployed.aws.client
    states = client("stepfunctions")
    yield "execution", _text(states.describe_execution(executionArn=execution_arn))
    pages = states.get_paginator("get_execution_history").paginate(
        executionArn=execution_arn, includeExecutionData=True
    )
    yield from (("execution history", _text(page["events"])) for page in pages)
    for group in client("logs").describe_log_groups()["logGroups"]:
        name = group["logGroupName"]
        for page in client("logs").get_paginator("filter_log_events").paginate(logGroupName=name):
            yield f"log {name}", _text([event["message"] for event in page["events"]])
    s3, bucket = client("s3"), deployed.installation.bucket
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=bucket):
        for each in page.get("Versions", ()):
            kind = "/".join(each["Key"].split("/")[:: max(1, each["Key"].count("/"))])
            body = s3.get_object(Bucket=bucket, Key=each["Key"], VersionId=each["VersionId"])["Body"].read()
            yield f"bucket {kind if kind.startswith('runs') else kind.split('/')[0]}", body.decode(errors="replace")
    table = deployed.installation.table
    for page in client("dynamodb").get_paginator("scan").paginate(TableName=table, ConsistentRead=True):
        yield from (("runs table", _text(item)) for item in page["Items"])


def _text(document: Any) -> str:
    """Every text in a document, as it is, and as JSON in JSON is written."""
    return json.dumps(document, default=str, ensure_ascii=False) + "\n" + "\n".join(_leaves(document))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for item in value.values():
            yield from _leaves(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _leaves(item)
    elif isinstance(value, str):
        yield value

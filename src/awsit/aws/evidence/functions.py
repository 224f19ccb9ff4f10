"""What functions know: errors and last lines of their logs, and settings that keep them from running."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from awsit.aws.evidence.queues import dead_letters
from awsit.aws.evidence.resources import StackResource
from awsit.diagnosis.attribution import of_run
from awsit.diagnosis.inquiry import Inquiry
from awsit.diagnosis.log_errors import LoggedLine, errors_in, last_words
from awsit.model.evidence import Evidence, EvidenceKind
from awsit.model.ports import Aws
from awsit.system.clock import iso_of

LAST_LINES = 3
MOST_PAGES = 20
"""Pages of a log, each of 1 MB at most (CloudWatch Logs API reference, `FilterLogEvents`)."""


def logged_errors(aws: Aws, resource: StackResource, inquiry: Inquiry) -> Iterator[Evidence]:
    """The errors that a function logged."""
    yield from _errors(_title(resource.name), _lines(aws, resource.name, inquiry))


def logged_lines(aws: Aws, resource: StackResource, inquiry: Inquiry) -> Iterator[Evidence]:
    """The errors that a function logged; else its last lines; else that it logged nothing."""
    lines = _lines(aws, resource.name, inquiry)
    errors = list(_errors(_title(resource.name), lines))
    yield from errors
    if errors:
        return
    for text in last_words(lines, LAST_LINES):
        yield Evidence(EvidenceKind.LOG_LINE, _title(resource.name), text, iso_of(lines[-1].at_ms / 1000))
    if not lines:
        text = "it logged nothing in this time: it was not called, or its log is late"
        yield Evidence(EvidenceKind.NO_LOG, _title(resource.name), text)


def settings(aws: Aws, resource: StackResource, _inquiry: Inquiry) -> Iterator[Evidence]:
    """A reserved concurrency of 0, with which every call is throttled; an inactive function; its dead letters."""
    answer = aws.client("lambda").get_function(FunctionName=resource.name)
    if answer.get("Concurrency", {}).get("ReservedConcurrentExecutions") == 0:
        text = "its reserved concurrency is 0: every call of it is throttled"
        yield Evidence(EvidenceKind.SWITCHED_OFF, _title(resource.name), text)
    configuration = answer["Configuration"]
    if configuration.get("State") in {"Failed", "Pending"}:
        reason = configuration.get("StateReason") or configuration.get("StateReasonCode") or ""
        text = f"its state is {configuration['State']}: {reason}".removesuffix(": ")
        yield Evidence(EvidenceKind.SWITCHED_OFF, _title(resource.name), text)
    yield from dead_letters(aws, configuration.get("DeadLetterConfig", {}).get("TargetArn", ""), _title(resource.name))


def event_source_mapping(aws: Aws, resource: StackResource, _inquiry: Inquiry) -> Iterator[Evidence]:
    """A mapping that is disabled, or that has a problem with what it reads; the records that it gave up."""
    mapping = aws.client("lambda").get_event_source_mapping(UUID=resource.physical_id)
    source = str(mapping.get("EventSourceArn", "")).rsplit(":", 1)[-1]
    title = f"event source mapping {resource.logical_id}"
    if mapping["State"] in {"Disabled", "Disabling"}:
        yield Evidence(EvidenceKind.SWITCHED_OFF, title, f"it is disabled: no function is called for {source}")
    elif str(mapping.get("LastProcessingResult", "")).startswith("PROBLEM"):
        yield Evidence(EvidenceKind.FUNCTION_ERROR, title, f"{source}: {mapping['LastProcessingResult']}")
    on_failure = mapping.get("DestinationConfig", {}).get("OnFailure", {}).get("Destination", "")
    yield from dead_letters(aws, on_failure, f"{title} of {source}")


def _title(name: str) -> str:
    return f"function {name}"


def _errors(title: str, lines: list[LoggedLine]) -> Iterator[Evidence]:
    for error in errors_in(lines):
        yield Evidence(error.kind, title, error.text, iso_of(error.at_ms / 1000))


def _lines(aws: Aws, name: str, inquiry: Inquiry) -> list[LoggedLine]:
    """The lines of the function's log group that may be the run's own."""
    return of_run(_all_lines(aws, name, inquiry), inquiry.runs, inquiry.requests)


def _all_lines(aws: Aws, name: str, inquiry: Inquiry) -> list[LoggedLine]:
    """The lines of the usual log group; the one of the function's settings is asked for when that one has none."""
    usual = f"/aws/lambda/{name}"
    lines = _of_group(aws, usual, inquiry)
    if lines:
        return lines
    configuration = aws.client("lambda").get_function_configuration(FunctionName=name)
    group = configuration.get("LoggingConfig", {}).get("LogGroup", usual)
    if group == usual:
        return []
    return [line for line in _of_group(aws, group, inquiry) if _is_of(name, line.stream)]


def _is_of(name: str, stream: str) -> bool:
    """Whether a stream is the function's: in a group that functions share, it is named `DATE/FUNCTION[VERSION]ID`."""
    own = stream.rsplit("/", 1)[-1]
    return own.startswith((f"{name}[", "[")) or "[" not in own


def _of_group(aws: Aws, group: str, inquiry: Inquiry) -> list[LoggedLine]:
    client: Any = aws.client("logs")
    lines: list[LoggedLine] = []
    pages = client.get_paginator("filter_log_events").paginate(
        logGroupName=group, startTime=max(0, int(inquiry.since.timestamp() * 1000))
    )
    try:
        for number, page in enumerate(pages, start=1):
            lines += [LoggedLine(e["timestamp"], e.get("logStreamName", ""), e["message"]) for e in page["events"]]
            if number == MOST_PAGES:
                break
    except client.exceptions.ResourceNotFoundException:
        return []
    return lines

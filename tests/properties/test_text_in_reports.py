"""A result with any text in it, also such as UTF-8 cannot hold, is a report in every format."""

from __future__ import annotations

import html
import json
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from awsit.model.codec import encode
from awsit.model.events import RunFinished
from awsit.model.plan import Phase
from awsit.model.result import (
    AssertionResult,
    Attempt,
    CleanupResult,
    ErrorInfo,
    LeftBehind,
    RunResult,
    RunStatus,
    Status,
    StepResult,
)
from awsit.model.text.encoding import ESCAPE, whole
from awsit.reporting.events_file import line
from awsit.reporting.registry import FORMATS, ReportContext, ReportFormat

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
AT = "2030-01-01T00:00:00.000Z"


def result_with(text: str) -> RunResult:
    """A result that has the text at every place that holds text of services or people."""
    error = ErrorInfo("assertion", text, text)
    check = AssertionResult(
        False, "equals", "$.body", text, [text], {text: text}, message=text, diff=f"-{text}\n+{text}"
    )
    step = StepResult(
        0,
        str(Phase.ACTIONS),
        "Read",
        "http_call",
        Status.FAILED,
        AT,
        attempts=(Attempt(1, AT, 0.1, Status.FAILED, text),),
        request={"method": "POST", "url": "http://127.0.0.1/", "headers": {"X-Test": text}, "body": text},
        response={"status": 200, "body": {text: text}},
        assertions=(check,),
        captured={"it": text},
        error=error,
    )
    left = CleanupResult(left_behind=(LeftBehind("Read", "http_call", {text: text}, text, text),))
    return RunResult(
        "run-1",
        "it",
        RunStatus.FAILED,
        "local",
        AT,
        AT,
        0.1,
        text,
        (text,),
        {"owner": text},
        steps=(step,),
        assertions=(check,),
        cleanup=left,
        context={"it": text},
        error=error,
        file=text,
    )


def read_html(text: str) -> None:
    parser = HTMLParser()
    parser.feed(text)
    parser.close()
    assert html.unescape(text)


READERS: dict[str, Callable[[str], Any]] = {
    "json": json.loads,
    "ctrf": json.loads,
    "junit": ET.fromstring,
    "html": read_html,
}


@pytest.mark.parametrize("report_format", FORMATS, ids=lambda each: each.name)
@given(text=ANY_TEXT)
@settings(max_examples=30)
def test_every_format_is_utf_8_that_its_reader_takes(report_format: ReportFormat, text: str) -> None:
    report = "".join(report_format.render([result_with(text)], ReportContext()))

    written = report.encode("utf-8", ESCAPE).decode()

    assert READERS.get(report_format.name, str)(written) is not False


@given(text=ANY_TEXT)
@settings(max_examples=50)
def test_events_and_json_reports_read_back_equal(text: str) -> None:
    result = result_with(whole(text))
    for written in (
        line(RunFinished("run-1", result)),
        "".join(next(each for each in FORMATS if each.name == "json").render([result], ReportContext())),
    ):
        read = json.loads(written.encode())
        assert read.get("result", read)["context"] == encode(result)["context"]
        assert read.get("result", read)["steps"][0]["response"] == {"status": 200, "body": {whole(text): whole(text)}}

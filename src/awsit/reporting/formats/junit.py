"""JUnit XML, which CI servers show as test cases.

A run is a suite of one case: the scenario. The run's properties stand on the suite, since a case has none in the schema
of Jenkins' xUnit plugin (`junit-10.xsd`). GitLab, GitHub actions and Jenkins read this form.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import PurePath

from junitparser import Attr, Error, Failure, JUnitXml, Skipped, TestCase, TestSuite
from junitparser.junitparser import FinalResult

from awsit.model.result import RunResult
from awsit.model.text.visible import visible
from awsit.reporting.failure_context import ContextOf, FailureContext, nothing_known
from awsit.reporting.terminal.transcript import explanation, progress
from awsit.reporting.totals import Totals
from awsit.reporting.verdicts import Verdict, name_of, reason, verdict_of

CLASS_NAME = "awsit"
OUTCOMES: dict[Verdict, type[FinalResult]] = {
    Verdict.FAILED: Failure,
    Verdict.ERROR: Error,
    Verdict.TIMED_OUT: Error,
    Verdict.LEFT_BEHIND: Error,
    Verdict.CANCELLED: Skipped,
    Verdict.SKIPPED: Skipped,
    Verdict.RUNNING: Skipped,
}
"""The element of each verdict: a failed assertion is a `failure`, what could not be judged or undone an `error`."""

_END = "</testsuites>"
_DECLARATION = "<?xml version='1.0' encoding='utf-8'?>\n"
_EMPTY = re.compile(r"\s*/>$")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 does not allow (section 2.2, `Char`)."""


FoldersOf = Callable[[str], Sequence[str]]
"""Finds the names of the folders by which CI servers group: `scenarios/orders` is `awsit.scenarios.orders`."""


def folders_of_path(file: str) -> Sequence[str]:
    """The folders of a relative path that leads nowhere else; none of any other."""
    path = PurePath(file)
    return () if path.is_absolute() or ".." in path.parts else path.parent.parts


class Suite(TestSuite):
    """A suite with the scenario's file, and with an ID, so that two runs of one scenario stay two suites."""

    id = Attr()
    file = Attr()


def junit(
    results: Sequence[RunResult], context_of: ContextOf = nothing_known, folders_of: FoldersOf = folders_of_path
) -> Iterator[str]:
    """The results as one JUnit XML document, in parts: its head, its suites, its end.

    Times are in seconds; that of the whole is wall time, as pytest writes it.

    `folders_of` are the names of the folders that a scenario's file is in, from its project's root.
    """
    yield _head(Totals.of(results))
    for result in results:
        yield _xml(_suite(result, context_of(result), folders_of(result.file)))
    yield f"{_END}\n"


def _head(totals: Totals) -> str:
    """The declaration, and the beginning of the outermost element with the totals."""
    document = JUnitXml(CLASS_NAME)
    kinds = [OUTCOMES.get(verdict) for verdict in totals.verdicts]
    document.tests = len(kinds)
    document.failures = kinds.count(Failure)
    document.errors = kinds.count(Error)
    document.time = totals.meta.seconds
    return _DECLARATION + _EMPTY.sub(">", _xml(document))


def _xml(element: JUnitXml | TestSuite) -> str:
    """The XML of an element, without the declaration that a document begins with."""
    xml = io.BytesIO()
    element.write(xml)
    return xml.getvalue().decode("utf-8").partition("\n")[2]


def _suite(result: RunResult, context: FailureContext, folders: Sequence[str]) -> TestSuite:
    suite = Suite(_clean(name_of(result)))
    suite.id = _clean(result.run_id)
    if result.file:
        suite.file = _clean(result.file)
    suite.timestamp = _clean(result.started_at)
    for name, value in _properties(result):
        suite.add_property(name, _clean(value))
    suite.add_testcase(_case(result, context, folders))
    return suite


def _case(result: RunResult, context: FailureContext, folders: Sequence[str]) -> TestCase:
    class_name = ".".join([CLASS_NAME, *folders])
    case = TestCase(_clean(name_of(result)), _clean(class_name), round(result.duration_seconds, 3))
    verdict = verdict_of(result)
    kind = OUTCOMES.get(verdict)
    if kind:
        outcome = kind(_clean(reason(result)), verdict.value)
        outcome.text = _clean(explanation(result, context))
        case.result = [outcome]
    case.system_out = _clean(progress(result))
    return case


def _properties(result: RunResult) -> Iterator[tuple[str, str]]:
    yield "run_id", result.run_id
    yield "verdict", verdict_of(result).value
    yield "cleanup", result.cleanup.verdict.value
    yield "engine", result.engine
    if result.execution_arn:
        yield "execution_arn", result.execution_arn
    if result.description:
        yield "description", result.description
    for tag in result.tags:
        yield "tag", tag


def _clean(text: str) -> str:
    return _NOT_XML.sub("�", visible(text))

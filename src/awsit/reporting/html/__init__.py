"""The HTML report: one file that holds its style, its script and its data, and loads nothing from the network."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from importlib.resources import files

from awsit.model.result import RunResult
from awsit.model.text.counts import count
from awsit.model.text.visible import visible
from awsit.reporting.failure_context import ContextOf, FailureContext, nothing_known
from awsit.reporting.html.page_data import failure_data, index_parts, run_data, script_text
from awsit.reporting.totals import Totals
from awsit.reporting.verdicts import Verdict, name_of, verdict_of

SCRIPTS = ("dom.js", "tree.js", "waterfall.js", "evidence.js", "run.js", "filter.js", "page.js")
"""The parts of the page's script, in the order that they are joined in."""

_MARK = re.compile(r"<!--(\w+)-->")
ICON_COLOURS = {Verdict.PASSED: "1a7f4b", Verdict.LEFT_BEHIND: "b7791f"}
ENDINGS = {
    Verdict.PASSED: "passed",
    Verdict.FAILED: "failed",
    Verdict.ERROR: "ended with an error",
    Verdict.TIMED_OUT: "timed out",
    Verdict.LEFT_BEHIND: "passed, but left something behind",
    Verdict.CANCELLED: "was cancelled",
    Verdict.SKIPPED: "was not run",
    Verdict.RUNNING: "is still running",
}
RED, GREY = "c9302c", "7a8490"


def html(results: Sequence[RunResult], context_of: ContextOf = nothing_known) -> Iterator[str]:
    """The results as one HTML page, in parts; it may run only its own style and script.

    Source: W3C, Content Security Policy 3.
    """
    style, script, totals = _file("style.css"), _program(), Totals.of(results)
    parts = {
        "policy": [escape(_policy(style, script))],
        "icon": [_icon(totals)],
        "title": [escape(visible(title(totals)))],
        "headline": [escape(visible(headline(results)))],
        "style": [style],
        "script": [script],
        "index": index_parts(results),
        "runs": (_data(number, result, context_of(result)) for number, result in enumerate(results)),
    }
    return fill(_file("page.html"), parts)


def fill(template: str, parts: Mapping[str, Iterable[str]]) -> Iterator[str]:
    """The template with each `<!--name-->` replaced by its parts, once: marks inside the parts stay as they are."""
    for number, piece in enumerate(_MARK.split(template)):
        yield from parts[piece] if number % 2 else (piece,)


def headline(results: Sequence[RunResult]) -> str:
    """The page's heading: what came out, in one sentence."""
    bad = len(Totals.of(results).not_clean)
    if not results:
        return "No scenarios ran"
    if len(results) == 1:
        return f"{name_of(results[0])} {ENDINGS[verdict_of(results[0])]}"
    return f"{bad} of {len(results)} scenarios did not pass" if bad else f"All {len(results)} scenarios passed"


def title(totals: Totals) -> str:
    """The page's title, which a browser's tab shows: the counts, worst first."""
    words = ", ".join(f"{number} {verdict.words}" for verdict, number in totals.tally.items())
    return f"{words or count(0, 'scenario')} · awsit"


def _data(number: int, result: RunResult, context: FailureContext) -> str:
    documents = {"data": run_data(result), "help": failure_data(result, context)}
    return "".join(
        f'<script type="application/json" id="{kind}-{number}">{script_text(document)}</script>\n'
        for kind, document in documents.items()
        if document
    )


def _program() -> str:
    return "(() => {\n" + "".join(_file(name) for name in SCRIPTS) + "})();\n"


def _policy(style: str, script: str) -> str:
    rules = {
        "default-src": "'none'",
        "style-src": _hash(style),
        "script-src": _hash(script),
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _icon(totals: Totals) -> str:
    worst = next(iter(totals.tally), None)
    colour = ICON_COLOURS.get(worst, RED) if worst else GREY
    drawing = (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'><circle cx='8' cy='8' r='7' fill='#{colour}'/>"
    )
    return "data:image/svg+xml;base64," + base64.b64encode(f"{drawing}</svg>".encode()).decode()


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")

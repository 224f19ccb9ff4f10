"""GitHub Flavored Markdown, for a pull request comment or a step summary.

Data is escaped in table cells and paragraphs. In code blocks it stays as it is: their fences are longer than any in it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from awsit.model.result import RunResult
from awsit.model.text.counts import count
from awsit.reporting.coverage import coverage_lines
from awsit.reporting.failure_context import ContextOf, FailureContext, nothing_known
from awsit.reporting.terminal.terminal import duration, plain
from awsit.reporting.terminal.transcript import explanation
from awsit.reporting.totals import ReportMeta, Totals
from awsit.reporting.verdicts import Verdict, name_of, reason, verdict_of

LARGEST = 65_000
"""Characters of the page. A comment on GitHub holds 65,536 (GitHub REST API, issue comments)."""

MOST_ROWS = 200
LONGEST_CELL = 200
MOST_OPERATIONS = 20
LONGEST_DETAIL = 6_000
ROOM_FOR_NOTE = 200
SIGNS = {
    Verdict.PASSED: "✅",
    Verdict.FAILED: "❌",
    Verdict.ERROR: "🔥",
    Verdict.TIMED_OUT: "⏱️",
    Verdict.LEFT_BEHIND: "🧹",
    Verdict.CANCELLED: "⚪",
    Verdict.SKIPPED: "⏭️",
    Verdict.RUNNING: "⏳",
}
_MARKUP = re.compile(r"[\\`*_\[\]|~]")
_ENTITY = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "$": "&#36;", "@": "@\u200b", "#": "#\u200b"}
"""Escapes of HTML and formulas; a zero-width space keeps mentions and issue numbers from becoming links."""

_FENCE = re.compile(r"`{3,}")


def markdown(results: Sequence[RunResult], context_of: ContextOf = nothing_known) -> Iterator[str]:
    """A heading with the counts, a table of the runs, worst first, and a folded explanation of each that is not clean.

    Explanations that would make the page longer than `LARGEST` are left out. The page comes in parts.
    """
    totals = Totals.of(results)
    parts = [_heading(totals), *_contracts(totals), *_table(results, totals)]
    yield from parts
    room = LARGEST - sum(map(len, parts)) - ROOM_FOR_NOTE
    bad = len(totals.not_clean)
    for number, place in enumerate(totals.worst_first[:bad]):
        result = results[place]
        detail = _detail(result, context_of(result), is_open=bad == 1)
        if len(detail) > room:
            yield f"\n_{count(bad - number, 'explanation')} left out: this page is full._\n"
            break
        yield detail
        room -= len(detail)
    yield f"\n<sub>awsit {escape(totals.meta.version)}{_times(totals.meta)}</sub>\n"


def escape(text: str) -> str:
    """The text on one line, escaped: it makes no markup, table border, HTML, formula, mention or issue link."""
    line = _html(" ".join(plain(text).split()))
    return _MARKUP.sub(lambda match: f"\\{match[0]}", line)


def _html(text: str) -> str:
    return "".join(_ENTITY.get(character, character) for character in text)


def _heading(totals: Totals) -> str:
    if not totals.verdicts:
        return "## ⚪ awsit: no scenarios ran\n"
    numbers = totals.tally
    total = duration(totals.meta.seconds)
    words = ", ".join(f"{number} {verdict.words}" for verdict, number in numbers.items())
    sign = SIGNS[next(iter(numbers))]
    return f"## {sign} awsit: {count(len(totals.verdicts), 'scenario')}, {words}\n\nTotal time {total}.\n"


def _contracts(totals: Totals) -> Iterator[str]:
    for each in totals.contracts:
        words = "; ".join(coverage_lines(each, MOST_OPERATIONS))
        yield f"\nContract {escape(each.document)}: {escape(words)}.\n"


def _table(results: Sequence[RunResult], totals: Totals) -> Iterator[str]:
    ordered = totals.worst_first
    if not ordered:
        return
    yield "\n| | Scenario | Verdict | Time | Why |\n|---|---|---|---:|---|\n"
    for result in (results[place] for place in ordered[:MOST_ROWS]):
        verdict = verdict_of(result)
        cells = (
            SIGNS[verdict],
            _cell(name_of(result)),
            verdict.words,
            duration(result.duration_seconds),
            _cell(reason(result)),
        )
        yield f"| {' | '.join(cells)} |\n"
    if len(ordered) > MOST_ROWS:
        numbers = Counter(totals.verdicts[place] for place in ordered[MOST_ROWS:])
        rest = ", ".join(f"{number} {verdict.words}" for verdict, number in numbers.items())
        yield f"\n_And {count(len(ordered) - MOST_ROWS, 'more scenario')}: {rest}._\n"


def _cell(text: str) -> str:
    return escape(_short(text))


def _short(text: str) -> str:
    line = " ".join(plain(text).split())
    return line if len(line) <= LONGEST_CELL else f"{line[:LONGEST_CELL]}..."


def _detail(result: RunResult, context: FailureContext, *, is_open: bool) -> str:
    verdict = verdict_of(result)
    text = explanation(result, context)
    if len(text) > LONGEST_DETAIL:
        text = f"{text[:LONGEST_DETAIL]}\n... {count(len(text) - LONGEST_DETAIL, 'more character')}"
    fence = "`" * max(3, 1 + max((len(each) for each in _FENCE.findall(text)), default=0))
    opened = " open" if is_open else ""
    title = f"{SIGNS[verdict]} <b>{_html(_short(name_of(result)))}</b>: {verdict.words}"
    return f"\n<details{opened}><summary>{title}</summary>\n\n{fence}text\n{text}\n{fence}\n\n</details>\n"


def _times(meta: ReportMeta) -> str:
    return f", {meta.started_at} to {meta.finished_at}" if meta.started_at else ""

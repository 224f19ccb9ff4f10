"""The HTML page of a load: one file with its style and its charts, without a script."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files

from awsit import __version__
from awsit.load.result import LoadResult, LoadTimes
from awsit.model.text.visible import visible
from awsit.reporting.html import fill
from awsit.reporting.load_page.charts import starts_chart, times_chart
from awsit.reporting.terminal.load import counts_words, rate_words

_TIMES = ("Count", "Failed", "p50", "p90", "p95", "p99", "Max")


def load_page(load: LoadResult) -> str:
    """The page; what comes from scenarios and services is text in it."""
    style = _file("style.css")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    status = load.status.value
    parts = {
        "policy": f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'",
        "title": _text(f"{load.scenario}: load {status}"),
        "style": style,
        "headline": f'{_text(load.scenario)} <span class="{status}">{status}</span>',
        "counts": _text(f"{rate_words(load.plan)}; {counts_words(load)}"),
        "starts": starts_chart(load.intervals, load.interval_seconds),
        "times": times_chart(load.intervals, load.interval_seconds),
        "percentiles": _percentiles(load),
        "thresholds": _thresholds(load),
        "errors": _errors(load),
        "footer": _text(f"{load.load_id}, {load.started_at} to {load.finished_at}, awsit {__version__}{_seed(load)}"),
    }
    return "".join(fill(_file("page.html"), {name: [text] for name, text in parts.items()}))


def _seed(load: LoadResult) -> str:
    return f", fake data from the seed {load.seed}" if load.seed else ""


def _percentiles(load: LoadResult) -> str:
    rows = [_times("whole scenario", load.iterations.failed, load.times)]
    rows += [_times(each.name, each.failed, each.times, "inner") for each in load.actions]
    rows.append(_times("late start", 0, load.start_delays))
    note = "Of the whole scenario from the time at which it was to start; of an action from its own start."
    return _table(("", *_TIMES), rows) + f'<p class="note">{note}</p>'


def _times(name: str, failed: int, times: LoadTimes, kind: str = "") -> str:
    values = (times.p50_ms, times.p90_ms, times.p95_ms, times.p99_ms, times.max_ms)
    shown = ("-" if value is None else f"{value:,.1f} ms" for value in values)
    return _row([name, f"{times.count:,}", f"{failed:,}", *shown], kind)


def _thresholds(load: LoadResult) -> str:
    rows = [
        _row(
            [
                each.name,
                f"{each.expected:g}",
                f"{each.actual:g}" if each.actual_present else "nothing was measured",
                "passed" if each.passed else "failed",
            ],
            "passed" if each.passed else "failed",
        )
        for each in load.expectations
    ]
    return _table(("", "At most", "Got", ""), rows) if rows else '<p class="note">Not checked: it was interrupted.</p>'


def _errors(load: LoadResult) -> str:
    rows = [_row([f"{each.count:,}", each.action, each.code, each.message, each.run_id]) for each in load.errors]
    heads = ("Iterations", "Action", "Code", "Message", "One of them")
    return f"<h2>Errors</h2>{_table(heads, rows, 'words')}" if rows else ""


def _table(heads: Sequence[str], rows: Iterable[str], kind: str = "") -> str:
    head = "".join(f"<th>{each}</th>" for each in heads)
    return f'<table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{"".join(rows)}</tbody></table>'


def _row(cells: Sequence[str], kind: str = "") -> str:
    first, *others = map(_text, cells)
    return f'<tr><td class="{kind}">{first}</td>{"".join(f"<td>{each}</td>" for each in others)}</tr>'


def _text(text: str) -> str:
    return escape(visible(text))


def _file(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8")

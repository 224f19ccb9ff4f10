"""The formats of the report of a load."""

from __future__ import annotations

from awsit.load.result import LoadResult
from awsit.records import replace
from awsit.reporting.registry import FORMATS, ReportContext, ReportFormat, Results


def load_formats(load: LoadResult) -> tuple[ReportFormat, ...]:
    """As those of runs; JSON and HTML tell all of the load, the others its thresholds (`LoadResult.as_run`)."""

    def json(_results: Results, _context: ReportContext) -> list[str]:
        from awsit.model import codec
        from awsit.model.text.visible import visible_json

        return [visible_json(codec.text(load, indent=2)), "\n"]

    def html(_results: Results, _context: ReportContext) -> list[str]:
        from awsit.reporting.load_page import load_page

        return [load_page(load)]

    own = {"json": json, "html": html}
    return tuple(replace(each, render=own.get(each.name, each.render)) for each in FORMATS)

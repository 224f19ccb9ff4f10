"""The JSON Schema of the JSON report, made from the dataclasses that are encoded into it."""

from __future__ import annotations

from typing import Any

from awsit.model.result import REPORT_VERSION, RunResult

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def report_schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12) of the report of one run; a file of several runs is a list of reports.

    Every field is required, since all are always written. Readers must accept fields that a later version of
    `awsit.report/1` adds.
    """
    from pydantic import TypeAdapter  # slow to import

    schema = TypeAdapter(RunResult).json_schema(mode="serialization")
    properties = dict(schema.pop("properties"))
    properties["version"] = {"const": REPORT_VERSION, "title": "Version", "type": "string"}
    required = list(properties)
    return {
        "$schema": DIALECT,
        "$id": f"urn:{REPORT_VERSION.replace('/', ':')}",
        "title": "awsit report",
        **{name: value for name, value in schema.items() if name not in {"title", "required"}},
        "properties": properties,
        "required": required,
    }

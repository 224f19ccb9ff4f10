"""The JSON Schema of `report.json`, made from the dataclasses that write it."""

from __future__ import annotations

from typing import Any

from awsit.model.result import REPORT_VERSION, RunResult

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def report_schema() -> dict[str, Any]:
    """The schema of one report, JSON Schema 2020-12. A file of several runs is a list of these.

    Every field is always written; readers must accept fields that a later `awsit.report/1` adds.
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

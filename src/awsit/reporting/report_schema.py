"""The JSON Schemas of the JSON reports, made from the records that are encoded into them."""

from __future__ import annotations

from inspect import cleandoc
from typing import Any

from msgspec.json import schema_components

from awsit.load.result import LOAD_VERSION, LoadResult
from awsit.model.result import REPORT_VERSION, RunResult

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def report_schema() -> dict[str, Any]:
    """The schema (JSON Schema 2020-12) of the report of one run; a file of several runs is a list of reports.

    Every field is required, since all are always written. Readers must accept fields that a later version of
    `awsit.report/1` adds.
    """
    return _schema(RunResult, REPORT_VERSION, "awsit report")


def load_schema() -> dict[str, Any]:
    """The schema of the report of a load, as `report_schema`."""
    return _schema(LoadResult, LOAD_VERSION, "awsit load report")


def _schema(kind: type[RunResult | LoadResult], version: str, title: str) -> dict[str, Any]:
    _, found = schema_components([kind], ref_template="#/$defs/{name}")
    definitions = {name: {**each, "description": cleandoc(each["description"])} for name, each in found.items()}
    schema = definitions.pop(kind.__name__)
    properties = {**schema["properties"], "version": {"const": version, "type": "string"}}
    return {
        "$schema": DIALECT,
        "$id": f"urn:{version.replace('/', ':')}",
        **schema,
        "title": title,
        "properties": properties,
        "required": list(properties),
        "$defs": definitions,
    }

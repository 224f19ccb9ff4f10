"""The JSON Schemas that awsit gives to editors and to readers of its reports."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from awsit.model.json import Json


def _scenario() -> Json:
    from awsit.actions.registry import BY_TYPE
    from awsit.scenario.json_schema.scenario import scenario_schema

    return scenario_schema(BY_TYPE)


def _library() -> Json:
    from awsit.actions.registry import BY_TYPE
    from awsit.scenario.json_schema.scenario import library_schema

    return library_schema(BY_TYPE)


def _suite() -> Json:
    from awsit.actions.registry import BY_TYPE
    from awsit.scenario.json_schema.scenario import suite_schema

    return suite_schema(BY_TYPE)


def _report() -> Json:
    from awsit.reporting.report_schema import report_schema

    return report_schema()


def _load() -> Json:
    from awsit.reporting.report_schema import load_schema

    return load_schema()


def _config() -> Json:
    from awsit.config_schema import config_schema

    return config_schema()


SCHEMAS: Mapping[str, Callable[[], Json]] = {
    "scenario": _scenario,
    "library": _library,
    "suite": _suite,
    "report": _report,
    "load": _load,
    "config": _config,
}


def schema_text(name: str) -> str:
    """A schema, by its name in SCHEMAS, as a JSON text that ends with a line break."""
    from awsit.model import json

    return json.dumps(json.exact(SCHEMAS[name]()), indent=2) + "\n"


def schema_file(state_folder: Path, name: str) -> Path:
    """The file in which a project keeps a schema for its editor."""
    return state_folder / f"{name}.schema.json"

"""What a YAML or JSON file is, by its keys: a scenario, a library, something known that is neither, or a riddle."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from awsit.errors import Problem
from awsit.model.json import OBJECTS, Json
from awsit.scenario.reading.source import Source

KNOWN = {
    "openapi": "OpenAPI document",
    "swagger": "OpenAPI document",
    "asyncapi": "AsyncAPI document",
    "AWSTemplateFormatVersion": "CloudFormation template",
    "Resources": "CloudFormation template",
    "StartAt": "state machine",
    "Statement": "IAM policy",
    "apiVersion": "Kubernetes or Helm file",
    "services": "Compose file",
    "dependencies": "npm package",
    "devDependencies": "npm package",
    "lockfileVersion": "npm package",
    "$schema": "JSON document with a schema",
}
"""Files of other kinds by a key at their top, in words for people; the first key that is there counts."""

SUITE_FILE = "suite.yaml"
"""The name of the file with the setup and the clean-up around the scenarios of a folder."""

_PLURALS = {"IAM policy": "IAM policies", "JSON document with a schema": "JSON documents with a schema"}
_STEPS = ("actions", "action", "steps", "step", "stages", "tasks")


def is_scenario(document: Json) -> bool:
    """Whether a document is meant to be a scenario: a mapping with `actions` and without `library`."""
    return isinstance(document, OBJECTS) and "actions" in document and "library" not in document


def is_library(document: Json) -> bool:
    """Whether a document is meant to be a library: a mapping with `library`."""
    return isinstance(document, OBJECTS) and "library" in document


def is_suite(source: Source) -> bool:
    """Whether a file is the `suite.yaml` of a folder, and no scenario or library of that name."""
    if not source.file.endswith(SUITE_FILE) or PurePath(source.file).name != SUITE_FILE:  # of most files, soon said
        return False
    return not (is_scenario(source.document) or is_library(source.document))


def known_kind(document: Json) -> str:
    """What a document is that is neither a scenario nor a library; empty when that is not known."""
    return next((KNOWN[key] for key in KNOWN if key in document), "") if isinstance(document, Mapping) else ""


def counted(number: int, kind: str) -> str:
    """So many files of a kind, in words: `2 npm packages`."""
    plural = _PLURALS.get(kind, f"{kind}s") if kind in KNOWN.values() else kind
    return f"{number} {kind if number == 1 else plural}"


def is_of_texts(document: Json) -> bool:
    """Whether all that mappings in mappings hold is text, as in files of translations, and nothing is an action."""
    if isinstance(document, Mapping):
        return not _is_action(document) and all(map(is_of_texts, document.values()))
    return isinstance(document, str)


def misspelt(source: Source) -> Problem | None:
    """What is wrong with a file that was meant to be a scenario, and that is none by its keys; None for all others."""
    document = source.document
    if isinstance(document, list) and document and all(map(_is_meant, document)):
        place = source.position("[0]")
        return Problem(
            "not_a_scenario", "a file holds one scenario, and this is a list of them", position=place, hint="split it"
        )
    if not isinstance(document, Mapping):
        return None
    key = next((key for key, value in document.items() if _is_near(key) and _holds_actions(value)), None)
    if key is None:
        return None
    message = f"this is no scenario: there is no key `{key}`; did you mean `actions`?"
    return Problem("not_a_scenario", message, key, position=source.position(key, key=True))


def _is_meant(document: Json) -> bool:
    return is_scenario(document) and isinstance(document["actions"], list)


def _is_near(key: object) -> bool:
    from awsit.suggestions import close_matches  # only for a file that is no scenario

    return isinstance(key, str) and (key.lower() in _STEPS or bool(close_matches(key.lower(), ["actions"])))


def _holds_actions(value: Json) -> bool:
    """Whether it is a list of what looks like actions."""
    items = list(value.values()) if isinstance(value, Mapping) else value
    return isinstance(items, list) and any(map(_is_action, items))


def _is_action(value: Json) -> bool:
    return isinstance(value, Mapping) and ("use" in value or {"type", "params"} <= value.keys())

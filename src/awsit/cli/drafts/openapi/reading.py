"""An OpenAPI document read from a JSON or YAML file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from awsit.errors import InvalidInputError, NotFoundError
from awsit.model import json
from awsit.model.files import MAX_FILE_BYTES
from awsit.model.json import Json
from awsit.system.files import read_regular

MOST_VALUES = 20_000_000
"""Values in a document after its YAML aliases are expanded; GitHub's document has 600,000."""

_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]")


def read_document(file: str) -> Mapping[str, Json]:
    """The document of OpenAPI 3 in a JSON or YAML file. Raises NotFoundError and InvalidInputError."""
    path = Path(file)
    if not path.is_file():
        message = f"{file} is a folder, not a file" if path.is_dir() and file else f"there is no file {file!r}"
        raise NotFoundError(message, hint="check --from-openapi")
    document = _parsed(path, file)
    version = str(document.get("openapi", "")) if isinstance(document, Mapping) else ""
    if not version.startswith("3."):
        swagger = isinstance(document, Mapping) and "swagger" in document
        message = "is Swagger 2.0" if swagger else "has no `openapi: 3.x`"
        raise invalid(f"{file} {message}", "convert it to OpenAPI 3.0 or 3.1 first")
    return {str(key): value for key, value in document.items()}


def invalid(message: str, hint: str) -> InvalidInputError:
    """The error of a document that no scenario can be made of."""
    return InvalidInputError(message, hint=hint, code="invalid_openapi")


def _parsed(path: Path, file: str) -> Json:
    import yaml

    try:
        text = read_regular(path, MAX_FILE_BYTES).decode("utf-8-sig")
        if path.suffix.lower() != ".json":
            return _yaml(text)
        document = json.loads(text)
        return _exact(document, {}) if _SURROGATE.search(text) else document
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        reason = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else " ".join(str(error).split())
        hint = "give a document of OpenAPI 3.0 or 3.1, as JSON or YAML in UTF-8"
        raise invalid(f"{file} cannot be read: {reason}", hint) from error


def _yaml(text: str) -> Json:
    """The YAML with JSON's types. An alias stays one value in memory, however often it is used."""
    from awsit.scenario.reading.yaml_nodes import value_of

    value = value_of(text)
    _check_size(value, {}, set())
    return _exact(value, {})


def _check_size(value: Any, sizes: dict[int, int], open_values: set[int]) -> int:
    """How many values there are when aliases are expanded. Raises ValueError for too many and for a circle."""
    items = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if not items:
        return 1
    if id(value) in open_values:
        raise ValueError("an anchor holds an alias of itself")
    if id(value) not in sizes:
        open_values.add(id(value))
        sizes[id(value)] = 1 + sum(_check_size(item, sizes, open_values) for item in items)
        open_values.discard(id(value))
    if sizes[id(value)] > MOST_VALUES:
        raise ValueError(f"it holds more than {MOST_VALUES} values with its aliases expanded")
    return sizes[id(value)]


def _exact(value: Any, made: dict[int, Json]) -> Json:
    """The value with text as keys, Decimal for float, and no half of a character that UTF-16 writes in two.

    A part that is shared stays shared.
    """
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, str):
        return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if not isinstance(value, dict | list):
        return value
    if id(value) not in made:
        if isinstance(value, dict):
            made[id(value)] = {_key(key): _exact(item, made) for key, item in value.items()}
        else:
            made[id(value)] = [_exact(item, made) for item in value]
    return made[id(value)]


def _key(key: Any) -> str:
    """The key as JSON writes it, such as 200 or true."""
    return str(_exact(key, {})) if isinstance(key, str) else json.dumps(json.exact(key))

"""An OpenAPI document: its operations, with references resolved (https://spec.openapis.org/oas/v3.1.1.html)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from awsit.cli.drafts.openapi.shape import shape_problem
from awsit.errors import InvalidInputError, NotFoundError, UsageError
from awsit.model import json
from awsit.model.json import Json
from awsit.suggestions import suggestion

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one path. `parameters` are those of the path and of the operation, the latter's winning."""

    method: str
    path: str
    detail: Mapping[str, Json]
    parameters: tuple[Mapping[str, Json], ...]

    @property
    def title(self) -> str:
        """What people call it: `GET /orders/{id}`."""
        return f"{self.method} {self.path}"

    @property
    def identifier(self) -> str:
        """Its `operationId`, else its title."""
        return str(self.detail.get("operationId") or self.title)


class OpenApi:
    """A document of OpenAPI 3. `document` is plain JSON."""

    def __init__(self, document: Mapping[str, Json], file: str) -> None:
        self.document = document
        self.file = file

    def resolve(self, node: Json) -> Json:
        """The node that a chain of `$ref` leads to; a node that is none is itself. Raises InvalidInputError."""
        seen: set[str] = set()
        while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
            reference = node["$ref"]
            if reference in seen:
                raise self._wrong(f"the reference {reference} leads to itself", "correct it")
            seen.add(reference)
            node = self._target(reference)
        return node

    def entry(self, node: Json, key: str) -> Mapping[str, Json]:
        """The object below `key`, resolved; empty where there is none."""
        found = self.resolve(node.get(key)) if isinstance(node, Mapping) else None
        return found if isinstance(found, Mapping) else {}

    def operations(self) -> Iterator[Operation]:
        """Every operation, in the document's order."""
        for path, item in self.entry(self.document, "paths").items():
            resolved = self.resolve(item)
            if isinstance(resolved, Mapping):
                for method in METHODS:
                    if isinstance(resolved.get(method), Mapping):
                        yield self._operation(method, path, resolved)

    def chosen(self, wanted: tuple[str, ...]) -> list[Operation]:
        """The operations of these IDs or titles, all of them when none is named. Raises UsageError."""
        found = list(self.operations())
        if not found:
            raise self._wrong("it has no operation under `paths`", "give a document of OpenAPI 3.0 or 3.1")
        by_name = {each.title.casefold(): each for each in found} | {each.identifier.casefold(): each for each in found}
        unknown = [name for name in wanted if name.casefold() not in by_name]
        if unknown:
            known = suggestion(unknown[0], [each.identifier for each in found])
            raise UsageError(f"{self.file} has no operation {unknown[0]!r}{known}", hint="give its ID, or METHOD /path")
        return [by_name[name.casefold()] for name in wanted] or found

    def _operation(self, method: str, path: str, item: Mapping[str, Json]) -> Operation:
        detail = item[method]
        named: dict[tuple[str, str], Mapping[str, Json]] = {}
        for each in (*_list(item.get("parameters")), *_list(detail.get("parameters"))):
            parameter = self.resolve(each)
            if isinstance(parameter, Mapping):
                named[str(parameter.get("name")), str(parameter.get("in"))] = parameter
        return Operation(method.upper(), path, detail, tuple(named.values()))

    def _target(self, reference: str) -> Json:
        if not reference.startswith("#"):
            raise self._wrong(f"it refers to another file: {reference}", "bundle the document into one file first")
        node: Json = self.document
        for part in filter(None, reference.removeprefix("#").split("/")):
            key = unquote(part).replace("~1", "/").replace("~0", "~")
            if isinstance(node, list) and key.isdigit() and int(key) < len(node):
                node = node[int(key)]
            elif isinstance(node, Mapping) and key in node:
                node = node[key]
            else:
                raise self._wrong(f"the reference {reference} leads nowhere", "correct it")
        return node

    def _wrong(self, message: str, hint: str) -> InvalidInputError:
        return InvalidInputError(f"{self.file}: {message}", hint=hint, code="invalid_openapi")


def read_openapi(file: str) -> OpenApi:
    """The document in a JSON or YAML file. Raises NotFoundError and InvalidInputError."""
    path = Path(file)
    if not path.is_file():
        message = f"{file} is a folder, not a file" if path.is_dir() and file else f"there is no file {file!r}"
        raise NotFoundError(message, hint="check --from-openapi")
    document = _parsed(path, file)
    version = str(document.get("openapi", "")) if isinstance(document, Mapping) else ""
    if not version.startswith("3."):
        other = isinstance(document, Mapping) and "swagger" in document
        message = "is Swagger 2.0" if other else "has no `openapi: 3.x`"
        raise InvalidInputError(
            f"{file} {message}", hint="convert it to OpenAPI 3.0 or 3.1 first", code="invalid_openapi"
        )
    problem = shape_problem(document)
    if problem:
        raise InvalidInputError(f"{file} is not as OpenAPI says: {problem}", hint="correct it", code="invalid_openapi")
    return OpenApi(document, file)


def _parsed(path: Path, file: str) -> Json:
    import yaml

    from awsit.scenario.reading.yaml_nodes import ScenarioLoader

    try:
        text = path.read_text(encoding="utf-8-sig")
        if path.suffix.lower() == ".json":
            return json.loads(text)
        return json.exact(yaml.load(text, Loader=ScenarioLoader))  # noqa: S506 - a safe loader, with JSON's types
    except (ValueError, yaml.YAMLError, RecursionError) as error:
        told = "it is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else " ".join(str(error).split())
        hint = "give a document of OpenAPI 3.0 or 3.1, as JSON or YAML in UTF-8"
        raise InvalidInputError(f"{file} cannot be read: {told}", hint=hint, code="invalid_openapi") from error


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []

"""An OpenAPI document: its operations, with references resolved (https://spec.openapis.org/oas/v3.1.1.html)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from urllib.parse import unquote

from msgspec import Struct

from awsit.cli.drafts.openapi.reading import invalid, read_document
from awsit.errors import UsageError
from awsit.model.json import Json
from awsit.suggestions import suggestion

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")


class UndraftableError(Exception):
    """A part of the document that no request can be made of; the text says why. The rest is drafted without it."""


class Operation(Struct, frozen=True):
    """One method of one path.

    `parameters` are those of the path and of the operation, the latter's winning. `servers` are its own, else the
    path's; empty for the document's.
    """

    method: str
    path: str
    detail: Mapping[str, Json]
    parameters: tuple[Mapping[str, Json], ...]
    servers: tuple[Json, ...] = ()

    @property
    def title(self) -> str:
        """What people call it: `GET /orders/{id}`."""
        return f"{self.method} {self.path}"

    @property
    def identifier(self) -> str:
        """Its `operationId`, else its title."""
        return str(self.detail.get("operationId") or self.title)


class OpenApi:
    """A document of OpenAPI 3. `document` is plain JSON; `notes` tell what was left out of the draft, and why."""

    def __init__(self, document: Mapping[str, Json], file: str) -> None:
        self.document = document
        self.file = file
        self.is_3_0 = str(document.get("openapi")).startswith("3.0")
        self.notes: dict[str, None] = {}

    def note(self, text: str) -> None:
        """Tell something once."""
        self.notes[" ".join(text.split())] = None

    def resolve(self, node: Json) -> Json:
        """The node that a chain of `$ref` leads to; a node that is none is itself. Raises UndraftableError."""
        seen: set[str] = set()
        while isinstance(node, Mapping) and isinstance(node.get("$ref"), str):
            reference = node["$ref"]
            if reference in seen:
                raise UndraftableError(f"the reference {reference} leads to itself")
            seen.add(reference)
            node = self.target(reference)
        return node

    def entry(self, node: Json, key: str) -> Mapping[str, Json]:
        """The object below `key`, resolved; empty where there is none. Raises UndraftableError."""
        value = self.resolve(node.get(key)) if isinstance(node, Mapping) else None
        return value if isinstance(value, Mapping) else {}

    def target(self, reference: str) -> Json:
        """The node that a reference names (RFC 6901). Raises UndraftableError."""
        if not reference.startswith("#"):
            raise UndraftableError(f"it refers to another file, {reference}: bundle the document into one file")
        node: Json = self.document
        for part in filter(None, reference.removeprefix("#").split("/")):
            key = unquote(part).replace("~1", "/").replace("~0", "~")
            if isinstance(node, list) and key.isdecimal() and int(key) < len(node):
                node = node[int(key)]
            elif isinstance(node, Mapping) and key in node:
                node = node[key]
            else:
                raise UndraftableError(f"the reference {reference} leads nowhere")
        return node

    def operations(self) -> Iterator[Operation]:
        """Every operation, in the document's order; a path that is not as OpenAPI says is noted and passed over."""
        for path, item in self._paths().items():
            if path.startswith("x-"):
                continue
            try:
                resolved = self.resolve(item)
                if not isinstance(resolved, Mapping):
                    raise UndraftableError(f"{resolved!r} is not an object")  # noqa: TRY301 - told with the path
            except UndraftableError as error:
                self.note(f"the path {path} was left out: {error}")
                continue
            for method in METHODS:
                if isinstance(resolved.get(method), Mapping):
                    yield self._operation(method, path, resolved)

    def chosen(self, wanted: tuple[str, ...]) -> list[Operation]:
        """The operations of these IDs or titles, which may hold `*`; all of them when none is named.

        Raises UsageError, and InvalidInputError for a document without operations.
        """
        operations = list(self.operations())
        if not operations:
            reason = next(iter(self.notes), "it has no operation under `paths`")
            raise invalid(f"{self.file}: {reason}", "give a document of OpenAPI 3.0 or 3.1")
        chosen: dict[str, Operation] = {}
        for name in wanted:
            found = [each for each in operations if _is_like(each.identifier, name) or _is_like(each.title, name)]
            if not found:
                known = suggestion(name, [each.identifier for each in operations])
                hint = "give its ID, or METHOD /path; `*` stands for any characters"
                raise UsageError(f"{self.file} has no operation {name!r}{known}", hint=hint)
            chosen |= {each.title: each for each in found}
        return list(chosen.values()) or operations

    def _paths(self) -> Mapping[str, Json]:
        try:
            return self.entry(self.document, "paths")
        except UndraftableError as error:
            self.note(f"the paths were left out: {error}")
            return {}

    def _operation(self, method: str, path: str, item: Mapping[str, Json]) -> Operation:
        detail = item[method]
        title = f"{method.upper()} {path}"
        parameters: dict[tuple[str, str], Mapping[str, Json]] = {}
        for each in (*_list(item.get("parameters")), *_list(detail.get("parameters"))):
            try:
                parameter = self.resolve(each)
                name, place = _text(parameter, "name"), _text(parameter, "in")
            except UndraftableError as error:
                self.note(f"a parameter of {title} was left out: {error}")
            else:
                parameters[name, place] = parameter
        servers = _list(detail.get("servers")) or _list(item.get("servers"))
        return Operation(method.upper(), path, detail, tuple(parameters.values()), tuple(servers))


def read_openapi(file: str) -> OpenApi:
    """The document in a JSON or YAML file. Raises NotFoundError and InvalidInputError."""
    return OpenApi(read_document(file), file)


def _is_like(name: str, wanted: str) -> bool:
    """Whether it is the name, in any case, where `*` stands for any characters; `[` and `?` stand for themselves."""
    pattern = re.sub(r"[\[?]", r"[\g<0>]", wanted.casefold())
    return fnmatchcase(name.casefold(), pattern)


def _text(parameter: Json, key: str) -> str:
    value = parameter.get(key) if isinstance(parameter, Mapping) else None
    if not isinstance(value, str) or not value:
        raise UndraftableError(f"it has no `{key}`")
    return value


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []

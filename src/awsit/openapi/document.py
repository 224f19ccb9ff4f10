"""An OpenAPI document, and the files that it refers to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from io import StringIO
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

from msgspec import Struct

from awsit.errors import ActionError, ErrorKind
from awsit.model.json import Json, exact, loads

METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})
"""The fields of a Path Item Object that are operations (OpenAPI Specification 3.1.1, section 4.8.9.1)."""

VERSIONS = ("3.0", "3.1", "3.2")
"""The versions of the specification that a contract may be written in."""

_HINT = f"`contract` names an OpenAPI document of version {' or '.join(VERSIONS)}"

ReadFile = Callable[[str], bytes]

_PARSED_FILES = 128
_LONGEST_CHAIN = 32
"""References that lead to references."""

_DATA = frozenset({"const", "default", "enum", "example", "examples"})
"""Fields with values of an API, in which `$ref` is no reference (resources of SCIM, RFC 7643, have it as a field)."""

_MAPS = frozenset(
    {"$defs", "callbacks", "content", "definitions", "dependentSchemas", "encoding", "headers", "links", "parameters"}
    | {"pathItems", "paths", "patternProperties", "properties", "requestBodies", "responses", "schemas"}
)
"""Fields with a mapping whose keys are names: the response `default`, a property called `example`."""


class Document(Struct, frozen=True):
    """A document by its name. `files` holds it and each file that it refers to, by names relative to one folder."""

    name: str
    files: Mapping[str, Json]

    @property
    def root(self) -> Json:
        """The OpenAPI document itself."""
        return self.files[self.name]

    def operations(self) -> Iterator[str]:
        """The operations in their order, such as `GET /pets/{id}`."""
        for path in self.root["paths"] if isinstance(self.root.get("paths"), Mapping) else ():
            item = self._find(("paths", path, "$ref"))[2]
            fields = item if isinstance(item, Mapping) else {}
            yield from (f"{method.upper()} {path}" for method in fields if method in METHODS)

    def pointer(self, keys: Iterable[str | int]) -> str:
        """Where the keys lead, with each `$ref` followed: `openapi.yaml#/components/schemas/Pet/type` (RFC 6901)."""
        file, pointer, _ = self._find(keys)
        return f"{file}#{''.join(f'/{_escaped(str(key))}' for key in pointer)}"

    def _find(self, keys: Iterable[str | int]) -> tuple[str, list[str | int], Json]:
        """File, keys in that file, and value. A key `$ref` follows the reference, as does one that is not beside it."""
        file, pointer, value = self.name, list[str | int](), self.root
        for key in keys:
            for _ in range(_LONGEST_CHAIN):
                if not _is_reference(value) or key in value.keys() - {"$ref"}:
                    break
                file, pointer = split_reference(file, value["$ref"])
                value = self._at(file, pointer)
                if key == "$ref":
                    break
            if key != "$ref":
                pointer.append(key)
                value = _child(value, key)
        return file, pointer, value

    def _at(self, file: str, keys: Iterable[str | int]) -> Json:
        value = self.files.get(file)
        for key in keys:
            value = _child(value, key)
        return value


def read_files(name: str, read: ReadFile) -> dict[str, bytes]:
    """The contents of a document and of all files that it refers to. Raises ActionError of kind validation."""
    files: dict[str, bytes] = {}
    waiting = [name]
    while waiting:
        file = waiting.pop()
        if file not in files:
            files[file] = read(file)
            waiting += referenced_files(file, files[file])
    return files


@lru_cache(maxsize=_PARSED_FILES)
def referenced_files(name: str, content: bytes) -> tuple[str, ...]:
    """The other files that a file refers to. Raises ActionError for a URL: nothing is fetched."""
    return other_files(name, parse(name, content))


def other_files(name: str, document: Json) -> tuple[str, ...]:
    """The other files that the document in a file refers to. Raises ActionError for a URL."""
    targets = {split_reference(name, reference)[0] for reference in _references(document)} - {name}
    for target in targets:
        if urlsplit(target).scheme:
            raise unusable(f"{name} refers to {target}, which is not fetched")
    return tuple(sorted(targets))


def _references(document: Json) -> Iterator[str]:
    waiting = [(document, False)]
    while waiting:
        value, has_names = waiting.pop()
        if _is_reference(value) and not has_names:
            yield value["$ref"]
        if isinstance(value, Mapping):
            fields = [(key, item) for key, item in value.items() if has_names or not _is_data(key)]
            waiting += [(item, not has_names and key in _MAPS) for key, item in fields]
        elif isinstance(value, list):
            waiting += [(item, False) for item in value]


def _is_data(key: str) -> bool:
    return key in _DATA or key.startswith("x-")


@lru_cache(maxsize=_PARSED_FILES)
def parse(name: str, content: bytes) -> Json:
    """What a file holds, JSON or YAML, with exact numbers. Raises ActionError of kind validation.

    Raises ImportError for YAML without the library that reads it.
    """
    text = decoded(content)
    try:
        return loads(text)
    except ValueError as error:
        try:
            return _parse_yaml(name, text)
        except ActionError:
            if name.lower().endswith(".json"):
                raise unusable(f"{name} is not JSON: {error}") from error
            raise


def decoded(content: bytes) -> str:
    """The text of a file."""
    return content.decode("utf-8-sig", errors="replace")


def _parse_yaml(name: str, text: str) -> Json:
    from jsonschema_path.handlers import file_handler

    try:
        return exact(file_handler(StringIO(text)))
    except Exception as error:  # of the YAML library, which this package does not import
        raise unusable(f"{name} is neither JSON nor YAML: {error}") from error


def version_of(name: str, root: Json) -> str:
    """The version of a document, one of `VERSIONS`. Raises ActionError of kind validation for any other document."""
    fields = root if isinstance(root, Mapping) else {}
    version = str(fields.get("openapi", ""))[:3]
    if version in VERSIONS:
        if isinstance(fields.get("paths", {}), Mapping):
            return version
        raise unusable(f"{name} is no OpenAPI document: its `paths` is no mapping")
    message = f"{name} is no OpenAPI document of version {' or '.join(VERSIONS)}"
    if "swagger" in fields:
        hint = "convert it to OpenAPI 3: converter.swagger.io does"
        raise unusable(f"{message}, but of Swagger {fields['swagger']}", hint)
    stated = f"`openapi: {fields['openapi']}`" if "openapi" in fields else "no `openapi`"
    raise unusable(f"{message}: it has {stated}")


def unusable(message: str, hint: str = _HINT) -> ActionError:
    """The error of a document that nothing can be checked against."""
    return ActionError(message, kind=ErrorKind.VALIDATION, hint=hint)


def split_reference(file: str, reference: str) -> tuple[str, list[str | int]]:
    """The file that a `$ref` in `file` leads to, and the keys in it. A URL stays a URL."""
    parts = urlsplit(reference)
    keys: list[str | int] = [_unescaped(key) for key in parts.fragment.split("/")[1:]]
    if parts.scheme or parts.netloc:
        return reference.partition("#")[0], keys
    return normpath(join(dirname(file), unquote(parts.path))) if parts.path else file, keys


def _is_reference(value: Json) -> bool:
    return isinstance(value, Mapping) and isinstance(value.get("$ref"), str)


def _child(value: Json, key: str | int) -> Json:
    if isinstance(value, Mapping):
        return value.get(key)
    if isinstance(value, list) and str(key).isdecimal() and int(key) < len(value):
        return value[int(key)]
    return None


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _unescaped(key: str) -> str:
    return unquote(key).replace("~1", "/").replace("~0", "~")

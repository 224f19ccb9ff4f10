"""openapi-core, set up for awsit: exact numbers, JSON of every media type, an operation found once for a URL."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from posixpath import join, normpath
from urllib.parse import quote, unquote, urlsplit

from jsonschema_path import SchemaPath
from msgspec import Struct, field
from openapi_core import V30ResponseValidator, V31ResponseValidator, V32ResponseValidator
from openapi_core.datatypes import RequestParameters
from openapi_core.templating.paths.datatypes import PathOperationServer
from openapi_core.templating.paths.finders import APICallPathFinder
from openapi_core.templating.paths.iterators import TemplatePathsIterator, TemplateServersIterator
from openapi_core.templating.paths.parsers import PathParser
from openapi_core.validation.response.validators import APICallResponseValidator
from werkzeug.datastructures import Headers

from awsit.actions.http_call.body import is_json
from awsit.actions.http_call.contract.bounds import BoundedSchemas
from awsit.expressions.assertions.json_schema import formats
from awsit.model.json import Json, loads
from awsit.openapi.document import Document, version_of

_KNOWN_URLS = 256
_KNOWN_TEMPLATES = 4096
_PARAMETER = re.compile(r"\{([^}]*)\}")
_LONGEST_INTEGER = 300
"""Digits. A float has 309 at most."""


def _is_base64(value: object) -> bool:
    """Whether a text is base64 (RFC 4648, section 4); the library's own check fails for one that is not ASCII."""
    try:
        return not isinstance(value, str) or b64decode(value, validate=True) is not None
    except ValueError:
        return False


_FORMATS: dict[str, Callable[[object], bool]] = {
    **formats.own_checks(),
    "byte": _is_base64,
    "float": lambda _: True,
    "double": lambda _: True,
}
"""Formats that are checked as assertions check them, or whose checks in the library know not all numbers and texts."""

_VALIDATORS: Mapping[str, type[APICallResponseValidator]] = {
    "3.0": V30ResponseValidator,
    "3.1": V31ResponseValidator,
    "3.2": V32ResponseValidator,
}


class Request(Struct):
    """A request as the library takes it, of which a response's check needs method and URL only."""

    method: str
    host_url: str
    path: str = ""
    full_url_pattern: str = ""
    content_type: str = ""
    body: bytes | None = None
    parameters: RequestParameters = field(default_factory=RequestParameters)


class Response(Struct, frozen=True):
    """A response as the library takes it. `content_type` is spelt as in the document, where that has it."""

    status_code: int
    headers: Headers
    content_type: str
    data: bytes


class DocumentReader(Struct, frozen=True):
    """What finds the operation of a URL in a document, and what checks a response against it."""

    finder: APICallPathFinder
    validator: APICallResponseValidator


class _Parser(PathParser):
    """Finds the parameters of a whole URL or of its end, in one pass.

    Each takes as little as fits, for good: to try more would find no other match, and take exponential time.
    """

    def _compile_template_to_regex(self, template: str) -> str:
        literal, *others = _PARAMETER.split(template)
        expression, names = re.escape(literal), others[::2]
        for index, (name, following) in enumerate(zip(names, others[1::2], strict=True)):
            self._group_to_name[f"g{index}"] = name
            end = r"\Z" if index == len(names) - 1 else ""
            expression += f"(?>(?P<g{index}>[^/]*?){re.escape(following)}{end})"
        return expression


@lru_cache(maxsize=_KNOWN_TEMPLATES)
def _parser(_iterator: object, template: str) -> PathParser:
    return _Parser(template, post_expression=r"\Z")


class _Paths(TemplatePathsIterator):
    _get_path_parser = _parser


class _Servers(TemplateServersIterator):
    _get_server_url_parser = _parser


class _Finder(APICallPathFinder):
    """Finds the operation of a URL, once: that of a large document takes milliseconds."""

    paths_iterator = _Paths("paths")
    servers_iterator = _Servers()

    def __init__(self, spec: SchemaPath, base_url: str | None = None) -> None:
        super().__init__(spec, base_url)
        self._known = lru_cache(maxsize=_KNOWN_URLS)(super().find)

    def find(self, method: str, name: str) -> PathOperationServer:
        """The operation, and the server and path that it was found by. Raises PathError."""
        return self._known(method, name)


class _Deserializers(dict[str, Callable[[bytes], Json]]):
    """How the body of a media type is read: as JSON, or as text; of a range, as the response's own type says."""

    def __contains__(self, media: object) -> bool:
        return True

    def __getitem__(self, media: str) -> Callable[..., Json]:
        return _read_json if is_json(media) else _read_of_range if "*" in media else _read_text


def _read_json(body: bytes, **_parameters: str) -> Json:
    return _with_integers(loads(body.decode("utf-8-sig")))


def _with_integers(value: Json) -> Json:
    """The value with 1.0 as 1: an integer (JSON Schema 2020-12, 6.3), which the library knows of floats only."""
    if isinstance(value, Decimal):
        return int(value) if value.adjusted() < _LONGEST_INTEGER and value == value.to_integral_value() else value
    if isinstance(value, dict):
        return {key: _with_integers(item) for key, item in value.items()}
    return [_with_integers(item) for item in value] if isinstance(value, list) else value


def _read_text(body: bytes, **_parameters: str) -> Json:
    return body.decode(errors="surrogateescape")


def of_range(media: str, received: str) -> str:
    """A range such as `application/*` for the content type of a `Response`, to be read as the type that came."""
    return f"{media}; read={'json' if is_json(received) else 'text'}"


def _read_of_range(body: bytes, read: str = "", **_parameters: str) -> Json:
    return _read_json(body) if read == "json" else _read_text(body)


def make_reader(document: Document) -> DocumentReader:
    """The library's view of a document. Raises ActionError of kind validation when it is no OpenAPI document."""
    version = version_of(document.name, document.root)

    paths = _paths_below_root(document)
    readable = _unchanged if version == "3.0" else _with_objects_for_booleans
    files = {path: readable(document.files[name]) for name, path in paths.items()}

    def file_at(url: str) -> Json:
        return files[unquote(urlsplit(url).path).removeprefix("/")]

    handlers = dict.fromkeys(("file", "http", "https", ""), file_at)
    spec = SchemaPath.from_dict(
        files[paths[document.name]], base_uri=f"file:///{quote(paths[document.name])}", handlers=handlers
    )
    validator_class = _VALIDATORS[version]
    validator = validator_class(
        spec,
        schema_validators_factory=BoundedSchemas(validator_class.schema_validators_factory),
        path_finder_cls=_Finder,
        extra_media_type_deserializers=_Deserializers(),
        extra_format_validators=_FORMATS,
    )
    return DocumentReader(_Finder(spec), validator)


def _paths_below_root(document: Document) -> dict[str, str]:
    """A path for each file, by its name: names may begin with `..`, which no URL can (RFC 3986, section 5.2.4)."""
    above = max(name.split("/").count("..") for name in document.files)
    folder = "/".join(["*"] * above)
    return {name: normpath(join(folder, name)) for name in document.files}


def _unchanged(value: Json) -> Json:
    """The document as it is: 3.0 has no boolean schemas."""
    return value


def _with_objects_for_booleans(value: Json, key: str = "") -> Json:
    """The document with `{}` and `{not: {}}` for boolean schemas of bodies and headers, for which the library fails."""
    if isinstance(value, Mapping):
        described = {name: _with_objects_for_booleans(item, name) for name, item in value.items()}
        return (
            {name: _described(item) for name, item in described.items()} if key in {"content", "headers"} else described
        )
    return [_with_objects_for_booleans(item) for item in value] if isinstance(value, list) else value


def _described(value: Json) -> Json:
    if isinstance(value, Mapping) and isinstance(value.get("schema"), bool):
        return {**value, "schema": {} if value["schema"] else {"not": {}}}
    return value

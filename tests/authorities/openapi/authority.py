"""What openapi-core says of a request.

It takes a request apart as web frameworks hand it over. Three of its styles want a value in a form of their own, which
is made here from the text that was sent: matrix and label under `;name*` and `.name*`, exploded objects in one piece.
"""

import re
import warnings
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

from jsonschema_path import SchemaPath
from openapi_core import V30RequestValidator, V31RequestValidator
from openapi_core.datatypes import RequestParameters
from openapi_core.deserializing.media_types.util import json_loads
from openapi_core.templating.datatypes import TemplateResult
from openapi_core.templating.paths.datatypes import PathOperationServer
from openapi_core.templating.paths.finders import APICallPathFinder
from werkzeug.datastructures import Headers, ImmutableMultiDict
from werkzeug.http import parse_cookie

from awsit.cli.drafts.openapi.document import OpenApi, Operation
from awsit.model.http import HttpRequest

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
OCTETS = "application/octet-stream"
MOST = 1_000
KNOWN = {"application/json", "application/x-www-form-urlencoded", "application/xml"}


@dataclass
class Recorded:
    """The request as openapi-core reads it."""

    host_url: str
    path: str
    method: str
    parameters: RequestParameters
    content_type: str
    body: bytes | None


def problems(api: OpenApi, operation: Operation, request: HttpRequest, base: str) -> list[str]:
    """Why the request is not one of the operation; empty for one that is."""
    recorded = _recorded(operation, request, base)
    validator = _validator(api, operation, recorded)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            return [_text(error) for error in validator.iter_errors(recorded)]
        except Exception as error:  # noqa: BLE001 - what openapi-core does not catch itself is told as well
            return [_text(error)]


def _validator(api: OpenApi, operation: Operation, recorded: Recorded) -> Any:
    """A validator that takes the request for one of this operation: the path was compared already."""
    document = {**_for_requests(api)}
    item = dict(api.resolve(document["paths"][operation.path]))
    item.pop("parameters", None)
    item[operation.method.lower()] = _defined(api, operation, recorded)
    document["paths"] = {**document["paths"], operation.path: item}
    kind = V30RequestValidator if api.is_3_0 else V31RequestValidator

    class Finder(APICallPathFinder):
        def find(self, method: str, name: str) -> PathOperationServer:
            path = self.spec / "paths" / operation.path
            return PathOperationServer(path, path / method, None, TemplateResult(operation.path, {}), {})

    deserializers = _MediaTypes(is_3_0=api.is_3_0)
    schema = SchemaPath.from_dict(document)
    return kind(schema, path_finder_cls=Finder, extra_media_type_deserializers=deserializers)


def _defined(api: OpenApi, operation: Operation, recorded: Recorded) -> dict[str, Any]:
    """The operation without optional parts that are not in the request.

    openapi-core refuses each style that the specification leaves undefined, such as a list as a deepObject, also where
    nothing of the kind is sent.
    """
    sent = " ".join((*recorded.parameters.query, *recorded.parameters.cookie, (recorded.body or b"").decode("latin-1")))
    parameters = [
        each for each in operation.parameters if each.get("required") or each["in"] == "header" or each["name"] in sent
    ]
    body = dict(api.entry(operation.detail, "requestBody"))
    if isinstance(body.get("content"), Mapping):
        body["content"] = {kind: _encoded_parts(media, sent) for kind, media in body["content"].items()}
    return {**operation.detail, "parameters": parameters, **({"requestBody": body} if body else {})}


def _encoded_parts(media: Any, sent: str) -> Any:
    if not isinstance(media, Mapping) or not isinstance(media.get("encoding"), Mapping):
        return media
    encoding = {name: each for name, each in media["encoding"].items() if name in sent}
    left_out = media["encoding"].keys() - encoding.keys()
    return {**media, "encoding": encoding | {name: {"style": "form"} for name in left_out}}


def _for_requests(api: OpenApi) -> Mapping[str, Any]:
    """The document for what is sent: since 3.1 openapi-core wants what is read only, where it is required."""
    return api.document if api.is_3_0 else _without_read_only(api, api.document)


def _without_read_only(api: OpenApi, node: Any) -> Any:
    if isinstance(node, list):
        return [_without_read_only(api, item) for item in node]
    if not isinstance(node, Mapping):
        return node
    copy = {key: _without_read_only(api, item) for key, item in node.items()}
    properties = node.get("properties")
    if isinstance(node.get("required"), list) and isinstance(properties, Mapping):
        copy["required"] = [name for name in node["required"] if not _is_read_only(api, properties.get(name))]
    return copy


def _is_read_only(api: OpenApi, schema: Any) -> bool:
    return isinstance(schema, Mapping) and api.resolve(schema).get("readOnly") is True


class _MediaTypes(dict):
    """What openapi-core reads in part only: JSON of a vendor; bytes, which are texts of JSON Schema since 3.1."""

    def __init__(self, *, is_3_0: bool) -> None:
        self._is_3_0 = is_3_0

    def __contains__(self, kind: object) -> bool:
        kind = str(kind)
        is_bytes = not kind.startswith(("text/", "multipart/")) and kind not in KNOWN
        return kind.endswith("+json") or (is_bytes and not (self._is_3_0 and kind == OCTETS))

    def __getitem__(self, kind: str) -> Any:
        return json_loads if kind.endswith("+json") else _latin


def _latin(value: bytes, **_: str) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else value


def _recorded(operation: Operation, request: HttpRequest, base: str) -> Recorded:
    parts = urlsplit(request.url)
    headers = Headers(list(request.headers.items()))
    parameters = RequestParameters(
        path=_path_values(operation, request.url.partition("?")[0].removeprefix(base)),
        query=ImmutableMultiDict(_query_values(operation, parts.query)),
        header=headers,
        cookie=ImmutableMultiDict(parse_cookie(request.headers.get("Cookie", ""))),
    )
    host = f"{parts.scheme}://{parts.netloc}"
    kind = request.headers.get("Content-Type", "")
    return Recorded(host, unquote(parts.path), request.method.lower(), parameters, kind, request.body)


def _path_values(operation: Operation, path: str) -> dict[str, str]:
    """The values in the path, split at the template before they are decoded."""
    names = PLACEHOLDER.findall(_without_fragment(operation.path))
    rule = "([^/]*)".join(re.escape(part) for part in PLACEHOLDER.split(_encoded(operation.path))[::2])
    found = re.fullmatch(rule, path)
    assert found, f"{path} is not {operation.path}"
    values = {}
    for name, text in zip(names, found.groups(), strict=True):
        parameter = next((each for each in operation.parameters if each["name"] == name and each["in"] == "path"), {})
        sign = {"matrix": ";", "label": "."}.get(parameter.get("style"), "")
        values[f"{sign}{name}{'*' if sign and parameter.get('explode') else ''}"] = unquote(text)
    return values


def _encoded(path: str) -> str:
    return _without_fragment(path).replace(" ", "%20")


def _without_fragment(path: str) -> str:
    """A fragment, by which some documents tell operations apart, is not sent."""
    return path.partition("#")[0]


def _query_values(operation: Operation, query: str) -> Iterator[tuple[str, str]]:
    pairs = [part.partition("=")[::2] for part in query.split("&") if part]
    yield from ((unquote(name), unquote(value)) for name, value in pairs)


def _text(error: BaseException | None) -> str:
    """The error, what caused it, and what the schema says."""
    texts = []
    while error is not None:
        texts.append(f"{type(error).__name__}: {error}")
        error = error.__cause__ or error.__context__
    return " <- ".join(texts)[:MOST]

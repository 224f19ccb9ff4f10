"""The body of a request."""

from __future__ import annotations

import base64
from collections.abc import Iterator, Mapping

from msgspec import Struct

from awsit.cli.drafts.openapi.document import OpenApi, Operation, UndraftableError
from awsit.cli.drafts.openapi.media import FORM, JSON, MULTIPART, bare, is_json, is_text, preferred
from awsit.cli.drafts.openapi.schema.examples import Examples, Nothing
from awsit.cli.drafts.openapi.styles import UNDEFINED, Query, Style, merged_query
from awsit.cli.drafts.openapi.written import Template, sample, text_of, written
from awsit.expressions.templates.template import literal
from awsit.model.json import Json, dumps

CONTENT_TYPE = "Content-Type"
BOUNDARY = "awsit-boundary"
_WITHOUT_BODY = {"GET", "HEAD", "DELETE", "TRACE"}
"""Methods whose content has no meaning of its own (RFC 9110, section 9.3)."""
_FORM_STYLE = ("style", "explode", "allowReserved")
_TEXT_BY_ITSELF = "text/plain"

Params = dict[str, Json]
"""Params of `http_call`; headers under `headers`."""


class Bodies(Struct, frozen=True):
    """Writes bodies."""

    api: OpenApi
    examples: Examples

    def of(self, operation: Operation) -> Params:
        """The params that send a body as the operation describes it; empty without one."""
        try:
            request = self.api.entry(operation.detail, "requestBody")
            is_required = request.get("required") is True
            if operation.method in _WITHOUT_BODY and not is_required:
                return {}
            kind, media = preferred(self.api.entry(request, "content"))
            return self._written(operation, kind, media, is_required=is_required) if kind else {}
        except UndraftableError as error:
            self.api.note(f"the body of {operation.identifier} was left out: {error}")
            return {}

    def _written(self, operation: Operation, kind: str, media: Mapping[str, Json], *, is_required: bool) -> Params:
        """The params of one media type. What may not fit the schema is sent where there must be a body."""
        schema = media.get("schema", {})
        if not is_json(kind) and bare(kind) not in {FORM, MULTIPART}:
            return _other(kind, self._text(media, schema))
        value = self._value(media, schema)
        problem = self.examples.validity.problem(schema, value)
        if problem and not is_required:
            raise UndraftableError(f"no value was found that fits its schema; {problem}")
        if problem:
            self.api.note(f"the body of {operation.identifier} may need a change: {problem}")
        if bare(kind) == FORM and isinstance(value, dict):
            return {"form": merged_query(self._fields(operation, value, media)).named}
        if bare(kind) == MULTIPART and isinstance(value, dict):
            body = "".join(self._parts(value, media)) + f"--{BOUNDARY}--\r\n"
            return {"headers": {CONTENT_TYPE: f"{kind}; boundary={BOUNDARY}"}, "body": body}
        return _json(kind, value)

    def _value(self, media: Mapping[str, Json], schema: Json) -> Json:
        """The example, or a value of the schema; an empty object where the document says nothing."""
        given = self.examples.given(media, schema)
        if not isinstance(given, Nothing):
            return given
        return self.examples.value(schema) if self.examples.schemas.merged(schema) else {}

    def _text(self, media: Mapping[str, Json], schema: Json) -> Json:
        """The same for other than JSON: an example is what is sent, such as XML, where the schema is of an object."""
        given = self.examples.given(media, {})
        if isinstance(given, str):
            return given
        return self._value(media, schema) or "text"

    def _fields(self, operation: Operation, value: dict[str, Json], media: Mapping[str, Json]) -> Iterator[Query]:
        """The fields of a form. Without a style, an object is JSON (OpenAPI 3.1.1, Encoding Object)."""
        required = self.examples.schemas.merged(media.get("schema", {})).get("required", [])
        for name, item in value.items():
            encoding = self.api.entry(self.api.entry(media, "encoding"), name)
            try:
                if isinstance(item, dict) and not any(key in encoding for key in _FORM_STYLE):
                    yield Query({str(literal(name)): dumps(written(item))})
                else:
                    yield self._field(operation, Style.of(encoding, "form"), name, item, is_required=name in required)
            except UndraftableError as error:
                if name in required:
                    self.api.note(f"the field {name} of {operation.identifier} was left out: {error}")

    def _field(self, operation: Operation, style: Style, name: str, item: Json, *, is_required: bool) -> Query:
        field = style.in_query(name, item)
        if field.undefined and not is_required:
            return Query()
        for each in field.undefined:
            self.api.note(UNDEFINED.format(name=each, operation=operation.identifier))
        return field

    def _parts(self, value: dict[str, Json], media: Mapping[str, Json]) -> Iterator[str]:
        """The parts of a multipart body (RFC 7578); the items of a list are parts of the same name."""
        properties = self.examples.schemas.merged(media.get("schema", {})).get("properties", {})
        for name, item in value.items():
            encoding = self.api.entry(self.api.entry(media, "encoding"), name)
            if not self.api.is_3_0 and any(key in encoding for key in _FORM_STYLE):
                fields = Style.of(encoding, "form").in_query(name, item).named
                yield from (_text_part(key, text) for key, texts in fields.items() for text in _listed(texts))
                continue
            detail = self.examples.schemas.merged(properties.get(name, {}))
            for each in item if isinstance(item, list) else [item]:
                inner = self.examples.schemas.merged(detail.get("items", {})) if isinstance(item, list) else detail
                given = encoding.get("contentType")
                yield _part(name, each, given if isinstance(given, str) else "", is_file=_is_binary(inner))


def _is_binary(detail: Mapping[str, Json]) -> bool:
    """Whether a schema stands for the content of a file: `format: binary` in 3.0, a media type in 3.1."""
    return detail.get("format") == "binary"


def _listed(value: Json) -> list[Json]:
    return value if isinstance(value, list) else [value]


def _text_part(name: str, value: Json) -> str:
    return _part(name, Template(text_of(value)), "", is_file=False)


def _part(name: str, value: Json, kind: str, *, is_file: bool) -> str:
    is_nested = isinstance(value, dict | list)
    kind = kind.partition(",")[0].strip() or (JSON if is_nested else "application/octet-stream" if is_file else "")
    quoted = str(literal(name)).replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
    text = dumps(written(value)) if is_nested or is_json(kind) else str(written(text_of(value)))
    disposition = f'Content-Disposition: form-data; name="{quoted}"' + (f'; filename="{quoted}"' if is_file else "")
    return f"--{BOUNDARY}\r\n{disposition}\r\n" + (f"Content-Type: {kind}\r\n" if kind else "") + f"\r\n{text}\r\n"


def _json(kind: str, value: Json) -> Params:
    """JSON: lists and objects are written by the action, with its own media type; all else is text."""
    is_plain = isinstance(value, dict | list)
    params: Params = {"body": written(value) if is_plain else dumps(written(value))}
    return params if kind == JSON and is_plain else {"headers": {CONTENT_TYPE: kind}, **params}


def _other(kind: str, value: Json) -> Params:
    if is_text(kind) and not isinstance(value, dict | list):
        text = {"body": written(text_of(value))}
        return text if bare(kind) == _TEXT_BY_ITSELF else {"headers": {CONTENT_TYPE: kind}, **text}
    if isinstance(value, dict | list):
        raise UndraftableError(f"it is {kind}; write it yourself")
    binary = base64.b64encode(str(sample(text_of(value))).encode()).decode()
    return {"headers": {CONTENT_TYPE: kind}, "body_base64": binary}

"""The parameters of an operation: its URL, query, headers and cookies."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import chain, count
from typing import TypeVar
from urllib.parse import quote

from msgspec import Struct, field

from awsit.cli.drafts.draft import LONGEST_NAME, scenario_name
from awsit.cli.drafts.openapi.document import OpenApi, Operation, UndraftableError
from awsit.cli.drafts.openapi.media import is_json, preferred
from awsit.cli.drafts.openapi.names import cookie_name, header_name
from awsit.cli.drafts.openapi.schema.examples import Examples, Nothing
from awsit.cli.drafts.openapi.styles import NESTED, UNDEFINED, Query, Style, merged_query
from awsit.cli.drafts.openapi.written import Template, encoded, sample, text_of, written
from awsit.expressions.templates.template import literal
from awsit.model.json import Json, dumps

PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_URL = "!$%&'()*+,;=:@/?~"
_OTHERWISE = {"accept", "content-type", "authorization"}
"""Headers that OpenAPI does not describe as parameters (Parameter Object, `in: header`)."""
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_TEXT = {"type": "string"}
Part = TypeVar("Part")


class Parameters(Struct):
    """Writes parameters. `variables` are those of the scenario, which path parameters are added to."""

    api: OpenApi
    examples: Examples
    variables: dict[str, Json] = field(default_factory=dict)

    def path(self, operation: Operation, captured: Mapping[str, str]) -> str:
        """The path with its parameters filled in: with templates of `captured` values, else with variables.

        A fragment, by which some documents tell operations apart, is not sent.
        """
        declared = {str(each["name"]): each for each in operation.parameters if each.get("in") == "path"}
        path = operation.path.partition("#")[0]
        parts = PLACEHOLDER.split(path)
        for index, name in enumerate(parts[1::2]):
            parts[2 * index + 1] = self._segment(operation, declared.get(name, {"name": name}), captured.get(name, ""))
        parts[::2] = [str(literal(quote(part, safe=_URL))) for part in parts[::2]]
        return "".join(["" if path.startswith("/") else "/", *parts])

    def query(self, operation: Operation) -> Query:
        """The query string."""
        items = self._each(operation, "query", lambda name, style, value: style.in_query(name, value))
        for name in (name for item in items for name in item.undefined):
            self.api.note(UNDEFINED.format(name=name, operation=operation.identifier))
        return merged_query(items)

    def headers(self, operation: Operation) -> dict[str, Json]:
        """The headers, less those that OpenAPI leaves to other parts of the document."""
        return dict(self._each(operation, "header", _header))

    def cookies(self, operation: Operation) -> list[str]:
        """The parts of the Cookie header."""
        return self._each(operation, "cookie", _cookie)

    def value(self, parameter: Mapping[str, Json]) -> Json:
        """What a parameter is sent as: a value, or the text of one with a media type of its own."""
        kind, node = self._node(parameter)
        schema = node.get("schema", {})
        given = self.examples.given(node, schema)
        value = self.examples.value(schema or _TEXT) if isinstance(given, Nothing) else given
        if not kind:
            return value
        if not is_json(kind) and isinstance(value, list | dict):
            raise UndraftableError(f"its value is {kind}")
        return dumps(sample(value)) if is_json(kind) else value

    def _segment(self, operation: Operation, parameter: Mapping[str, Json], captured: str) -> str:
        """What stands in the place of a path's `{name}`."""
        name, style = str(parameter["name"]), Style.of(parameter, "path")
        try:
            if captured:
                return style.in_path(name, "text")[0] + captured
            return self._with_variable(operation, name, style, self.value(parameter))
        except UndraftableError as error:
            self.api.note(f"the parameter {name} of {operation.identifier} needs a value: {error}")
            return f"{{{{ vars.{self._variable(operation, name, 'text')} }}}}"

    def _with_variable(self, operation: Operation, name: str, style: Style, value: Json) -> str:
        if value in ("", None) and style.name == "simple":
            value = "text"
        prefix, text = style.in_path(name, value)
        if not text:
            return prefix
        is_single = not isinstance(value, list | dict)
        variable = self._variable(operation, name, written(value) if is_single else text)
        is_encoded = is_single and not isinstance(value, Template) and encoded(value) != text_of(value)
        return f"{prefix}{{{{ vars.{variable}{' | urlencode' if is_encoded else ''} }}}}"

    def _variable(self, operation: Operation, parameter: str, value: Json) -> str:
        """The variable of a path parameter; one of the same name and another value is named after its operation."""
        own = scenario_name(f"{operation.identifier} {parameter}")
        numbered = (f"{own[: LONGEST_NAME - 4]}{number}" for number in count(2))
        names = chain((scenario_name(parameter), own), numbered)
        return next(name for name in names if self.variables.setdefault(name, value) == value)

    def _each(self, operation: Operation, place: str, write: Callable[[str, Style, Json], Part]) -> list[Part]:
        """The parameters of a place that are required or have an example; one that cannot be written is noted."""
        parts = []
        for parameter in operation.parameters:
            name = str(parameter["name"])
            if parameter.get("in") != place or (place == "header" and name.lower() in _OTHERWISE):
                continue
            try:
                if parameter.get("required") is True or self._has_example(parameter):
                    style = Style.of(parameter, place)
                    parts.append(write(name, style, self._writable(operation, parameter, style)))
            except UndraftableError as error:
                self.api.note(f"the {place} parameter {name} of {operation.identifier} was left out: {error}")
        return parts

    def _writable(self, operation: Operation, parameter: Mapping[str, Json], style: Style) -> Json:
        """The value, without optional properties that its style cannot write."""
        value = self.value(parameter)
        if not isinstance(value, dict) or style.name == "deepObject":
            return value
        required = self.examples.schemas.merged(parameter.get("schema", {})).get("required", [])
        odd = [key for key, item in value.items() if isinstance(item, list | dict) and key not in required]
        for key in odd if len(odd) < len(value) else ():
            self.api.note(
                f"{key} of the parameter {parameter['name']} of {operation.identifier} was left out: {NESTED}"
            )
        return {key: item for key, item in value.items() if key not in odd} if len(odd) < len(value) else value

    def _has_example(self, parameter: Mapping[str, Json]) -> bool:
        _, node = self._node(parameter)
        return not isinstance(self.examples.given(node, node.get("schema", {})), Nothing)

    def _node(self, parameter: Mapping[str, Json]) -> tuple[str, Mapping[str, Json]]:
        """The media type of a parameter, empty for most, and what holds its schema and examples."""
        kind, media = preferred(self.api.entry(parameter, "content"))
        return kind, {**parameter, **media} if kind else parameter


def _header(name: str, style: Style, value: Json) -> tuple[str, Json]:
    """A header that can be sent (RFC 9110, section 5)."""
    text = style.in_header(value)
    if _CONTROL.search(text) or not text.isascii():
        raise UndraftableError("its value cannot be sent in a header")
    return header_name(name), text


def _cookie(name: str, style: Style, value: Json) -> str:
    """A cookie that can be sent."""
    cookie_name(name)
    return style.in_cookie(name, value)

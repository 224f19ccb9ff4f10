"""Which requests take what an earlier one created: `POST /orders`, then `GET` and `DELETE /orders/{id}`."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from msgspec import Struct

from awsit.cli.drafts.draft import scenario_name
from awsit.cli.drafts.openapi.document import OpenApi, Operation, UndraftableError
from awsit.cli.drafts.openapi.parameters import PLACEHOLDER
from awsit.cli.drafts.openapi.responses import Responses
from awsit.cli.drafts.openapi.schema.merging import Detail, Schemas, kinds
from awsit.model.json import Json

_PLAIN = re.compile(r"[A-Za-z_]\w*\Z", re.ASCII)
_BODY = "$response.body#/"
_ENDS = ("", "/", ":", ".")
"""What may follow the path of one thing, as in `/orders/{id}/lines` and `/orders/{id}:cancel`."""


class Created(Struct, frozen=True):
    """What a request creates. The response's value at `pointer` is the last parameter of `path`, `/orders/{id}`."""

    creator: Operation
    path: str
    name: str
    pointer: tuple[str, ...]
    is_plain: bool
    deletion: Operation | None

    @property
    def json_path(self) -> str:
        """Where the value is in the action's result."""
        parts = (f".{part}" if _PLAIN.match(part) else f"[{_quoted(part)}]" for part in self.pointer)
        return "$.body" + "".join(parts)

    @property
    def template(self) -> str:
        """What stands in the URL of a later request."""
        return f"{{{{ context.{self.name}{'' if self.is_plain else ' | urlencode'} }}}}"

    def parameter_in(self, operation: Operation) -> str:
        """The name of the parameter that takes the value; empty where the path does not lead to what was created."""
        own, other = PLACEHOLDER.sub("{}", self.path), PLACEHOLDER.sub("{}", operation.path)
        if not other.startswith(own) or other[len(own) : len(own) + 1] not in _ENDS:
            return ""
        return str(PLACEHOLDER.findall(operation.path)[own.count("{}") - 1])


class Chains:
    """What the chosen operations of a document create, and who takes it."""

    def __init__(self, api: OpenApi, schemas: Schemas, responses: Responses, chosen: list[Operation]) -> None:
        self._api = api
        self._schemas = schemas
        self._responses = responses
        self.created: list[Created] = []
        every = list(api.operations())
        for operation in chosen:
            if operation.method == "POST":
                self.created += self._created(operation, every)

    def captured(self, operation: Operation) -> dict[str, str]:
        """The templates of the parameters that an earlier request gives, by the parameter's name."""
        return {each.parameter_in(operation): each.template for each in self._before(operation)}

    def of(self, creator: Operation) -> Created | None:
        """What the operation creates."""
        return next((each for each in self.created if each.creator is creator), None)

    def ordered(self, operations: list[Operation]) -> list[Operation]:
        """The operations with what creates before what takes; what deletes it comes last, the innermost first."""
        placed: list[Operation] = []
        for operation in operations:
            self._place(operation, placed)
        deletions = [each for each in placed if each.method == "DELETE" and any(self._before(each))]
        deletions.sort(key=lambda each: -each.path.count("/"))
        return [each for each in placed if each not in deletions] + deletions

    def _place(self, operation: Operation, placed: list[Operation]) -> None:
        if operation not in placed:
            for each in self._before(operation):
                self._place(each.creator, placed)
            placed.append(operation)

    def _before(self, operation: Operation) -> Iterator[Created]:
        return (each for each in self.created if each.parameter_in(operation))

    def _created(self, creator: Operation, every: Iterable[Operation]) -> Iterator[Created]:
        """What a POST to a collection creates, where its response holds what the path of one thing takes."""
        collection = PLACEHOLDER.sub("{}", creator.path).rstrip("/")
        depth = collection.count("/") + 2
        items = [each for each in every if PLACEHOLDER.sub("{}", _start(each.path, depth)) == f"{collection}/{{}}"]
        if not items:
            return
        path = _start(items[0].path, depth)
        parameter = PLACEHOLDER.findall(path)[-1]
        found = self._linked(creator, items) or self._pointer(self._responses.schema(creator), parameter, creator)
        if found:
            pointer, detail = found
            is_plain = kinds(detail) == ["integer"] or detail.get("format") == "uuid"
            deletion = next((each for each in items if each.method == "DELETE" and _is_one(each.path, depth)), None)
            yield Created(creator, path, self._name(creator, parameter), pointer, is_plain, deletion)

    def _name(self, creator: Operation, parameter: str) -> str:
        """A name of its own in the context: the parameter's, or `order_id` for the `id` of `/orders/{id}`."""
        thing = _singular(scenario_name(creator.path.rstrip("/").rpartition("/")[2]))
        wanted = name = f"{thing}_id" if parameter == "id" else scenario_name(parameter)
        taken = {each.name for each in self.created}
        number = 2
        while name in taken:
            name, number = f"{wanted}{number}", number + 1
        return name

    def _linked(self, creator: Operation, items: list[Operation]) -> tuple[tuple[str, ...], Detail] | None:
        """What the document's own links say (OpenAPI 3.1.1, Link Object)."""
        names = [each.detail.get("operationId") for each in items]
        for each in self._responses.links(creator).values():
            link = self._resolved(each)
            for expression in (
                self._resolved(link.get("parameters")).values() if link.get("operationId") in names else ()
            ):
                if isinstance(expression, str) and expression.startswith(_BODY):
                    return tuple(expression.removeprefix(_BODY).split("/")), {}
        return None

    def _resolved(self, node: Json) -> Mapping[str, Json]:
        try:
            return self._api.entry({"node": node}, "node")
        except UndraftableError:
            return {}

    def _pointer(self, schema: Json, parameter: str, creator: Operation) -> tuple[tuple[str, ...], Detail] | None:
        """Where the response holds the value, by its name, or `id` for `order_id`: in the thing or one level down."""
        segment = _singular(scenario_name(creator.path.rstrip("/").rpartition("/")[2]))
        name = scenario_name(parameter)
        wanted = [name, *(["id"] if name.endswith("_id") else []), *([f"{segment}_id"] if name == "id" else [])]
        for above, properties in self._levels(schema, segment):
            named = {scenario_name(key): key for key in reversed(list(properties))}
            for each in wanted:
                if each in named and (detail := self._single(properties[named[each]])) is not None:
                    return (*above, named[each]), detail
        return None

    def _levels(self, schema: Json, segment: str) -> Iterator[tuple[tuple[str, ...], Mapping[str, Json]]]:
        """The properties of the response, then those of what it wraps: `data`, or the thing's own name."""
        properties = self._properties(schema)
        yield (), properties
        for key in properties:
            if scenario_name(key) in {"data", segment} or len(properties) == 1:
                yield (key,), self._properties(properties[key])

    def _properties(self, schema: Json) -> Mapping[str, Json]:
        try:
            properties: Mapping[str, Json] = self._schemas.merged(schema).get("properties", {})
        except UndraftableError:
            return {}
        return properties

    def _single(self, schema: Json) -> Detail | None:
        """The schema of a text or a number; None for any other."""
        try:
            detail = self._schemas.merged(schema)
        except UndraftableError:
            return None
        return detail if set(kinds(detail)) & {"string", "integer"} else None


def _start(path: str, depth: int) -> str:
    """The path down to a depth: `/orders/{id}` of `/orders/{id}/lines`, for 3."""
    return "/".join(path.split("/")[:depth])


def _is_one(path: str, depth: int) -> bool:
    """Whether the path is that of one thing, and of nothing inside it."""
    return _start(path, depth) == path.rstrip("/")


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _quoted(name: str) -> str:
    escaped = name.replace("\\", "\\\\").replace("'", "\\'")
    return f"'{escaped}'"

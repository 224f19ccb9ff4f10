"""A scenario made from an OpenAPI document: one action for each operation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from awsit.cli.drafts.draft import Draft, action_name, from_environment, literal, scenario_name
from awsit.cli.drafts.openapi.document import OpenApi, Operation, read_openapi
from awsit.cli.drafts.openapi.schema.values import example_of, expected_of, given_example, has_example, merged
from awsit.errors import InvalidInputError, UsageError
from awsit.model.json import Json
from awsit.scenario.limits import MAX_ACTIONS

_PATH_PARAMETER = re.compile(r"\{([^{}]+)\}")
_SUCCESS = re.compile(r"2(\d\d|XX)\Z", re.IGNORECASE)
_GIVEN_OTHERWISE = {"accept", "content-type", "authorization"}
"""Headers that OpenAPI does not describe as parameters (Parameter Object, `in: header`)."""


def draft_of_openapi(file: str, wanted: tuple[str, ...] = (), name: str = "") -> Draft:
    """A scenario with an action for each operation, or for those of the `wanted` IDs.

    Values come from the document's examples, else from its schemas; what a response must look like becomes `matches`.
    Path parameters are variables. Raises NotFoundError, InvalidInputError and UsageError.
    """
    api = read_openapi(file)
    operations = api.chosen(wanted)
    if len(operations) > MAX_ACTIONS:
        hint = "choose some with --operation"
        raise UsageError(f"{file} has {len(operations)} operations; a scenario holds {MAX_ACTIONS}", hint=hint)
    try:
        return _Writer(api).draft(operations, name)
    except RecursionError:
        raise InvalidInputError(f"{file}: a schema contains itself without end", code="invalid_openapi") from None


@dataclass(slots=True)
class _Writer:
    """Collects what the operations have in common: variables, names that are taken, notes."""

    api: OpenApi
    variables: dict[str, Json] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)
    notes: dict[str, None] = field(default_factory=dict)

    def draft(self, operations: list[Operation], name: str) -> Draft:
        self.variables["base_url"] = self._server()
        info = self.api.entry(self.api.document, "info")
        title = str(info.get("title") or "api")
        only = f"{operations[0].identifier}" if len(operations) == 1 else title
        actions = [self._action(each) for each in operations]
        document = {
            "name": name or scenario_name(only),
            "description": literal(f"{title} answers as its OpenAPI document says"),
            "variables": self.variables,
            "actions": actions,
        }
        return Draft(document, tuple(self.notes))

    def _server(self) -> str:
        """The first server's URL, with the defaults of its variables."""
        servers = self.api.document.get("servers") or [{}]
        server = self.api.resolve(servers[0])
        url = str(server.get("url", ""))
        for name, variable in (server.get("variables") or {}).items():
            url = url.replace(f"{{{name}}}", str(variable.get("default", "")))
        if url.startswith(("http://", "https://")):
            return str(literal(url.rstrip("/")))
        self.notes["the document names no server: set BASE_URL in the environment before a run"] = None
        return f"{from_environment('BASE_URL')}{literal(url.rstrip('/'))}"

    def _action(self, operation: Operation) -> dict[str, Json]:
        secured = self._security(operation)
        params = {
            "url": "{{ vars.base_url }}" + self._path(operation),
            "method": operation.method,
            "query": {**self._named(operation, "query"), **secured.get("query", {})},
            "headers": {**self._headers(operation), **secured.get("headers", {})},
            **self._body(operation),
            "auth": secured.get("auth", {}),
            "expected_status": self._statuses(operation),
        }
        action = {
            "name": self._name(operation),
            "type": "http_call",
            "params": {key: value for key, value in params.items() if key == "body" or value not in (None, {}, [])},
        }
        expected = self._expected(operation)
        return action if expected is None else {**action, "assert": [{"path": "$.body", "matches": expected}]}

    def _name(self, operation: Operation) -> str:
        """A name of its own: two operations may differ in signs only."""
        name = wanted = action_name(operation.identifier)
        number = 2
        while name in self.names:
            name, number = f"{wanted}{number}", number + 1
        self.names.add(name)
        return name

    def _path(self, operation: Operation) -> str:
        by_name = {str(each["name"]): each for each in operation.parameters if each.get("in") == "path"}

        def variable(found: re.Match[str]) -> str:
            value = self._example(by_name.get(found[1], {}))
            return f"{{{{ vars.{self._variable(found[1], operation, value)} }}}}"

        return _PATH_PARAMETER.sub(variable, operation.path)

    def _variable(self, parameter: str, operation: Operation, value: Json) -> str:
        """The variable of a path parameter; one of the same name and another value is named after its operation."""
        name = scenario_name(parameter)
        if self.variables.setdefault(name, value) == value:
            return name
        name = scenario_name(f"{operation.identifier} {parameter}")
        self.variables[name] = value
        return name

    def _example(self, parameter: Mapping[str, Json]) -> Json:
        given = _first_example(self.api, parameter)
        if given is not None:
            return literal(given)
        media: Mapping[str, Json] = next(iter((parameter.get("content") or {}).values()), {})
        return example_of(self.api, parameter.get("schema") or media.get("schema") or {"type": "string"})

    def _named(self, operation: Operation, place: str) -> dict[str, Json]:
        """Examples of the parameters in `query` or `header`: the required ones, and those that have an example.

        The properties of an object are parameters of their own (Parameter Object, `style: form`).
        """
        found: dict[str, Json] = {}
        for each in operation.parameters:
            if each.get("in") == place and (each.get("required") is True or _has_example(self.api, each)):
                value = self._example(each)
                found |= value if isinstance(value, dict) else {literal(str(each["name"])): value}
        return {name: value for name, value in found.items() if not isinstance(value, dict)}

    def _headers(self, operation: Operation) -> dict[str, Json]:
        found = self._named(operation, "header")
        return {name: value for name, value in found.items() if name.lower() not in _GIVEN_OTHERWISE}

    def _body(self, operation: Operation) -> dict[str, Json]:
        content = self.api.entry(self.api.entry(operation.detail, "requestBody"), "content")
        kind, media = _preferred(content)
        if not kind:
            return {}
        given = _first_example(self.api, media)
        value = literal(given) if given is not None else example_of(self.api, media.get("schema", {}))
        if kind == "application/x-www-form-urlencoded" and isinstance(value, dict):
            return {"form": {key: each for key, each in value.items() if not isinstance(each, dict)}}
        if not _is_json(kind):
            self.notes[f"the body of {operation.identifier} is {kind}: write it yourself"] = None
        return {"body": value}

    def _statuses(self, operation: Operation) -> Json:
        found = [code for code in map(str, self.api.entry(operation.detail, "responses")) if _SUCCESS.match(code)]
        statuses = [int(code) if code.isdigit() else code.lower() for code in found]
        return statuses[0] if len(statuses) == 1 else statuses

    def _expected(self, operation: Operation) -> Json:
        """What the body of the first success must match; None where nothing is said of it."""
        responses = self.api.entry(operation.detail, "responses")
        first = next((code for code in responses if _SUCCESS.match(str(code))), "")
        kind, media = _preferred(self.api.entry(self.api.resolve(responses.get(first, {})), "content"))
        if not _is_json(kind) or operation.method == "HEAD" or not media.get("schema"):
            return None
        return expected_of(self.api, media["schema"])

    def _security(self, operation: Operation) -> dict[str, dict[str, Json]]:
        """Credentials from the environment, for the first way that the operation accepts."""
        ways = operation.detail.get("security", self.api.document.get("security")) or [{}]
        schemes = self.api.entry(self.api.entry(self.api.document, "components"), "securitySchemes")
        found: dict[str, dict[str, Json]] = {}
        for name in ways[0]:
            for key, value in _credentials(self.api.resolve(schemes.get(name, {}))):
                found.setdefault(key, {}).update(value)
        if "{{ env." in str(found):
            self.notes["credentials come from the environment: set the variables that the file names as `env`"] = None
        return found


def _credentials(scheme: Mapping[str, Json]) -> Iterator[tuple[str, dict[str, Json]]]:
    """Where a Security Scheme Object wants what; API Gateway's exports mark IAM with an extension of their own."""
    kind, name = scheme.get("type"), str(scheme.get("name", ""))
    if str(scheme.get("x-amazon-apigateway-authtype", "")).lower() == "awssigv4":
        yield "auth", {"sigv4": {"service": "execute-api"}}
    elif kind == "http" and str(scheme.get("scheme")).lower() == "basic":
        yield (
            "auth",
            {"basic": {"username": from_environment("API_USER"), "password": from_environment("API_PASSWORD")}},
        )
    elif kind == "apiKey" and scheme.get("in") in {"header", "query"}:
        place = "headers" if scheme["in"] == "header" else "query"
        yield place, {literal(name): from_environment(scenario_name(name).upper())}
    elif kind in {"http", "oauth2", "openIdConnect"}:
        yield "auth", {"bearer": from_environment("API_TOKEN")}


def _preferred(content: Mapping[str, Json]) -> tuple[str, Mapping[str, Json]]:
    """The media type to use, JSON first; empty without any."""
    kind = next((each for each in content if _is_json(each)), next(iter(content), ""))
    return kind.partition(";")[0].strip().lower(), content.get(kind) or {}


def _is_json(kind: str) -> bool:
    media = kind.partition(";")[0].strip().lower()
    return media in {"application/json", "*/*"} or media.endswith("+json")


def _has_example(api: OpenApi, node: Mapping[str, Json]) -> bool:
    return _first_example(api, node) is not None


def _first_example(api: OpenApi, node: Mapping[str, Json]) -> Json:
    """The example of a parameter or a media type, or of its schema; None without one."""
    examples = node.get("examples")
    if "example" in node:
        return node["example"]
    if isinstance(examples, Mapping) and examples:
        return api.resolve(next(iter(examples.values()))).get("value")
    detail = merged(api, node.get("schema") or {})
    return given_example(detail) if has_example(detail) and "enum" not in detail else None

"""A scenario made from an OpenAPI document: one action for each operation."""

from __future__ import annotations

from msgspec import Struct, field

from awsit.cli.drafts.draft import LONGEST_NAME, Draft, action_name, scenario_name
from awsit.cli.drafts.openapi.bodies import Bodies
from awsit.cli.drafts.openapi.chains import Chains, Created
from awsit.cli.drafts.openapi.document import OpenApi, Operation, read_openapi
from awsit.cli.drafts.openapi.parameters import Parameters
from awsit.cli.drafts.openapi.responses import Responses
from awsit.cli.drafts.openapi.schema.examples import Examples
from awsit.cli.drafts.openapi.schema.expected import Expectations
from awsit.cli.drafts.openapi.schema.merging import Schemas
from awsit.cli.drafts.openapi.schema.validity import Validity
from awsit.cli.drafts.openapi.security import credentials_of
from awsit.cli.drafts.openapi.servers import Servers
from awsit.errors import UsageError
from awsit.expressions.templates.template import literal
from awsit.model.json import Json, dumps
from awsit.model.text.counts import count
from awsit.scenario.limits import MAX_ACTIONS, MAX_DOCUMENT_BYTES

MOST_NOTES = 20
_NOT_FOUND = 404
_HINT = "choose some with --operation, such as --operation 'GET /orders*'"


def draft_of_openapi(file: str, wanted: tuple[str, ...] = (), name: str = "") -> Draft:
    """A scenario with an action for each operation, or for those of the `wanted` IDs.

    Values come from the document's examples, else from its schemas; what a response must look like becomes `matches`.
    What creates a thing comes before what takes it, and cleans up. Parts of the document that cannot be drafted are
    left out and noted. Raises NotFoundError, InvalidInputError and UsageError.
    """
    api = read_openapi(file)
    operations = api.chosen(wanted)
    if len(operations) > MAX_ACTIONS:
        raise UsageError(f"{file} has {len(operations)} operations; a scenario holds {MAX_ACTIONS}", hint=_HINT)
    draft = Writer.of(api, operations).draft(operations, name)
    if _is_too_large(draft):
        draft = _without_matches(draft)
    if _is_too_large(draft):
        size = f"{MAX_DOCUMENT_BYTES // 1024} KiB"
        raise UsageError(f"a scenario of {count(len(operations), 'operation')} would be larger than {size}", hint=_HINT)
    return draft


def _is_too_large(draft: Draft) -> bool:
    return len(dumps(draft.document).encode()) > MAX_DOCUMENT_BYTES


def _without_matches(draft: Draft) -> Draft:
    """The draft less what bodies must match, which is most of one for many operations."""
    actions = [{key: value for key, value in each.items() if key != "assert"} for each in draft.document["actions"]]
    note = "what bodies must match was left out, or the scenario would be too large: choose operations with --operation"
    return Draft({**draft.document, "actions": actions}, (note, *draft.notes))


class Writer(Struct, frozen=True):
    """Writes the actions, with what they have in common: variables and names that are taken."""

    api: OpenApi
    chains: Chains
    parameters: Parameters
    bodies: Bodies
    responses: Responses
    servers: Servers
    names: set[str] = field(default_factory=set)

    @classmethod
    def of(cls, api: OpenApi, operations: list[Operation]) -> Writer:
        """The writer of a document's operations."""
        schemas = Schemas(api)
        examples = Examples(api, schemas, Validity(api, schemas))
        responses = Responses(api, Expectations(schemas))
        chains = Chains(api, schemas, responses, operations)
        return cls(api, chains, Parameters(api, examples), Bodies(api, examples), responses, Servers(api))

    def draft(self, operations: list[Operation], name: str) -> Draft:
        """The scenario of the operations."""
        title = str(self._info().get("title") or "api")
        actions = [self._action(each, operations) for each in self.chains.ordered(operations)]
        document = {
            "name": name or scenario_name(operations[0].identifier if len(operations) == 1 else title),
            "description": literal(f"{title} answers as its OpenAPI document says"),
            "variables": {**self.servers.variables(), **self.parameters.variables},
            "actions": actions,
        }
        notes = list(self.api.notes)
        more = [f"and {len(notes) - MOST_NOTES} more like these"] if len(notes) > MOST_NOTES else []
        return Draft(document, (*notes[:MOST_NOTES], *more))

    def _info(self) -> dict[str, Json]:
        info = self.api.document.get("info")
        return info if isinstance(info, dict) else {}

    def _action(self, operation: Operation, operations: list[Operation]) -> dict[str, Json]:
        action: dict[str, Json] = {"name": self._name(operation.identifier), "type": "http_call"}
        action["params"] = self._params(operation)
        expected = self.responses.expected(operation)
        if expected is not None:
            action["assert"] = [{"path": "$.body", "matches": expected}]
        created = self.chains.of(operation)
        if created:
            action["pass_to_context"] = {created.name: created.json_path}
        if created and created.deletion:
            action["cleanup"] = [self._cleanup(created, created.deletion, is_repeated=created.deletion in operations)]
        return action

    def _cleanup(self, created: Created, deletion: Operation, *, is_repeated: bool) -> dict[str, Json]:
        """The step that removes what was created. What an action of the scenario has deleted is not found any more."""
        params = self._params(deletion)
        if is_repeated:
            statuses = params.get("expected_status", "2xx")
            params["expected_status"] = [*(statuses if isinstance(statuses, list) else [statuses]), _NOT_FOUND]
        return {"name": self._name(f"clean up {created.creator.identifier}"), "type": "http_call", "params": params}

    def _params(self, operation: Operation) -> dict[str, Json]:
        credentials = credentials_of(self.api, operation)
        query, body = self.parameters.query(operation), self.bodies.of(operation)
        cookies = [*self.parameters.cookies(operation), *credentials.cookies]
        path = self.parameters.path(operation, self.chains.captured(operation))
        accept = self.responses.accept(operation)
        headers = {**({"Accept": accept} if accept else {}), **body.pop("headers", {})}
        headers |= {**self.parameters.headers(operation), **credentials.headers}
        params = {
            "url": _url(f"{{{{ vars.{self.servers.variable(operation)} }}}}{path}", query.texts),
            "method": operation.method,
            "query": {**query.named, **credentials.query},
            "headers": headers | ({"Cookie": "; ".join(cookies)} if cookies else {}),
            **body,
            "auth": credentials.auth,
            "expected_status": self.responses.statuses(operation),
        }
        return {key: value for key, value in params.items() if key in {"body", "form"} or value not in (None, {}, [])}

    def _name(self, identifier: str) -> str:
        """A name of its own: two operations may differ in signs only."""
        name = wanted = action_name(identifier)
        number = 2
        while name in self.names:
            name, number = f"{wanted[: LONGEST_NAME - 4]}{number}", number + 1
        self.names.add(name)
        return name


def _url(url: str, query: list[str]) -> str:
    """The URL with what its query holds beside the params of the call."""
    return url + (("&" if "?" in url else "?") + "&".join(query) if query else "")

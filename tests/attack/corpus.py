"""The corpus of `make attack`, class by class. SECURITY.md names every class and the promise that it tests."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tests.attack.expressions import bombs, escapes, jsonpaths, regexes, schemas
from tests.attack.files import documents, inputs, matrices, state_folder
from tests.attack.outputs import ci, reports, secrets, terminal
from tests.attack.payload import Payload
from tests.attack.services import contracts, destinations, gate, responses

CLASSES: Mapping[str, Callable[[], Iterator[Payload]]] = {
    "template-escapes": escapes.payloads,
    "template-bombs": bombs.payloads,
    "jsonpath-bombs": jsonpaths.payloads,
    "regex-bombs": regexes.payloads,
    "schema-bombs": schemas.payloads,
    "document-bombs": documents.payloads,
    "matrix-products": matrices.payloads,
    "input-files": inputs.payloads,
    "state-folder": state_folder.payloads,
    "report-injection": reports.payloads,
    "terminal-control": terminal.payloads,
    "ci-commands": ci.payloads,
    "secrets": secrets.payloads,
    "response-bodies": responses.payloads,
    "openapi-contracts": contracts.payloads,
    "request-destinations": destinations.payloads,
    "sandbox-gate": gate.payloads,
}

"""What a response must be: its status, and what its body must match."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

from awsit.cli.drafts.openapi.document import OpenApi, Operation, UndraftableError
from awsit.cli.drafts.openapi.media import JSON, is_json, preferred
from awsit.cli.drafts.openapi.schema.expected import ANYTHING, Expectations
from awsit.model.json import Json

_SUCCESS = re.compile(r"2(\d\d|XX)\Z", re.IGNORECASE)


class Responses(Struct, frozen=True):
    """Reads the responses of operations; only those of success (2xx) count."""

    api: OpenApi
    expectations: Expectations

    def statuses(self, operation: Operation) -> Json:
        """Params `expected_status`; an empty list where the document names no success."""
        statuses = [int(code) if code.isdigit() else code.lower() for code in self._of(operation)]
        return statuses[0] if len(statuses) == 1 else statuses

    def accept(self, operation: Operation) -> str:
        """The media type to ask for where it is not JSON alone; empty otherwise."""
        content = self._content(operation)
        kind, _ = preferred(content)
        return "" if kind == JSON and len(content) == 1 else kind

    def schema(self, operation: Operation) -> Json:
        """The schema of the first success's body in JSON; None without one."""
        kind, media = preferred(self._content(operation))
        return media.get("schema") if is_json(kind) and operation.method != "HEAD" else None

    def expected(self, operation: Operation) -> Json:
        """What `matches` says of the body; None where the document says nothing."""
        schema = self.schema(operation)
        expected = self.expectations.of(schema) if schema else None
        return None if expected in (ANYTHING, f"#{ANYTHING}") else expected

    def links(self, operation: Operation) -> Mapping[str, Json]:
        """The Link Objects of the first success."""
        return self._entry(self._first(operation), "links")

    def _content(self, operation: Operation) -> Mapping[str, Json]:
        return self._entry(self._first(operation), "content")

    def _first(self, operation: Operation) -> Mapping[str, Json]:
        return next(iter(self._of(operation).values()), {})

    def _of(self, operation: Operation) -> dict[str, Mapping[str, Json]]:
        """The successes by their status."""
        responses = self._entry(operation.detail, "responses")
        return {code: self._entry(responses, code) for code in responses if _SUCCESS.match(code)}

    def _entry(self, node: Json, key: str) -> Mapping[str, Json]:
        try:
            return self.api.entry(node, key)
        except UndraftableError:
            return {}

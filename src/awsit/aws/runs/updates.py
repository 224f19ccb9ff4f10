"""The conditional updates of a run's item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from awsit.aws.runs import items
from awsit.engine.store.records import Closing, RunState
from awsit.model.codec import encode
from awsit.model.json import dumps
from awsit.model.result import RunStatus
from awsit.system.clock import iso_of


@dataclass(slots=True)
class RunUpdate:
    """An update expression in the making."""

    clauses: list[str] = field(default_factory=list)
    names: dict[str, str] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    additions: list[str] = field(default_factory=list)

    def set(self, clause: str, names: Mapping[str, str], values: Mapping[str, Any]) -> None:
        """Add one `name = value` with the placeholders that it uses."""
        self.clauses.append(clause)
        self.names.update(names)
        self.values.update(values)

    def add(self, name: str, value: Mapping[str, Any]) -> None:
        """Add the elements of a set to an attribute; `value` holds it by its placeholder."""
        self.additions.append(f"{name} {next(iter(value))}")
        self.values.update(value)

    def close(self, closing: Closing) -> None:
        """Let nothing begin any more; the verdict and error that are there already stay."""
        self.set("#state = :closing", {"#state": "state"}, {":closing": {"S": str(RunState.CLOSING)}})
        if closing.verdict is RunStatus.RUNNING:
            return
        verdict = {":verdict": {"S": str(closing.verdict)}}
        self.set("verdict = if_not_exists(verdict, :verdict)", {}, verdict)
        if closing.error:
            error = {":error": {"S": dumps(encode(closing.error))}}
            self.set("#error = if_not_exists(#error, :error)", {"#error": "error"}, error)

    def arguments(self) -> dict[str, Any]:
        """The arguments of UpdateItem, or of Update in a transaction."""
        added = f" ADD {', '.join(self.additions)}" if self.additions else ""
        arguments: dict[str, Any] = {
            "UpdateExpression": "SET " + ", ".join(self.clauses) + added,
            "ExpressionAttributeValues": self.values,
        }
        return {**arguments, "ExpressionAttributeNames": self.names} if self.names else arguments


@dataclass(frozen=True, slots=True)
class Register:
    """The update that adds an inverse to the ledger, if the run is open; `text` is the attribute that holds it."""

    index: int
    text: Mapping[str, Any]

    def arguments(self) -> dict[str, Any]:
        """The arguments of UpdateItem."""
        update = RunUpdate(names={"#state": "state"})
        update.values[":open"] = {"S": str(RunState.OPEN)}
        update.set("recorded.#i = :inverse", {"#i": str(self.index)}, {":inverse": self.text})
        update.set("ledger = list_append(ledger, :ledger)", {}, {":ledger": items.ledger((self.index,))})
        return {
            **update.arguments(),
            "ConditionExpression": "#state = :open AND attribute_not_exists(recorded.#i)",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }


@dataclass(frozen=True, slots=True)
class Begin:
    """The update that begins a call of a step, if the run is open, in time, and did not begin it before."""

    index: int
    sequence: int
    at: float
    token: str
    ledger: tuple[int, ...]

    def arguments(self) -> dict[str, Any]:
        """The arguments of UpdateItem."""
        update = RunUpdate(names={"#state": "state", "#started": "started", "#i": str(self.index)})
        update.values.update({":open": {"S": str(RunState.OPEN)}, ":now": {"N": repr(self.at)}})
        new = self._first(update) if self.sequence == 1 else self._again(update)
        if self.ledger:
            update.set("ledger = list_append(ledger, :ledger)", {}, {":ledger": items.ledger(self.ledger)})
        return {
            **update.arguments(),
            "ConditionExpression": f"#state = :open AND deadline_at > :now AND {new}",
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }

    def _first(self, update: RunUpdate) -> str:
        started = {
            "sequence": {"N": str(self.sequence)},
            "at": {"S": iso_of(self.at)},
            "latest": {"S": iso_of(self.at)},
            "token": {"S": self.token},
        }
        update.set("#started.#i = :started", {}, {":started": {"M": started}})
        return "attribute_not_exists(#started.#i)"

    def _again(self, update: RunUpdate) -> str:
        update.set(
            "#started.#i.#sequence = :sequence, #started.#i.#token = :token, #started.#i.#latest = :latest",
            {"#sequence": "sequence", "#token": "token", "#latest": "latest"},
            {":sequence": {"N": str(self.sequence)}, ":token": {"S": self.token}, ":latest": {"S": iso_of(self.at)}},
        )
        return "#started.#i.#sequence < :sequence"

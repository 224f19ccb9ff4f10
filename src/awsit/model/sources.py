"""Where values come from that templates ask for: secrets, parameters, stacks."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from awsit.model.json import Json
from awsit.records import dataclass


@dataclass(frozen=True, slots=True)
class StoredParameter:
    """A parameter of Systems Manager; one of type SecureString is encrypted there, and secret here."""

    value: str
    is_secret: bool


class SecretSource(Protocol):
    """`secret(id)` and `parameter(name)` of templates, resolved where the step runs."""

    def secret(self, secret_id: str) -> Json:
        """The secret's value: parsed when it is a JSON object, else text."""

    def parameter(self, name: str) -> StoredParameter:
        """The Systems Manager parameter, decrypted."""


class StackSource(Protocol):
    """CloudFormation stacks, read when the plan is made."""

    def outputs(self, stack_name: str) -> Mapping[str, str]:
        """Outputs and physical IDs by logical name; outputs win. Raises MissingStackError or EnvironmentFailure."""

"""The template functions `secret(id)` (Secrets Manager) and `parameter(name)` (Systems Manager Parameter Store)."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, TypeVar

from awsit.aws.client import errors
from awsit.model import json
from awsit.model.json import Json
from awsit.model.ports import Aws
from awsit.model.sources import StoredParameter

T = TypeVar("T")


class AwsSecrets:
    """The `SecretSource` of AWS. An instance reads each value once and keeps it in memory: each run gets its own."""

    def __init__(self, aws: Aws) -> None:
        self._aws = aws
        self._values: dict[tuple[str, str], Any] = {}

    def secret(self, secret_id: str) -> Json:
        """The value of a secret: a JSON object parsed, any other text as it is, binary data in base64.

        Raises ActionError, which never contains the value.
        """
        return self._once(("secret", secret_id), lambda: self._read_secret(secret_id))

    def parameter(self, name: str) -> StoredParameter:
        """A parameter with its decrypted value. Raises ActionError when it cannot be read."""
        return self._once(("parameter", name), lambda: self._read_parameter(name))

    def _once(self, key: tuple[str, str], read: Callable[[], T]) -> T:
        if key not in self._values:
            try:
                self._values[key] = read()
            except Exception as error:
                translated = errors.translate(error)
                if translated is error:
                    raise
                raise translated from error
        value: T = self._values[key]
        return value

    def _read_secret(self, secret_id: str) -> Json:
        answer = self._aws.client("secretsmanager").get_secret_value(SecretId=secret_id)
        if "SecretString" not in answer:
            return base64.b64encode(answer["SecretBinary"]).decode("ascii")
        text = str(answer["SecretString"])
        try:
            value = json.loads(text)
        except ValueError:
            return text
        return value if isinstance(value, dict) else text

    def _read_parameter(self, name: str) -> StoredParameter:
        """The types are String, StringList and SecureString (Systems Manager API reference, "Parameter")."""
        parameter = self._aws.client("ssm").get_parameter(Name=name, WithDecryption=True)["Parameter"]
        return StoredParameter(str(parameter["Value"]), parameter["Type"] == "SecureString")

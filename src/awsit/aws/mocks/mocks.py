"""The mocks of runs in the account."""

from __future__ import annotations

from awsit.aws.client import errors
from awsit.aws.mocks.records import LARGEST, LONGEST_SECONDS, SECRET_LENGTH, MockNames, MockRecords, packed
from awsit.aws.runs.dynamodb.table import Table
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.model.http import CallLog, no_mock
from awsit.model.json import Json
from awsit.model.ports import Clock, Randomness

_TABLE = "the table of mocks"


class AccountMocks:
    """Mocks that the stack's function with a public address plays, each under a path that nobody can guess."""

    pause_seconds = 1.0

    def __init__(self, table: Table, url: str, clock: Clock, randomness: Randomness) -> None:
        """`url` is the address of that function."""
        self._names, self._records = MockNames(table), MockRecords(table)
        self._url = url.rstrip("/")
        self._clock, self._randomness = clock, randomness

    def open(self, run_id: str, name: str, routes: Json, port: int) -> str:
        """As `Mocks`; it has no port."""
        del port
        body = packed(routes)
        if len(body) > LARGEST:
            raise ActionError(
                f"the routes of a mock in the account have {LARGEST:,} bytes at most, compressed; these {len(body):,}",
                kind=ErrorKind.VALIDATION,
                hint="answer with less, or run it with `--engine local`",
            ).with_effect(Effect.NONE)
        expires_at = int(self._clock.now().timestamp()) + LONGEST_SECONDS
        with errors.reported(f"write to {_TABLE}"):
            secret = self._names.add(run_id, name, self._randomness.token(SECRET_LENGTH), expires_at)
            self._records.open(secret, body, expires_at)
        return f"{self._url}/{secret}"

    def calls(self, run_id: str, name: str, known: int, seconds: float) -> CallLog:
        """As `Mocks`; it does not wait."""
        del known, seconds
        with errors.reported(f"read {_TABLE}"):
            secrets = self._names.secrets(run_id)
            if name not in secrets:
                raise no_mock(name, secrets)
            return self._records.log(secrets[name])

    def close(self, run_id: str, name: str) -> None:
        """As `Mocks`. Its name goes last: who is cut off finds the rest again."""
        with errors.reported(f"write to {_TABLE}"):
            if secret := self._names.secrets(run_id).get(name):
                self._records.remove(secret)
                self._names.remove(run_id, name)

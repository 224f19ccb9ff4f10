"""Where values come from that templates ask for: secrets, parameters, stacks; and the access tokens of actions."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping
from threading import Lock
from typing import Any, Protocol

from msgspec import Struct

from awsit.model.json import Json


class StoredParameter(Struct, frozen=True):
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


class Token(Struct, frozen=True):
    """An access token, which is not used again from `ends` on (monotonic seconds)."""

    text: str
    ends: float = math.inf


MOST_TOKENS = 1000
"""Every report is looked through for each of them."""


class TokenCache:
    """The access tokens that this process got, the newest thousand, in its memory alone; safe between threads.

    `texts` are those of all of them, also of those that are over: no report may show one.
    """

    def __init__(self) -> None:
        """Begin with none."""
        self._lock = Lock()
        self._tokens: dict[Hashable, Token] = {}
        self._asking: defaultdict[Hashable, Lock] = defaultdict(Lock)
        self._texts: dict[str, None] = {}

    @property
    def texts(self) -> frozenset[str]:
        """The texts of the tokens."""
        with self._lock:
            return frozenset(self._texts)

    def find(self, key: Hashable, now: float) -> Token | None:
        """The token of `key`, if it is still good."""
        with self._lock:
            token = self._tokens.get(key)
        return token if token and now < token.ends else None

    def get(self, key: Hashable, ask: Callable[[], Token], clock: Callable[[], float], seconds: float) -> Token:
        """The token of `key`; one caller at a time asks for it, others wait, for so many `seconds`.

        Raises TimeoutError after these, and what `ask` raises.
        """
        with self._lock:
            asking = self._asking[key]
            _make_room(self._asking)  # who loses the lock of an old key asks beside another one
        if not asking.acquire(timeout=seconds):
            raise TimeoutError
        try:
            token = self.find(key, clock()) or ask()
            with self._lock:
                self._tokens[key] = token
                self._texts[token.text] = None
                _make_room(self._tokens)
                _make_room(self._texts)
            return token
        finally:
            asking.release()

    def drop(self, key: Hashable, token: Token) -> None:
        """Use this token no more; another one of `key` stays."""
        with self._lock:
            if self._tokens.get(key) is token:
                del self._tokens[key]


def _make_room(held: dict[Any, Any]) -> None:
    """Let go of what came first, where there is more than is held."""
    if len(held) > MOST_TOKENS:
        del held[next(iter(held))]

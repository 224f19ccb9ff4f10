"""Credentials in a request: they become variables of the environment, and are not copied."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from awsit.cli.drafts.curl.words.variables import has_variable, pieces, variable
from awsit.engine.secrets.detection import is_secret_name
from awsit.http.redirects import SECRET_HEADERS
from awsit.model.json import Json

LEAST_KNOWN = 8
"""A credential that is shorter is hidden at its own place only."""
LEAST_KEY = 16
"""A parameter called `key` is an API key from this length on."""

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_CREDENTIAL = re.compile(
    r"(^|_)(pass|passwd|passcode|passphrase|pwd|pin|otp|totp|jwt|secret|token|assertion|credentials?|authorization|auth"
    r"|signature|sig|hmac|session_?id|sess_?id|sid|app_?id_?key|code_verifier|device_code|sas|bearer)$"
    r"|pass_?words?(_?(confirmation|confirm|again|repeat|check|verify|[0-9]))?$"
    r"|(^|_)(api|app|access|account|admin|auth|client|consumer|developer|encryption|functions?|license|master|private"
    r"|project|rapidapi|read|secret|server|service|shared|signing|storage|subscription|team|user|webhook|write)_?keys?$"
)
_NOT_SECRET = re.compile(
    r"(^|_)(next|page|continuation|pagination|cursor|start|starting|sync|resume|scroll|client|client_request"
    r"|idempotency|public|marker)_?(token|key)$"
)
_HEADER_KEY = re.compile(r"(^|_)key$")
_NO_HEADER_KEY = re.compile(r"(idempotency|surrogate|cache|partition|routing|sort|websocket|public)_key$")
_SHAPES = re.compile(
    r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|\b(?:sk|pk|rk)_(?:live|test)_\w{8,}|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}"
    r"|\bglpat-[\w-]{16,}|\bxox[abprs]-[\w-]{10,}|\bAIza[\w-]{30,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bsk-[\w-]{20,}"
    r"|(?<=/bot)\d{6,}:[\w-]{20,}|(?<=hooks\.slack\.com/services/)[\w/]{20,}"
)
_PARAMETER = re.compile(r"(?P<before>(?:^|[?&;])(?P<name>[^=&?#;\s]+)=)(?P<value>[^&#\s]+)")
_PAIR = re.compile(
    r"(?P<before>(?P<quote>\\?[\"']|)\b(?P<name>[A-Za-z][\w.-]*)(?P=quote)\s*[:=]\s*(?P<mark>\\?\"))"
    r"(?P<value>(?:(?!(?P=mark))(?:\\.|[^\"]))+)(?=(?P=mark))",
    re.DOTALL,
)
_PART = re.compile(
    r"(?P<before>Content-Disposition:[^\r\n]*;\s*name=\"(?P<name>[^\"]+)\"(?!\s*;\s*filename)[^\r\n]*\r\n(?:[^\r\n]+\r\n)*\r\n)"
    r"(?P<value>.*?)(?=\r\n--)",
    re.DOTALL | re.IGNORECASE,
)
_ELEMENT = re.compile(r"(?P<before><(?:[\w-]+:)?(?P<name>[A-Za-z][\w-]*)(?:\s[^<>]*)?>)(?P<value>[^<>]+)(?=</)")


def is_credential(name: str) -> bool:
    """Whether a field, parameter or header that is called so holds a credential."""
    words = re.sub(r"[^A-Za-z0-9]+", "_", _CAMEL.sub("_", name)).strip("_").lower()
    if _NOT_SECRET.search(words):
        return False
    return is_secret_name(name) or _CREDENTIAL.search(words) is not None


class Credentials:
    """The variables that stand for the credentials of one request; equal values share one."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self._names = set(taken)
        self._by_value: dict[str, str] = {}

    @property
    def notes(self) -> list[str]:
        """What to do about each variable."""
        return [
            f"no credential was copied: set {name} in the environment before a run" for name in self._by_value.values()
        ]

    def hide(self, value: str, name: str, filter_: str = "") -> str:
        """A variable in place of the value, called after `name`; a value that is empty or a variable stays."""
        if not value or has_variable(value):
            return value
        if value not in self._by_value:
            self._by_value[value] = self._free_name(re.sub(r"\W+", "_", _CAMEL.sub("_", name)).strip("_").upper())
        return variable(self._by_value[value] + filter_)

    def _free_name(self, name: str) -> str:
        name = name if name[:1].isalpha() else f"VALUE_{name}"
        number = 1
        free = name
        while free in self._names:
            number += 1
            free = f"{name}_{number}"
        self._names.add(free)
        return free

    def in_header(self, name: str, value: str) -> str:
        """The value of a header with its credentials hidden: all of it, or those of a URL in it."""
        words = name.lower().replace("-", "_")
        is_key = _HEADER_KEY.search(words) and not _NO_HEADER_KEY.search(words)
        if name.lower() in SECRET_HEADERS or is_key or is_credential(name):
            return self.hide(value, name)
        return self.in_parameters(value) if "?" in value else self.in_text(value)

    def in_parameters(self, text: str) -> str:
        """A query, a URL with one, or a form, its credentials hidden as they stand there: percent-encoded."""
        is_login = "grant_type=" in text

        def is_hidden(name: str, value: str) -> bool:
            return is_credential(name) or (name == "key" and len(value) >= LEAST_KEY) or (name == "code" and is_login)

        return self._by_shape(self._replaced(_PARAMETER, text, is_hidden))

    def in_text(self, text: str) -> str:
        """A text with the credentials hidden that stand in JSON, GraphQL or XML in it, or show by their shape."""
        for pattern in (_PAIR, _ELEMENT):
            text = self._replaced(pattern, text, lambda name, _: is_credential(name))
        return self._by_shape(text)

    def in_multipart(self, text: str) -> str:
        """A multipart form with its credentials hidden."""
        return self._by_shape(self._replaced(_PART, text, lambda name, _: is_credential(name)))

    def in_json(self, value: Json, name: str = "") -> Json:
        """A document with the credentials hidden that it names; `name` is the key that it stands under."""
        if isinstance(value, dict):
            named = str(value.get("name") or value.get("key") or "")
            return {key: self.in_json(item, named if key == "value" and named else key) for key, item in value.items()}
        if isinstance(value, list):
            return [self.in_json(item, name) for item in value]
        if isinstance(value, int) and not isinstance(value, bool) and is_credential(name):
            return self.hide(str(value), name, " | int")
        if not isinstance(value, str):
            return value
        return self.hide(value, name) if is_credential(name) else self.in_text(value)

    def everywhere(self, value: Json) -> Json:
        """The value without the credentials that are known by now, wherever else they stand."""
        if isinstance(value, str):
            return "".join(piece if has_variable(piece) else self._without_known(piece) for piece in pieces(value))
        if isinstance(value, dict):
            return {key: self.everywhere(item) for key, item in value.items()}
        return [self.everywhere(item) for item in value] if isinstance(value, list) else value

    def _without_known(self, text: str) -> str:
        for value, name in self._by_value.items():
            if len(value) >= LEAST_KNOWN and value in text:
                return variable(name).join(self._without_known(part) for part in text.split(value))
        return text

    def _replaced(self, pattern: re.Pattern[str], text: str, is_hidden: Callable[[str, str], bool]) -> str:
        def one(found: re.Match[str]) -> str:
            name, value = found["name"], found["value"]
            return found["before"] + (self.hide(value, name) if is_hidden(name, value) else value)

        return pattern.sub(one, text)

    def _by_shape(self, text: str) -> str:
        parts = (
            piece if has_variable(piece) else _SHAPES.sub(lambda found: self.hide(found[0], "API_TOKEN"), piece)
            for piece in pieces(text)
        )
        return "".join(parts)

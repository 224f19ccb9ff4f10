"""Credentials in a request: they become variables of the environment, and are not copied."""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, unquote_plus

from awsit.cli.drafts.curl.credential_names import is_credential, is_credential_header, variable_name
from awsit.cli.drafts.curl.words.variables import has_variable, pieces, variable
from awsit.model.json import Json

LEAST_KNOWN = 8
"""A credential that is shorter is hidden at its own place only."""
LEAST_KEY = 16
"""A parameter called `key` is an API key from this length on."""

_SHAPES = re.compile(
    r"\beyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|\b(?:sk|pk|rk)_(?:live|test)_\w{8,}|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}"
    r"|\bglpat-[\w-]{16,}|\bxox[abprs]-[\w-]{10,}|\bAIza[\w-]{30,}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bsk-[\w-]{20,}"
    r"|(?<=/bot)\d{6,}:[\w-]{20,}|(?<=hooks\.slack\.com/services/)[\w/]{20,}"
)
_USERINFO = re.compile(r"(?P<before>\b[a-z][a-z0-9+.-]*://[^\s/?#@:\"']*:)(?P<value>[^\s/?#@\"']+)(?=@)", re.IGNORECASE)
_PARAMETER_IN_TEXT = re.compile(r"(?P<before>[?&](?P<name>[^=&?#;\s\"'<>]+)=)(?P<value>[^&#\s\"'<>]+)")
_PARAMETER = re.compile(r"(?P<before>[?&;](?P<name>[^=&?#;\s]+)=)(?P<value>[^&#\s]+)")
_FIELD = re.compile(r"(?P<before>(?:^|&)(?P<name>[^=&]+)=)(?P<value>[^&]+)")
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
        """A variable in place of the value, called after `name`; a value that is empty or holds a variable stays."""
        if not value or has_variable(value):
            return value
        if value not in self._by_value:
            self._by_value[value] = self._free_name(variable_name(name))
        return variable(self._by_value[value] + filter_)

    def _free_name(self, name: str) -> str:
        number, free = 1, name
        while free in self._names:
            number += 1
            free = f"{name}_{number}"
        self._names.add(free)
        return free

    def in_header(self, name: str, value: str) -> str:
        """The value of a header with its credentials hidden: all of it, or those of a URL in it."""
        if is_credential_header(name):
            return self.hide(value, name)
        return self.in_url(value) if "?" in value else self.in_text(value)

    def in_url(self, url: str) -> str:
        """A URL with the credentials in its query and path hidden; a variable holds the value, decoded."""
        return self._in_parameters(_PARAMETER, url)

    def in_form(self, form: str) -> str:
        """A form, percent-encoded, with its credentials hidden; a variable holds the value, decoded."""
        return self._in_parameters(_FIELD, form)

    def _in_parameters(self, pattern: re.Pattern[str], text: str) -> str:
        is_login = "grant_type=" in text

        def one(found: re.Match[str]) -> str:
            name, value = unquote_plus(found["name"]), found["value"]
            is_key = (name == "key" and len(value) >= LEAST_KEY) or (name == "code" and is_login)
            return found["before"] + (self._hide_encoded(value, name) if is_key or is_credential(name) else value)

        return self._by_shape(pattern.sub(one, text))

    def _hide_encoded(self, value: str, name: str) -> str:
        """A variable that holds the value decoded, where encoding it again gives the same text."""
        if has_variable(value):
            return value
        if _encoded(unquote(value)) == value:
            return self.hide(unquote(value), name, " | urlencode")
        if _encoded(unquote_plus(value)).replace("%20", "+") == value:
            return self.hide(unquote_plus(value), name, " | urlencode | replace('%20', '+')")
        return self.hide(value, name)

    def in_text(self, text: str) -> str:
        """A text with the credentials hidden that stand in JSON, GraphQL, XML or URLs in it, or show by their shape."""
        for pattern in (_PAIR, _ELEMENT, _PARAMETER_IN_TEXT):
            text = self._replaced(pattern, text)
        text = _USERINFO.sub(lambda found: found["before"] + self.hide(found["value"], "password"), text)
        return self._by_shape(text)

    def in_multipart(self, text: str) -> str:
        """A multipart form with its credentials hidden."""
        return self._by_shape(self._replaced(_PART, text))

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

    def _replaced(self, pattern: re.Pattern[str], text: str) -> str:
        def one(found: re.Match[str]) -> str:
            name, value = found["name"], found["value"]
            return found["before"] + (self.hide(value, name) if is_credential(name) else value)

        return pattern.sub(one, text)

    def _by_shape(self, text: str) -> str:
        parts = (
            piece if has_variable(piece) else _SHAPES.sub(lambda found: self.hide(found[0], "API_TOKEN"), piece)
            for piece in pieces(text)
        )
        return "".join(parts)


def _encoded(text: str) -> str:
    return quote(text, safe="", errors="surrogateescape")

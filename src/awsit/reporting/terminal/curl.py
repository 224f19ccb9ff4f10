"""The HTTP request of a report as a curl command to paste into a POSIX shell."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator, Mapping

from awsit.http.addressing.aws_hosts import readdressed
from awsit.model import json
from awsit.model.http import HttpRequest
from awsit.model.json import Json
from awsit.patterns import lazy_pattern
from awsit.reporting.terminal.terminal import plain

MASK = "***"
_CUT = lazy_pattern(r"… \(.*left out\)")
_AWS_HOST = lazy_pattern(
    r"(?:^|\.)(?P<service>[a-z0-9-]+)\.(?P<region>[a-z]{2}(?:-[a-z]+)+-\d)\.(?:amazonaws\.com|on\.aws)"
)
_SIGNING_NAMES = {"lambda-url": "lambda"}
_SIGNATURE_HEADERS = frozenset({"authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"})
_MULTIPART = "multipart/form-data"
_SENT = frozenset({"method", "url", "headers", "body"})
"""What a report has of a request that was sent."""
_OWN_AGENT = "awsit/"


def curl(request: Json, aws_endpoint: str = "") -> list[str]:
    """The command, an option a line; empty for what is no HTTP request as it was sent, or was not kept whole.

    Of a call that could not even be made a report has the params, which name a method and a URL too.

    Masked values become shell variables: `$AUTHORIZATION` for that header, `$AWSIT_SECRET_1` and so on inside a text.
    With an `aws_endpoint`, which emulates AWS, the command sends what is for a host of AWS where awsit has sent it.
    """
    if not isinstance(request, Mapping) or not request.keys() >= _SENT or _CUT.search(json.dumps(request)):
        return []
    command = _CurlCommand(request, aws_endpoint)
    return [] if command.holds_bytes() else list(command.lines())


class _CurlCommand:
    """The curl command of one request. It numbers the masked values in the order that `lines` meets them."""

    def __init__(self, request: Mapping[str, Json], aws_endpoint: str) -> None:
        self._request = request
        self._secrets = 0
        headers = request.get("headers")
        shown = {str(name): str(value) for name, value in headers.items()} if isinstance(headers, Mapping) else {}
        sent = readdressed(HttpRequest(str(request["method"]), str(request["url"]), shown), aws_endpoint)
        self._method, self._url, self._headers = sent.method, sent.url, sent.headers

    def lines(self) -> Iterator[str]:
        """The command with method and URL, then its other options."""
        method, url = self._method, self._url
        method_option = {"GET": "", "HEAD": "--head "}.get(method, f"--request {shlex.quote(plain(method))} ")
        if self._request.get("body") is None and method == "GET":
            method_option = "--location "
        globoff = "--globoff " if re.search(r"[\[\]{}]", url) else ""
        pipe = (
            f"printf %s {self._quoted(str(self._request['body']['base64']))} | base64 --decode | "
            if self._is_binary()
            else ""
        )
        yield f"{pipe}curl --include {method_option}{globoff}{self._quoted(url)}"
        yield from self._header_options()
        yield from self._body_options()

    def holds_bytes(self) -> bool:
        """Whether a part of a form is neither text nor a file: a command has no way to say it."""
        return any("base64" in part for part in self._parts() or ())

    def _header_options(self) -> Iterator[str]:
        signed = self._is_signed()
        if signed:
            host = _AWS_HOST.search(str(self._request["url"]))
            service, region = (host["service"], host["region"]) if host else ("execute-api", "us-east-1")
            yield f"--aws-sigv4 aws:amz:{region}:{_SIGNING_NAMES.get(service, service)}"
            yield '--user "$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY"'
            yield '--header "X-Amz-Security-Token: $AWS_SESSION_TOKEN"'
        for name, value in self._headers.items():
            if value == _MULTIPART and self._parts() is not None:
                continue  # curl writes it, with the boundary of its own parts
            if (signed and name.lower() in _SIGNATURE_HEADERS) or _is_own_agent(name, value):
                continue
            if value == MASK:
                yield f'--header {shlex.quote(plain(f"{name}: "))}"${_variable(name)}"'
            else:
                yield f"--header {self._quoted(f'{name}: {value}' if value else f'{name};')}"

    def _is_signed(self) -> bool:
        headers = {name.lower(): value for name, value in self._headers.items()}
        return headers.get("authorization") == MASK and "x-amz-date" in headers

    def _is_binary(self) -> bool:
        body = self._request.get("body")
        return (
            isinstance(body, Mapping)
            and body.keys() == {"base64"}
            and not self._content_type.startswith("application/json")
        )

    @property
    def _content_type(self) -> str:
        return next((value for name, value in self._headers.items() if name.lower() == "content-type"), "")

    def _body_options(self) -> Iterator[str]:
        body = self._request.get("body")
        if body is None:
            return
        parts = self._parts()
        if parts is not None:
            yield from map(self._form_option, parts)
        elif isinstance(body, Mapping) and self._content_type.startswith("application/x-www-form-urlencoded"):
            for name, value in body.items():
                for each in value if isinstance(value, list) else [value]:
                    if each is not None:
                        yield f"--data-urlencode {self._quoted(f'{name}={_text(each)}')}"
        elif self._is_binary():
            yield "--data-binary @-"
        else:
            yield f"--data-raw {self._quoted(_text(body))}"

    def _parts(self) -> list[Mapping[str, Json]] | None:
        """The parts of a form; None for any other body."""
        body = self._request.get("body")
        parts = body.get("multipart") if isinstance(body, Mapping) and body.keys() == {"multipart"} else None
        return parts if isinstance(parts, list) else None

    def _form_option(self, part: Mapping[str, Json]) -> str:
        """`--form` of a part; in double quotes, curl takes each character for itself."""
        is_file = "file" in part
        option = f"{part['name']}={'@' * is_file}{_form_quoted(_text(part['file'] if is_file else part.get('value')))}"
        option += f";filename={_form_quoted(part['filename'])}" if "filename" in part else ""
        option += f";type={part['content_type']}" if "content_type" in part else ""  # which curl takes as it stands
        for name, value in part.get("headers", {}).items():
            header = f"{name}: {_text(value)}"
            option += f";headers={_form_quoted(header)}"
        return f"--form {self._quoted(option)}"

    def _quoted(self, text: str) -> str:
        """The text as a shell word: masked parts become variables, everything else is literal."""
        first, *others = (shlex.quote(plain(part)) if part else "" for part in text.split(MASK))
        word = first
        for other in others:
            self._secrets += 1
            word += f'"$AWSIT_SECRET_{self._secrets}"{other}'
        return word or "''"


def _is_own_agent(name: str, value: str) -> bool:
    return name == "User-Agent" and value.startswith(_OWN_AGENT)


def _form_quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _variable(name: str) -> str:
    return re.sub(r"\W", "_", name).upper()


def _text(value: Json) -> str:
    return value if isinstance(value, str) else json.dumps(value)

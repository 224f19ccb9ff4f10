"""How the request of a curl command is carried out: redirects, cookies that are kept, the client's certificate."""

from __future__ import annotations

import re

from awsit.cli.drafts.curl.credentials import Credentials
from awsit.cli.drafts.curl.data import file_text
from awsit.cli.drafts.curl.options import Options
from awsit.cli.drafts.curl.request import CurlRequest
from awsit.cli.drafts.curl.words.variables import has_variable, shown
from awsit.cli.drafts.destination import Destination
from awsit.errors import UsageError
from awsit.model.json import Json

Said = tuple[dict[str, Json], list[str]]
"""Params of the action, and notes about what they do not say."""

_KEEPING = ("post301", "post302", "post303")
_CERTIFICATE = re.compile(r"(?P<path>(?:\\[\\:]|[^:])*)(?::(?P<password>.*))?", re.DOTALL)


def transfer_params(request: CurlRequest, credentials: Credentials, destination: Destination) -> Said:
    """What the options say of it. Raises UsageError and NotFoundError."""
    said = [_redirects(request), _cookies(request), _certificate(request.options, credentials, destination)]
    params = {name: value for each, _ in said for name, value in each.items()}
    return params, [note for _, notes in said for note in notes]


def _redirects(request: CurlRequest) -> Said:
    """As curl follows them: with -X each request has that method, and after 301 to 303 none has a body."""
    options = request.options
    if not (options.has("location") or options.has("location-trusted")):
        return {"follow_redirects": False}, []
    notes = []
    if options.has("location-trusted"):
        notes.append("not sent on to another origin, as curl does with --location-trusted: credentials")
    keeping = [name for name in _KEEPING if options.has(name)]
    if _keeps_method(request) if request.body is None else len(keeping) == len(_KEEPING):
        return {"keep_method": True}, notes
    if keeping and request.body is not None:
        notes.append(f"left out, since `keep_method` is about 301, 302 and 303 alike: --{', --'.join(keeping)}")
    elif request.body is not None and options.last("request") is not None:
        notes.append(f"after a redirect by 301 to 303, curl would send {shown(request.method)} without the body")
    return {}, notes


def _keeps_method(request: CurlRequest) -> bool:
    return request.options.last("request") is not None and request.method.upper() not in {"GET", "HEAD"}


def _cookies(request: CurlRequest) -> Said:
    """A cookie jar becomes `keep`: a scenario knows the cookies of its own calls, and no file."""
    options = request.options
    files = [each for each in options.all("cookie") if is_cookie_file(each)]
    jars = options.all("cookie-jar")
    if not (files or jars or "" in options.all("cookie")):
        return {}, []
    if request.headers.get("cookie") is None:
        hint = "an action before it sets them, with `cookies: keep`"
        return {"cookies": "keep"}, [f"not copied: the cookies in the file {file}; {hint}" for file in files]
    if files:
        hint = "write them into the command, as -b 'name=value'"
        raise UsageError(f"the curl command reads more cookies from the file {files[0]}", hint=hint)
    return {}, ["left out, since the action sends cookies of its own: --cookie-jar"] if jars else []


def is_cookie_file(text: str) -> bool:
    """Whether the value of `-b` names a file; raises UsageError for the standard input."""
    if text == "-":
        raise UsageError("the curl command reads cookies from the standard input", hint="write them into the command")
    return bool(text) and "=" not in text and not has_variable(text)


def _certificate(options: Options, credentials: Credentials, destination: Destination) -> Said:
    given, key, password = options.last("cert"), options.last("key"), options.last("pass")
    if not given:
        alone = [f"--{name}" for name in ("key", "pass") if options.last(name) is not None]
        return {}, [f"left out, since there is no --cert: {', '.join(alone)}"] if alone else []
    for name in ("cert-type", "key-type"):
        if (options.last(name) or "PEM").upper() != "PEM":
            hint = "convert it, for example with: openssl pkcs12 -in FILE -out client.pem"
            raise UsageError(f"--{name}: an http_call takes a client certificate and its key in PEM", hint=hint)
    found = _CERTIFICATE.fullmatch(given)
    path, own_password = found.groups() if found else (given, None)
    params, notes = _file("certificate", re.sub(r"\\([\\:])", r"\1", path), credentials, destination)
    if key is not None:
        key_params, key_notes = _file("key", key, credentials, destination)
        params, notes = params | key_params, notes + key_notes
    secret = own_password if password is None else password
    if secret:
        params["password"] = credentials.hide(secret, "CLIENT_KEY_PASSWORD")
    return {"client_certificate": params}, notes


def _file(name: str, file: str, credentials: Credentials, destination: Destination) -> Said:
    """A file of the project, by its path; the content of another one in a variable."""
    content, path = file_text(file), destination.path_to(file)
    if path:
        return {f"{name}_file": path}, []
    variable = credentials.hide(content, f"CLIENT_{name}")
    return {name: variable}, [f"{shown(variable)} is the content of {file}, which is outside of the scenario's project"]

"""A scenario made from a curl command."""

from __future__ import annotations

from decimal import Decimal
from urllib.parse import urlsplit

from awsit.cli.drafts.curl.authentication import auth_of
from awsit.cli.drafts.curl.body import body_params
from awsit.cli.drafts.curl.credentials import Credentials
from awsit.cli.drafts.curl.headers import FORM_TYPE
from awsit.cli.drafts.curl.multipart.params import form_params
from awsit.cli.drafts.curl.request import CurlRequest, read_curl
from awsit.cli.drafts.curl.sent_headers import sent_headers
from awsit.cli.drafts.curl.transfer import transfer_params
from awsit.cli.drafts.curl.url import encoded_by_transport
from awsit.cli.drafts.curl.words.variables import as_template, has_variable, is_unicode, shown, without_variables
from awsit.cli.drafts.destination import Destination
from awsit.cli.drafts.draft import Draft, action_name, scenario_name
from awsit.errors import UsageError
from awsit.expressions.templates.template import literal
from awsit.model.json import Json


def draft_of_curl(command: str, name: str, destination: Destination) -> Draft:
    """A scenario that sends what the curl command sends; the notes name what it does not repeat.

    Credentials are not copied: they become environment variables, which the notes name, too. Raises UsageError for a
    command that would become another request, and NotFoundError for a file that is not there.
    """
    request = read_curl(command)
    credentials = Credentials(request.variables)
    params, notes = _params(request, credentials, destination)
    title = f"{shown(request.method)} {_path(params['url'])}"
    action = {"name": action_name(title), "type": "http_call", "params": as_template(params)}
    document = {
        "name": name or scenario_name(title),
        "description": literal(f"{title} answers"),
        "actions": [action],
    }
    return Draft(document, (*_left_out(request), *notes, *credentials.notes))


def _path(url: str) -> str:
    parts = urlsplit(without_variables(url))
    return parts.path.strip("/") or parts.hostname or ""


def _params(
    request: CurlRequest, credentials: Credentials, destination: Destination
) -> tuple[dict[str, Json], list[str]]:
    """What the action sends, with variables still marked."""
    options = request.options
    auth = auth_of(request, credentials)
    headers, notes = sent_headers(request)
    transfer, transfer_notes = transfer_params(request, credentials, destination)
    form = form_params(request.parts, headers, credentials, destination)
    body, form_notes = form or (body_params(request.body, headers, credentials), [])
    params = {
        "url": credentials.in_url(request.url),
        "method": request.method,
        "headers": {name: credentials.in_header(name, value) for name, value in headers.items()},
        **body,
        "auth": auth,
        "timeout_seconds": _seconds(options.last("max-time")),
        "connect_timeout_seconds": _seconds(options.last("connect-timeout")),
        **transfer,
        "path_as_is": True if options.has("path-as-is") else None,
        "verify_tls": False if options.has("insecure") else options.last("cacert"),
        "expected_status": "2xx",
    }
    said = {key: value for key, value in params.items() if key in body or value not in (None, {})}
    if not is_unicode("".join(str(value) for key, value in said.items() if key not in body)):
        raise UsageError("the URL or a header holds bytes that are not UTF-8", hint="encode them, as %XX in a URL")
    return credentials.everywhere(said), [*notes, *transfer_notes, *form_notes, *_about(request, body)]


def _seconds(text: str | None) -> Json:
    """A number of seconds; None for 0, which stands for no limit."""
    try:
        return Decimal(text) if text and Decimal(text) else None
    except ArithmeticError:
        raise UsageError(
            f"{shown(text or '')!r} is not a number of seconds", hint="see -m and --connect-timeout of curl"
        ) from None


def _about(request: CurlRequest, body: dict[str, Json]) -> list[str]:
    """What is sent as curl sends it, and may surprise; and what is not."""
    notes = []
    if isinstance(body.get("body"), dict | list) and request.headers.get("content-type") == FORM_TYPE:
        notes.append(
            "the JSON is sent as a form, as curl does without a Content-Type; change the header if it is wrong"
        )
    encoded = encoded_by_transport(request.url)
    if encoded:
        notes.append(f"percent-encoded in the URL, where curl sends it as it is: {' '.join(encoded)}")
    if not has_variable(request.method) and request.method != request.method.upper():
        notes.append(f"sent in capitals: the method {request.method}")
    return notes


def _left_out(request: CurlRequest) -> list[str]:
    unsaid = [f"left out, since an http_call has nothing like it: {option}" for option in request.options.unsaid]
    return [*unsaid, *request.notes]

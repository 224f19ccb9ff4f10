"""Forms in parts: the same as curl sends for the command that a report gives, by Python's own parser of MIME."""

import shlex
from email.parser import BytesParser
from email.policy import HTTP
from pathlib import Path
from typing import Any

import pytest
from tests.authorities import curl as real_curl
from tests.authorities.scripted import Request, ScriptedServer, scripted

from awsit.actions.http_call.action import HttpCallAction
from awsit.actions.http_call.params import HttpCallParams
from awsit.engine.files import RunFiles
from awsit.http.transport import Urllib3Transport
from awsit.model.action.call import ActionContext
from awsit.reporting.terminal.curl import curl
from awsit.system.clock import SystemClock
from awsit.system.files import DiskFiles

FORMS: dict[str, list[dict[str, Any]]] = {
    "values": [{"name": "a", "value": "x"}, {"name": "a", "value": "second"}, {"name": "b", "value": ""}],
    "odd values": [{"name": "a", "value": 'quo"te; type=x, \\back\nslash ä 🚚'}, {"name": "b", "value": "@file"}],
    "json": [{"name": "a", "value": {"n": [1, None]}}, {"name": "n", "value": 1.5}],
    "file": [{"name": "f", "file": "photo.png"}],
    "named file": [{"name": "f", "file": "photo.png", "filename": 'the "photo", ä.jpg', "content_type": "image/jpeg"}],
    "odd name": [{"name": 'na"me', "value": "x"}, {"name": "ä", "value": "y"}],
    "headers": [{"name": "a", "value": "x", "headers": {"X-One": "1", "X-Two": "b"}}],
    "content type": [{"name": "a", "value": "<a/>", "content_type": "text/xml; charset=utf-8"}],
    "no boundary of ours": [{"name": "a", "value": "--boundary\n--"}],
}


def parts_of(request: Request) -> list[dict[str, Any]]:
    content_type = (request.header("content-type") or "").encode("latin-1")
    message = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + content_type + b"\r\n\r\n" + request.body)
    return [
        {
            "head": sorted((name.lower(), str(value)) for name, value in part.items()),
            "body": part.get_payload(decode=True),
        }
        for part in message.iter_parts()
    ]


def ok(_: Request) -> bytes:
    return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"


@pytest.mark.parametrize("form", FORMS.values(), ids=FORMS)
def test_the_same_parts_as_curl_sends(form: list[dict[str, Any]], tmp_path: Path, monkeypatch: Any) -> None:
    (tmp_path / "photo.png").write_bytes(b"\x89PNG\r\n--\x00")
    monkeypatch.chdir(tmp_path)
    with scripted(ok) as server:
        command = sent(server, form, str(tmp_path / "photo.png"))
        real_curl.run(*shlex.split(" ".join(command))[1:])

        ours, theirs = server.requests

    assert parts_of(ours) == parts_of(theirs)
    assert len(parts_of(ours)) == len(form)


def sent(server: ScriptedServer, form: list[dict[str, Any]], photo: str) -> list[str]:
    """Send the form; returns the command of its report."""
    params = HttpCallParams.model_validate({"url": server.url, "method": "POST", "multipart": form})
    files = RunFiles({"photo.png": photo}, DiskFiles())
    context = ActionContext("run-1", Urllib3Transport(), None, SystemClock(), files=files)
    return curl(HttpCallAction().execute(params, context).request)

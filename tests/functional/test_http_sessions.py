"""Sign-ins by cookie and by client certificate, over the real transport."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.authorities.pki import authority, serving_tls
from tests.authorities.scripted import Request, scripted

SESSION = "s-4711-of-ada"
COOKIES = """
name: session
defaults: {{http_call: {{params: {{cookies: keep}}}}}}
actions:
  - type: parallel
    name: Both
    params:
      branches:
        - [{{name: Orders, type: http_call, params: {{url: "{url}/set/orders={session}"}}}}]
        - [{{name: Carts, type: http_call, params: {{url: "{url}/set/carts={session}"}}}}]
  - name: Poll
    type: http_call
    params: {{url: "{url}/count"}}
    until: {{assert: [{{path: $.body, equals: 3}}], interval_seconds: 0.01, timeout_seconds: 5}}
  - {{name: See, type: http_call, params: {{url: "{url}/see"}}}}
assertions:
  - {{path: $.context, equals: {{}}}}
"""
CERTIFICATE = """
name: signed_in
actions:
  - name: Who
    type: http_call
    params:
      url: {url}
      verify_tls: false
      client_certificate: {{certificate_file: certs/client.pem, key_file: certs/client.key}}
    assert: [{{path: $.body, equals: ada}}]
"""


def run(folder: Path, scenario: str) -> tuple[int, str, dict]:
    """The exit code, all that was written, and the report of a run."""
    (folder / "scenario.yaml").write_text(scenario)
    done = subprocess.run(
        [sys.executable, "-m", "awsit", "run", "scenario.yaml", "--json", "r.json"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.environ["PATH"], "HOME": str(folder)},
    )
    written = (folder / "r.json").read_text() if (folder / "r.json").exists() else "{}"
    return done.returncode, done.stdout + done.stderr + written, json.loads(written)


def cookie_server(request: Request) -> bytes:
    """Sets the cookie that the path names, counts in one, and tells those that it is sent."""
    cookies = request.header("cookie") or ""
    _, _, path = request.target.partition("/")
    given = path.removeprefix("set/") if path.startswith("set/") else ""
    if path == "count":
        given = f"n={int(cookies.partition('n=')[2][:1] or 0) + 1}"
    body = given.removeprefix("n=") if path == "count" else cookies
    lines = f"Set-Cookie: {given}; Path=/\r\n" if given else ""
    return f"HTTP/1.1 200 OK\r\n{lines}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def test_cookies_are_kept_over_branches_and_polls_and_shown_nowhere(tmp_path: Path) -> None:
    with scripted(cookie_server) as server:
        code, output, report = run(tmp_path, COOKIES.format(url=server.url, session=SESSION))
    assert (code, report["status"]) == (0, "passed"), output
    sent = dict(pair.split("=") for pair in (server.requests[-1].header("cookie") or "").split("; "))
    assert sent == {"orders": SESSION, "carts": SESSION, "n": "3"}
    assert SESSION not in output.replace(f"/set/orders={SESSION}", "").replace(f"/set/carts={SESSION}", "")
    assert report["context"] == {}


def test_certificate_and_key_are_read_beside_the_scenario(tmp_path: Path) -> None:
    ada = authority().issue("ada")
    (tmp_path / "certs").mkdir()
    (tmp_path / "certs/client.pem").write_text(ada.certificate)
    (tmp_path / "certs/client.key").write_text(ada.key)
    with serving_tls() as url:
        code, output, _ = run(tmp_path, CERTIFICATE.format(url=url))
    assert code == 0, output
    assert "PRIVATE KEY" not in output

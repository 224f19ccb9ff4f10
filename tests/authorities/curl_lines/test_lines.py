"""What `new --from-curl` writes sends the request that curl itself sends (https://curl.se), on a recording server."""

import json
import os
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result
from tests.authorities.curl_lines.recorder import Recorded, Recorder
from tests.authorities.programs import required

from awsit.cli.main import cli
from awsit.cli.session import Session

LINES = yaml.safe_load((Path(__file__).parent / "lines.yaml").read_text(encoding="utf-8"))
SENT = [each for each in LINES if "refused" not in each and "unsent" not in each]
REFUSED = [each for each in LINES if "refused" in each]
SERVER = "api.test"
NO_TRACE = {"AWSIT_TRACE": "false"}  # curl sends none
AWS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_DEFAULT_REGION": "eu-west-1"}
SAME_ALL_THE_SAME = ("no credential was copied", "sent as a form", "copied into the scenario")
"""Notes that tell of no other request."""
LEAST_COMPARED = 4
"""A shorter text may stand anywhere by chance."""
OWN_HEADERS = {b"accept-encoding", b"content-length", b"expect", b"user-agent"}
"""Headers that each program sends in its own way, unless the line gives them."""


def names(lines: list[dict]) -> list[str]:
    return [f"{each['source']}-{number}" for number, each in enumerate(lines)]


@pytest.fixture(scope="module")
def recorder() -> Iterator[Recorder]:
    with Recorder() as recorder:
        yield recorder


@pytest.fixture(autouse=True)
def files(request: pytest.FixtureRequest, tmp_path: Path) -> None:
    """The files that the line names, in a project or in none."""
    line = request.node.callspec.params.get("line") if hasattr(request.node, "callspec") else None
    if (line or {}).get("project", True):
        (tmp_path / "awsit.toml").touch()
    for name, content in (line or {}).get("files", {}).items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())


def awsit(*arguments: str, env: dict[str, str] | None = None, stdin: bytes = b"") -> Result:
    return CliRunner().invoke(
        cli, list(arguments), input=stdin, env=env, obj=Session(), prog_name="awsit", catch_exceptions=False
    )


def variables(line: dict, recorder: Recorder) -> dict[str, str]:
    return {name: value.replace(SERVER, recorder.host) for name, value in line.get("env", {}).items()}


def sent_by_curl(line: dict, recorder: Recorder) -> list[Recorded]:
    text = line.get("bash", line["line"]).replace(SERVER, recorder.host)
    command = " ".join(text.splitlines()) if "bash" in line else re.sub(r"^(\$ )?curl(\.exe)?", "curl", text)
    env = {"PATH": os.environ["PATH"], "HOME": str(Path.cwd()), "LC_ALL": "C.UTF-8", **variables(line, recorder)}
    bash = ["bash", "-c", command]
    subprocess.run(bash, env=env, stdin=subprocess.DEVNULL, capture_output=True, timeout=30, check=False)
    return recorder.take()


def sent_by_awsit(line: dict, recorder: Recorder) -> list[Recorded]:
    command = line["line"].replace(SERVER, recorder.host)
    made = awsit("new", "scenario", "it", "--from-curl", "-", stdin=command.encode())
    assert made.exit_code == 0, made.output
    notes = [note for note in made.stderr.splitlines() if note.startswith("Note: ")]
    for words in line.get("notes", []):
        assert any(words in note for note in notes), notes
    expected = sum(not any(each in note for each in SAME_ALL_THE_SAME) for note in notes)
    assert expected == 0 or "notes" in line, notes
    written = Path("scenarios/it.yaml").read_text(encoding="utf-8")
    for words in line.get("writes", []):
        assert words in written
    result = awsit("run", "scenarios/it.yaml", "--engine", "local", env=AWS | NO_TRACE | variables(line, recorder))
    requests = recorder.take()
    assert requests, result.output
    return requests


def target(request: Recorded) -> bytes:
    """The request target; the case of percent-encoding does not matter (RFC 3986, section 6.2.2.1)."""
    return re.sub(rb"%[0-9A-Fa-f]{2}", lambda found: found[0].upper(), request.target)


def body(request: Recorded) -> object:
    """The body; of JSON its tokens matter, of a multipart form not its boundary."""
    content_type = request.header(b"content-type")
    boundary = re.fullmatch(rb"multipart/form-data; boundary=(\S+)", content_type)
    if boundary:
        return request.body.replace(boundary[1], b"BOUNDARY")
    if b"signature" in b"".join(name.lower() for name, _ in request.headers):
        return request.body
    try:
        return json.loads(request.body, object_pairs_hook=tuple, parse_float=str, parse_int=str)
    except ValueError:
        return request.body


def compared_headers(request: Recorded, line: dict) -> dict[bytes, bytes]:
    given = line["line"].lower().encode()
    headers = {}
    for name in {name.lower() for name, _ in request.headers}:
        value = request.header(name)
        is_default = value == b"*/*" and b"accept:" not in given
        is_own = name in OWN_HEADERS and name + b":" not in given and not (name == b"user-agent" and b" -a " in given)
        if not is_default and not is_own and name.decode() not in line.get("differs", {}):
            headers[name] = re.sub(
                rb"\bboundary=([-]{10,}[0-9a-f]+|[0-9a-f]{32}|awsit-form-boundary)$", b"boundary=B", value
            )
    return headers


@pytest.mark.parametrize("line", SENT, ids=names(SENT))
def test_awsit_sends_what_curl_sends(line: dict, recorder: Recorder) -> None:
    required("curl")
    expected = sent_by_curl(line, recorder)
    assert expected, "curl sent nothing"
    actual = sent_by_awsit(line, recorder)
    assert len(actual) == len(expected)
    for ours, theirs in zip(actual, expected, strict=True):
        assert "method" in line.get("differs", {}) or ours.method == theirs.method
        assert "target" in line.get("differs", {}) or target(ours) == target(theirs)
        assert compared_headers(ours, line) == compared_headers(theirs, line)
        assert body(ours) == body(theirs)


@pytest.mark.parametrize("line", LINES, ids=names(LINES))
def test_no_credential_is_copied(line: dict) -> None:
    result = awsit("new", "--from-curl", "-", "--output", "-", stdin=line["line"].encode())
    of_credentials = {name: value for name, value in line.get("env", {}).items() if name not in line["line"]}
    for secret in [*line.get("secrets", []), *of_credentials.values()]:
        assert len(secret) < LEAST_COMPARED or secret not in result.output


@pytest.mark.parametrize("line", REFUSED, ids=names(REFUSED))
def test_what_would_be_another_request_is_refused(line: dict) -> None:
    result = awsit("new", "--from-curl", "-", "--output", "-", stdin=line["line"].encode())
    assert result.exit_code in {2, 3}
    assert line["refused"] in " ".join(result.stderr.split())
    assert "hint:" in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("line", [each for each in LINES if "unsent" in each])
def test_what_cannot_be_compared_here_is_named_all_the_same(line: dict) -> None:
    result = awsit("new", "--from-curl", "-", "--output", "-", stdin=line["line"].encode())
    for words in line["notes"]:
        assert words in result.stderr
    for words in line.get("writes", []):
        assert words in result.stdout


def test_the_table_is_large_enough() -> None:
    assert len(SENT) >= 60

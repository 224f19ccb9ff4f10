"""Text that no terminal, XML file or process of pytest-xdist can carry, wherever a scenario of pytest shows it."""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from unicodedata import category
from xml.etree import ElementTree as ET

import pytest
from tests.authorities.scripted import Request, scripted
from tests.functional.test_pytest_plugin import run

ODD = {
    "/json": ("application/json", rb'{"note": "half \ud83d, nul \u0000, escape \u001b[31m, turned \u202e, \ufffe"}'),
    "/text": ("text/plain; charset=latin-1", b"caf\xe9 \x1b[2J\0\x07 \x85 \xff"),
}
SCENARIO = """
name: NAME
actions:
  - name: Read
    type: http_call
    params: {url: "SERVICE"}
    assert: [{path: $.body, equals: "EXPECTED"}]
"""
FILES = {
    b"json.yaml": SCENARIO.replace("NAME", "odd_json").replace("SERVICE", "SERVICE/json"),
    b"text.yaml": SCENARIO.replace("NAME", "odd_text").replace("SERVICE", "SERVICE/text"),
    b"rows.yaml": SCENARIO.replace("NAME", "odd_rows")
    .replace("EXPECTED", "{{ vars.p }}")
    .replace("SERVICE", "SERVICE/json")
    + 'matrix: [{p: "a\\e[31mb\\0"}, {p: "\\u202e\\u2028"}]\n',
    b"name.yaml": SCENARIO.replace("NAME", '"od\\e[31md"'),
    b"bytes.yaml": SCENARIO.replace("NAME", "odd_bytes").replace("EXPECTED", "\xff"),
}
if sys.platform == "linux":  # others have names in Unicode
    FILES[b"file\xff\x1b[31m.yaml"] = FILES[b"json.yaml"]


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    def answer(request: Request) -> bytes:
        media, body = ODD[request.target]
        head = f"HTTP/1.1 200 OK\r\nContent-Type: {media}\r\nX-Odd: \xff\x1b\r\nContent-Length: {len(body)}\r\n\r\n"
        return head.encode("latin-1") + body

    root = tmp_path_factory.mktemp("odd")
    (root / "scenarios").mkdir()
    with scripted(answer) as server:
        for name, text in FILES.items():
            (root / "scenarios" / os.fsdecode(name)).write_bytes(text.replace("SERVICE", server.url).encode("latin-1"))
        yield root


@pytest.mark.parametrize(("encoding", "processes"), [("utf-8", "0"), ("ascii", "2")])
def test_each_failure_is_told_and_nothing_breaks(project: Path, encoding: str, processes: str) -> None:
    report = project / f"{encoding}.xml"
    ran = run(project, "scenarios", "-v", "-n", processes, f"--junitxml={report}", PYTHONIOENCODING=encoding)
    cases = {f"{case.get('classname')} {case.get('name')}": case for case in ET.parse(report).iter("testcase")}
    assert ran.counts == f"{len(cases)} failed"
    assert len(cases) == len(FILES) + 1
    assert {case.find("failure").get("message").partition(" ")[0] for case in cases.values()} == {
        "Read:",
        "`name`",
        "the",
    }
    assert not [each for each in ran.text.replace("\n", "") if category(each) in {"Cc", "Cf", "Cs"}]
    assert "Traceback" not in ran.text
    assert "INTERNALERROR" not in ran.text

    assert r'"note": "half \ud83d, nul \u0000, escape \u001b[31m, turned ' in ran.text
    assert r"\u001b[2J\u0000\u0007 " in ran.text
    assert r"odd_rows[a\x1b[31mb\x00]" in ran.text

"""Commands of CI servers, in what a service answers: none may begin a line of what the server reads."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.attack.commands import STEERS, awsit, call, response
from tests.attack.payload import Payload

_NAMES = (
    "add-mask",
    "stop-commands",
    "error file=a.py,line=1",
    "warning",
    "notice",
    "debug",
    "group",
    "endgroup",
    "set-env name=PATH",
    "set-output name=verdict",
    "save-state name=x",
    "add-path",
    "add-matcher",
    "echo",
)
_BEFORE = ("", "   ", "\t", "\r", "\u3000", "\u00a0", "\x0b", "\u2028")
_OTHERS = (
    "##vso[task.setvariable variable=x]y",
    "##vso[task.complete result=Succeeded;]done",
    "text ##vso[build.addbuildtag]x",
    "##[add-mask]owned",
    "##[group]x",
    "##[command]x",
    "##teamcity[buildStop comment='x']",
    "section_start:1560896352:owned\r\x1b[0K",
    "section_end:1560896352:owned\r\x1b[0K",
    "a section_start:1560896352:owned[collapsed=true]\r",
    "::error::" * 40,
    "long " * 30 + "::error::wrapped",
    "%0A::error::x",
    "x%0D%0A::set-output name=a::b",
    "AWSIT_VERDICT=passed",
    "a\nAWSIT_VERDICT=passed\nAWSIT_SUMMARY=x",
    "AWSIT_SUMMARY<<EOF\nowned\nEOF",
    "EOF\nGITHUB_ENV=x",
)
TEXTS = (
    *(f"{before}::{name}::owned" for name in _NAMES for before in _BEFORE[:: 2 if name != "add-mask" else 1]),
    *_OTHERS,
)


def payloads() -> Iterator[Payload]:
    for text in TEXTS:
        yield Payload(repr(text)[:80], partial(_answered, text))


def _answered(text: str) -> str:
    """In JSON, in plain text, in the reason of the status, and in a captured value."""
    checks = [{"path": "$.body", "equals": f"{text}x", "name": text}]
    for body, kind in (
        (json.dumps({"note": f"a\n{text}\nb"}).encode(), "application/json"),
        (text.encode(), "text/plain"),
    ):
        call(
            partial(_answer, body, kind),
            "-v",
            "--annotations=annotations.out",
            "--outputs=outputs.out",
            "--markdown=markdown.out",
            **{"assert": checks},
        )
        awsit("status")
    return _fallen()


def _answer(body: bytes, kind: str, _: object) -> bytes:
    return response(body, kind=kind)


def _fallen() -> str:
    annotations = Path("annotations.out").read_text(encoding="utf-8").split("\n")
    rest = "\n".join(
        line
        for line in annotations
        if not line.startswith("::error title=s,") and not line.startswith("::error title=s:")
    )
    ours = [line for line in annotations if line.startswith("::error ")]
    outputs = Path("outputs.out").read_text(encoding="utf-8").splitlines()
    verdicts = [line for line in outputs if line.startswith("AWSIT_VERDICT")]
    if verdicts and set(verdicts) != {"AWSIT_VERDICT=failed"}:
        return f"outputs have {verdicts}"
    steering = STEERS.findall("\n".join(line for line in rest.split("\n") if line not in ours))
    return f"annotations have {steering}" if steering or not ours else ""

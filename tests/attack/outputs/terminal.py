"""Characters that steer a terminal, one by one and in sequences, in what a service answers and a scenario says."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from tests.attack.commands import RAW, Fell, awsit, call, response, write
from tests.attack.payload import Payload

_C0 = [chr(code) for code in range(32) if chr(code) not in "\t\n"] + ["\x7f"]
_C1 = [chr(code) for code in range(0x80, 0xA0)]
_DIRECTION = ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"]
_SEPARATORS = ["\u2028", "\u2029", "\r\n", "\v", "\f"]
_SEQUENCES = [
    "\x1b]0;owned\x07",
    "\x1b]8;;http://evil.test/\x07click\x1b]8;;\x07",
    "\x1b]52;c;b3duZWQ=\x07",
    "\x1b]1337;File=:\x07",
    "\x1b[2J\x1b[H",
    "\x1b[1A\x1b[2K",
    "\x1b[8m",
    "\x1b[?1049h",
    "\x1b[6n",
    "\x1bc",
    "\x1bP+q544e\x1b\\",
    "\x1b_Gi=1\x1b\\",
    "\x1b^x\x1b\\",
    "\x9d0;owned\x9c",
    "\x9b2J",
    "\x90x\x9c",
    "a\b\b\bb",
    "hidden\rshown",
    "[bold red]markup[/bold red]",
    "[link=http://evil.test/]x[/link]",
    "[/]",
    "\\[bold]",
    ":warning: :boom:",
]
TEXTS = (*_C0, *_C1, *_DIRECTION, *_SEPARATORS, *_SEQUENCES)
_FORMATS = ("markdown", "junit", "ctrf", "outputs", "events")


def payloads() -> Iterator[Payload]:
    for text in TEXTS:
        yield Payload(f"answered: {text!r}", partial(_answered, text))
    for text in TEXTS[:: len(TEXTS) // 30]:
        yield Payload(f"in a file and its name: {text!r}", partial(_written, text))


def _answered(text: str) -> str:
    body = json.dumps({"note": f"a{text}b", f"k{text}": text}).encode()
    checks = [{"path": "$.body.note", "equals": "c"}]
    files = [f"--{each}={each}.out" for each in _FORMATS]
    head = f"X-Evil: a{text if text.isprintable() or text == chr(27) else ''}b"
    output = call(lambda _: response(body, head.encode().decode("latin-1")), *files, "-v", **{"assert": checks})
    awsit("status")
    if "note" not in output:
        raise Fell(f"the answer is not shown, and nothing was tested: {output[-300:]}")
    for each in _FORMATS:
        steering = RAW.findall(Path(f"{each}.out").read_text(encoding="utf-8"))
        if steering:
            return f"the file of --{each} has {steering[:5]}"
    return ""


def _written(text: str) -> str:
    file = write(f"scenarios/a{text.replace('/', '').replace(chr(0), '')}b.yaml", f"name: a\nactions: 'x{text}y'\n")
    for command in (("validate", file), ("validate", "scenarios"), ("list-scenarios",), ("run", file), ("plan", file)):
        awsit(*command)
    write("s.json", {"name": f"a{text}", "actions": [{"name": text, "type": text, text: text}]})
    awsit("validate", "s.json")
    awsit("validate", "s.json", "--json")
    awsit("run", f"no{text}such")
    awsit("status", f"no{text}such")
    return ""

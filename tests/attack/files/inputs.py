"""Devices, pipes, links and endless files in the place of each file that awsit reads."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

from tests.attack.commands import awsit, scenario, waiting, write
from tests.attack.payload import Payload

_HUGE = 3 * 1024**3


def _link(target: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(target)


def _socket(path: Path) -> None:
    socket.socket(socket.AF_UNIX).bind(path.name)
    Path(path.name).rename(path)


def _sparse(path: Path) -> None:
    with path.open("wb") as file:
        file.truncate(_HUGE)


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


KINDS: Mapping[str, Callable[[Path], None]] = {
    "/dev/zero": _link("/dev/zero"),
    "/dev/urandom": _link("/dev/urandom"),
    "/dev/tty": _link("/dev/tty"),
    "/dev/stdin": _link("/dev/stdin"),
    "/proc/self/mem": _link("/proc/self/mem"),
    "/proc/kmsg": _link("/proc/kmsg"),
    "FIFO": os.mkfifo,
    "socket": _socket,
    "folder": Path.mkdir,
    "link to nowhere": _link("nowhere"),
    "link to itself": _loop,
    "3 GiB of zeros": _sparse,
    "unreadable": lambda path: path.write_bytes(b"\xff" * 1000),
}
NAME = "evil.yaml"


def _http(**params: object) -> dict[str, object]:
    return {"name": "A", "type": "http_call", "params": {"url": "http://127.0.0.1:9/", "method": "POST", **params}}


def _scenario(**more: object) -> str:
    return write("s.json", {**waiting(), **more})


PLACES: Mapping[str, Callable[[], object]] = {
    "scenario": lambda: awsit("validate", "."),
    "library": lambda: awsit("validate", _scenario(libraries=[NAME], actions=[{"name": "A", "use": "x"}])),
    "cases": lambda: awsit("validate", _scenario(cases="*.yaml")),
    "body_file": lambda: awsit("run", write("s.json", scenario(_http(body_file=NAME)))),
    "contract": lambda: awsit("validate", write("s.json", scenario(_http(contract=NAME)))),
    "contract in a run": lambda: awsit("run", write("s.json", scenario(_http(contract=NAME)))),
    "certificate": lambda: awsit("run", write("s.json", scenario(_http(url="https://127.0.0.1:9/", ca_bundle=NAME)))),
    "durations": lambda: awsit("run", _scenario(), "--shard", "1/2", "--durations", NAME),
    "OpenAPI document": lambda: awsit("new", "scenario", "n", "--from-openapi", NAME, "--output", "-"),
    "curl's data": lambda: awsit("new", "n", "--from-curl", f"curl -d @{NAME} http://a.test/", "--output", "-"),
    "compare": lambda: awsit("compare", NAME, NAME),
    "status": lambda: awsit("status", NAME),
    "template": lambda: awsit("deploy", "--template", NAME, "--stack", "s", "--region", "eu-west-1", "--yes"),
}
STATE = {
    "awsit.toml": ("validate", "s.json"),
    ".awsit/last-run.json": ("run", "--rerun-failed"),
    ".awsit/reports/run-01M8H13G5NGNR3JWAXQBST9MMQ.json": ("status", "run-01M8H13G5NGNR3JWAXQBST9MMQ"),
    ".awsit/reports/run-01M8H13G5NGNR3JWAXQBST9MMR.json": ("runs",),
    ".awsit/reports/run-01M8H13G5NGNR3JWAXQBST9MMS.json": ("history",),
    ".awsit/journal/run-01M8H13G5NGNR3JWAXQBST9MMQ.jsonl": ("cleanup", "run-01M8H13G5NGNR3JWAXQBST9MMQ"),
    ".awsit/journal/run-01M8H13G5NGNR3JWAXQBST9MMR.jsonl": ("runs",),
    ".awsit/sandbox-stacks.json": ("run", "s.json"),
    ".awsit/.gitignore": ("run", "s.json"),
}


def payloads() -> Iterator[Payload]:
    for kind, make in KINDS.items():
        for place in PLACES:
            yield Payload(f"{kind} as {place}", partial(_read, make, place))
        for file in STATE:
            yield Payload(f"{kind} as {file}", partial(_in_state, make, file))


def _read(make: Callable[[Path], None], place: str) -> str:
    make(Path(NAME))
    PLACES[place]()
    return ""


def _in_state(make: Callable[[Path], None], file: str) -> str:
    write("s.json", waiting())
    path = Path(file)
    path.parent.mkdir(parents=True, exist_ok=True)
    make(path)
    awsit(*STATE[file])
    return ""

"""Faults on AWS calls: microburst, a proxy that answers as AWS itself would, between the caller and the emulator."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

Rule = Mapping[str, Any]

FAULTS: Mapping[str, Sequence[Rule]] = {
    "throttle": (
        {"service": "dynamodb", "error": {"code": "ProvisionedThroughputExceededException"}},
        {"service": "s3", "error": {"code": "SlowDown"}},
        {"service": "*", "error": {"code": "ThrottlingException"}},
    ),
    "error": ({"service": "*", "error": {"code": "InternalServerError", "status": 500}},),
    "timeout": ({"service": "*", "timeout_ms": 1500},),
    "reset": ({"service": "*", "reset": True},),
    "lost": ({"service": "*", "response": {"abort_bytes": 0}},),
    "slow": ({"service": "*", "latency": {"min": 200, "max": 700}},),
}
"""Refused as too many, 500, held and given up, cut off on arrival, carried out with its answer lost, delayed."""


def rules(kind: str, **when: Any) -> list[Rule]:
    """The rules of one kind of fault; `when` says how often (`probability`, `sequence`, `times`)."""
    return [{**rule, **when} for rule in FAULTS[kind]]


def mixture(rate: float) -> list[Rule]:
    """Every kind of fault, on `rate` of all calls together."""
    return [rule for kind in FAULTS for rule in rules(kind, probability=rate / len(FAULTS))]


@dataclass(frozen=True)
class Proxy:
    """The proxy while it runs."""

    url: str

    def inject(self, chosen: Sequence[Rule]) -> None:
        """Have these rules, and no others."""
        self._ask("POST", "rules", chosen)

    @property
    def calls(self) -> int:
        """How many calls there were."""
        return int(self._ask("GET", "stats")["requests"]["total"])

    @property
    def faults(self) -> int:
        """How many calls met a fault."""
        return int(self._ask("GET", "stats")["requests"]["faulted"])

    def is_ready(self) -> bool:
        """Whether it answers."""
        with suppress(OSError):
            return bool(self._ask("GET", "health")["status"] == "ok")
        return False

    def _ask(self, method: str, name: str, body: Any = None) -> Any:
        request = urllib.request.Request(f"{self.url}/_microburst/{name}", method=method)
        request.data = None if body is None else json.dumps(body).encode()
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.load(answer)


@contextmanager
def faulty(endpoint_url: str, chosen: Sequence[Rule] = ()) -> Iterator[Proxy]:
    """A proxy on loopback with these rules, until the end of the block."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    command = [sys.executable, "-m", "microburst", "--upstream", endpoint_url, "--resign"]  # it sends another Host
    command += ["--host", "127.0.0.1", "--port", port]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            proxy = Proxy(f"http://127.0.0.1:{port}")
            _await(proxy, process)
            proxy.inject(chosen)
            yield proxy
        finally:
            process.terminate()


def _await(proxy: Proxy, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while not proxy.is_ready():
        assert process.poll() is None, "the proxy did not start"
        assert time.monotonic() < deadline, "the proxy did not answer"
        time.sleep(0.05)

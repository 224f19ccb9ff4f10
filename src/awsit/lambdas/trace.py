"""The function's part of a trace: for each task a subsegment with annotations, by which traces are found in X-Ray.

It is sent straight to the daemon that Lambda runs beside a function: the X-Ray SDK takes half a second to import.
Sources: AWS X-Ray developer guide, "AWS X-Ray segment documents" and "Sending trace data to X-Ray"; AWS Lambda
developer guide, "Visualize Lambda function invocations using AWS X-Ray".
"""

from __future__ import annotations

import secrets
import socket
from collections.abc import Mapping
from contextlib import suppress

from msgspec import Struct

from awsit.model.json import Json, dumps

_HEADER, _DAEMON = "_X_AMZN_TRACE_ID", "AWS_XRAY_DAEMON_ADDRESS"
_PREAMBLE = '{"format": "json", "version": 1}\n'
ANNOTATED = ("run_id", "scenario", "action")


class Trace(Struct, frozen=True):
    """The trace of one invocation: its ID, and the segment that Lambda writes of the function.

    `daemon` is where subsegments go; empty when the trace is not sampled.
    """

    id: str
    parent: str
    daemon: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Trace:
        """The trace that the environment of an invocation names: `Root=1-…;Parent=…;Sampled=1`; empty without one."""
        pairs = (part.partition("=") for part in environment.get(_HEADER, "").split(";"))
        header = {name: value for name, _, value in pairs}
        is_sampled = header.get("Sampled") == "1" and "Parent" in header
        return cls(header.get("Root", ""), header.get("Parent", ""), environment.get(_DAEMON, "") if is_sampled else "")

    def send(self, task: str, began: float, seconds: float, named: Mapping[str, Json], *, fault: bool = False) -> None:
        """Send the subsegment of a task that began at a time since the epoch; nobody waits for an answer."""
        host, _, port = self.daemon.rpartition(":")
        if not host or not port.isdecimal():
            return
        subsegment: dict[str, Json] = {
            "type": "subsegment",
            "id": secrets.token_hex(8),
            "trace_id": self.id,
            "parent_id": self.parent,
            "name": f"awsit {task}",
            "start_time": began,
            "end_time": began + seconds,
            "annotations": {key: named[key] for key in ANNOTATED if named.get(key)},
        }
        document = dumps(subsegment | ({"fault": True} if fault else {}))
        with suppress(OSError, OverflowError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
            sender.sendto(f"{_PREAMBLE}{document}".encode(), (host, int(port)))

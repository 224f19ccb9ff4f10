"""Loaded at the start of each Python function of the sandbox: names of AWS lead nowhere, and the error says why.

A function that puts such a name together itself would otherwise reach real accounts from a test.
"""

from __future__ import annotations

import socket
import sys

_HOST = {"socket.getaddrinfo": 0, "socket.gethostbyname": 0, "socket.connect": 1, "socket.sendto": 1}
"""Where the host, or the address that begins with it, stands in the arguments, by audit event (module `socket`)."""


def refuse_aws(event: str, arguments: tuple[object, ...]) -> None:
    """Raise `gaierror` before a host of AWS is called, by whatever function of `socket`; an audit hook (PEP 578)."""
    if event not in _HOST:
        return
    from awsit.http.addressing.aws_hosts import is_aws_host  # few functions resolve a name

    host = arguments[_HOST[event]]
    host = host[0] if isinstance(host, tuple) else host
    name = bytes(host).decode("ascii", "replace") if isinstance(host, bytes | bytearray) else host
    if isinstance(name, str) and is_aws_host(name):
        raise socket.gaierror(
            socket.EAI_NONAME,
            f"awsit's sandbox sends nothing to AWS, and {name} is a host of AWS: "
            "take its URL from an environment variable that the template sets",
        )


if __name__ == "sitecustomize":
    sys.addaudithook(refuse_aws)

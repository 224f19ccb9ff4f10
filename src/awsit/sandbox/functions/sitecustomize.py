"""Loaded at the start of each Python function of the sandbox: names of AWS lead nowhere, and the error says why.

A function that puts such a name together itself would otherwise reach real accounts from a test.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from typing import Any

Resolve = Callable[..., Any]


def refusing(resolve: Resolve) -> Resolve:
    """`socket.getaddrinfo` without the hosts of AWS: it raises `gaierror` for them."""

    def resolve_elsewhere(host: object, *arguments: object, **options: object) -> object:
        from awsit.http.addressing.aws_hosts import is_aws_host  # few functions resolve a name

        name = host.decode("ascii", "replace") if isinstance(host, bytes) else host
        if isinstance(name, str) and is_aws_host(name):
            raise socket.gaierror(
                socket.EAI_NONAME,
                f"awsit's sandbox sends nothing to AWS, and {name} is a host of AWS: "
                "take its URL from an environment variable that the template sets",
            )
        return resolve(host, *arguments, **options)

    return resolve_elsewhere


if __name__ == "sitecustomize":
    vars(socket)["getaddrinfo"] = refusing(socket.getaddrinfo)

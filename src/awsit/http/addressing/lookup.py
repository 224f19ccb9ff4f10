"""The addresses of a host, looked up within a time.

getaddrinfo(3) waits for a resolver as long as that takes (resolv.conf(5): 5 seconds twice for each server), and nothing
can interrupt it. It runs in a thread, which is left to itself when the time is over. Whoever asks for the same host
meanwhile waits for the same look-up, so that no more threads hang than there are hosts.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from concurrent.futures import Future
from contextlib import suppress
from ipaddress import ip_address
from threading import Lock, Thread
from time import monotonic

from urllib3.connection import HTTPConnection
from urllib3.exceptions import ConnectTimeoutError, NameResolutionError, NewConnectionError
from urllib3.util.connection import allowed_gai_family


class LookupTimeoutError(ConnectTimeoutError):
    """The host was not resolved in the time that there was to connect."""


_lock = Lock()
_lookups: dict[tuple[str, int], Future[list[str]]] = {}
"""Those that go on."""


def addresses(host: str, port: int, seconds: float | None) -> list[str]:
    """The addresses of a host, the best first. Raises TimeoutError after `seconds`; gaierror (an OSError)."""
    if _is_address(host):
        return [host]
    with _lock:
        lookup = _lookups.get((host, port))
        if lookup is None:
            lookup = _lookups[host, port] = Future()
            Thread(target=_look_up, args=(host, port, lookup), name=f"awsit-lookup-{host}", daemon=True).start()
    return lookup.result(seconds)


def _look_up(host: str, port: int, lookup: Future[list[str]]) -> None:
    """Look a host up, and let those who wait for it go on."""
    found: list[str] | Exception
    try:
        infos = socket.getaddrinfo(host, port, allowed_gai_family(), socket.SOCK_STREAM)
        found = list(dict.fromkeys(str(address[0]) for *_, address in infos))
    except Exception as error:  # noqa: BLE001 - raised again by those who wait
        found = error
    with _lock:
        del _lookups[host, port]
    if isinstance(found, Exception):
        lookup.set_exception(found)
    else:
        lookup.set_result(found)


def _is_address(host: str) -> bool:
    try:
        ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return False
    return True


def connect_in_time(
    connection: HTTPConnection,
    name: str,
    connect: Callable[[], socket.socket],
    check: Callable[[str], None] | None = None,
) -> socket.socket:
    """What `connect` makes of a connection, whose look-up of the host counts as part of the time to connect.

    `name` is the host with the dot that it may end in, which `connection.host` leaves out when it is read.

    As in urllib3, each address of the host has all of the time, and the error of the last one is raised. `check` is
    called with each address before any is connected to, and raises for one that is refused; the connection goes to
    these very addresses, so that a second answer of the resolver changes nothing.
    """
    seconds = connection.timeout
    if check is None and (seconds is None or _is_address(name)):
        return connect()
    started = monotonic()
    found = _found(connection, name, seconds)
    if check:
        for address in found:
            check(address)
    if seconds is not None:
        connection.timeout = max(seconds - (monotonic() - started), 0.001)
    try:
        return _first_that_connects(connection, connect, found)
    finally:
        connection.host, connection.timeout = name, seconds  # the Host header and TLS keep the name


def _found(connection: HTTPConnection, name: str, seconds: float | None) -> list[str]:
    try:
        return addresses(name, connection.port, seconds)
    except TimeoutError as error:
        raise LookupTimeoutError(connection, f"{name} was not resolved within {seconds:g} s") from error
    except socket.gaierror as error:
        raise NameResolutionError(name, connection, error) from error


def _first_that_connects(
    connection: HTTPConnection, connect: Callable[[], socket.socket], found: list[str]
) -> socket.socket:
    *others, last = found
    for address in others:
        connection.host = address
        with suppress(NewConnectionError, ConnectTimeoutError):
            return connect()
    connection.host = last
    return connect()

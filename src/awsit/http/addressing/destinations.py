"""Where requests may go: the addresses that are refused, whatever name or spelling led to them.

They are those of link-local networks (RFC 3927; RFC 4291, section 2.5.6), at which EC2, ECS and EKS hand credentials to
whoever asks (EC2 user guide, "Use the Instance Metadata Service"; ECS developer guide, "Task IAM role"), and the APIs
that belong to the process itself, such as Lambda's runtime API.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from urllib.parse import urlsplit

from msgspec import Struct
from urllib3.exceptions import HTTPError

from awsit.http.addressing.proxies import is_excluded

_Address = IPv4Address | IPv6Address

_METADATA = (
    (ip_network("169.254.0.0/16"), "a link-local address, as those that hand out credentials"),
    (ip_network("fe80::/10"), "a link-local address"),
    (ip_network("fd00:ec2::/32"), "an address of the instance's metadata and credentials"),
)
THIS_MACHINE = tuple(map(ip_network, ("127.0.0.0/8", "::1/128", "0.0.0.0/8", "::/128")))
"""Loopback, and the unspecified addresses, which reach it too."""

_TRANSLATED = tuple(map(ip_network, ("::ffff:0:0:0/96", "64:ff9b::/96", "64:ff9b:1::/48", "::/96")))
"""Networks of IPv6 whose last 32 bits are an IPv4 address (RFC 6052, 8215, 4291), but for those that Python knows."""

_OWN_APIS = {
    "AWS_LAMBDA_RUNTIME_API": "the runtime API of this function",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI": "the endpoint of this process's own credentials",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT": "the metadata service of this machine",
}


class RefusedAddress(HTTPError):
    """The host of a request leads to where no request may go; nothing was sent."""


class Destinations(Struct, frozen=True):
    """Where requests may go.

    `allowed` names hosts (each with all below it), addresses and networks that are not refused, as `no_proxy` does;
    `loopback` allows this machine. `own_apis` are refused all the same: what each is, by its host and port.
    """

    allowed: str = ""
    loopback: bool = True
    own_apis: Mapping[tuple[str, int], str] | None = None

    def check(self, host: str, port: int, address: str) -> None:
        """Raise RefusedAddress if a request to `host`, which is at that address, may not be sent."""
        reason = self._refusal(host, port, address)
        if reason:
            leads = "is" if literal(host) else f"leads to {address},"
            raise RefusedAddress(f"{host} {leads} {reason}")

    def check_literal(self, host: str, port: int) -> None:
        """Raise RefusedAddress for a host that is written as such an address; a name is for a proxy to look up."""
        address = literal(host)
        if address is not None:
            self.check(host, port, str(address))

    def _refusal(self, host: str, port: int, address: str) -> str:
        addresses = list(_embedded(ip_address(address.partition("%")[0])))
        own_api = self._own_api(port, addresses)
        if own_api:
            return own_api
        if is_excluded(host, self.allowed) or any(is_excluded(str(each), self.allowed) for each in addresses):
            return ""
        refused = _METADATA if self.loopback else (*_METADATA, *((each, "this machine") for each in THIS_MACHINE))
        reasons = (reason for network, reason in refused for each in addresses if each in network)
        return next(reasons, "")

    def _own_api(self, port: int, addresses: list[_Address]) -> str:
        for (host, own_port), what in (self.own_apis or {}).items():
            own = literal("127.0.0.1" if host == "localhost" else host)
            if port == own_port and own and any(_is_same_place(own, each) for each in addresses):
                return what
        return ""


def own_apis(variables: Mapping[str, str]) -> dict[tuple[str, int], str]:
    """Host and port of the APIs that AWS gives to this process alone, which environment variables name."""
    found = {}
    for name, what in _OWN_APIS.items():
        with suppress(ValueError):
            text = variables.get(name, "")
            parts = urlsplit(text if "://" in text else f"http://{text}")
            if parts.hostname:
                found[parts.hostname, parts.port or 80] = what
    return found


def literal(host: str) -> _Address | None:
    """The address that a host is written as, also in the spellings of inet_aton(3): one number, octal, hexadecimal."""
    bare = host.strip("[]").partition("%")[0]
    with suppress(ValueError):
        return ip_address(bare)
    with suppress(OSError, UnicodeEncodeError):
        return IPv4Address(socket.inet_aton(bare))
    return None


def _is_same_place(one: _Address, other: _Address) -> bool:
    return one == other or (_is_this_machine(one) and _is_this_machine(other))


def _is_this_machine(address: _Address) -> bool:
    return any(address in network for network in THIS_MACHINE)


def _embedded(address: _Address) -> Iterator[_Address]:
    """The address, and the IPv4 addresses that it stands for: mapped, translated, tunnelled."""
    yield address
    if isinstance(address, IPv4Address):
        return
    mapped, sixtofour, teredo = address.ipv4_mapped, address.sixtofour, address.teredo
    yield from (each for each in (mapped, sixtofour, *(teredo or ())) if each is not None)
    if int(address) > 1 and any(address in network for network in _TRANSLATED):
        yield IPv4Address(int(address) & 0xFFFFFFFF)

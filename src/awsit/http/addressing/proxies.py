"""The proxies that environment variables name, and which hosts are reached without: `no_proxy` as curl reads it.

Source: curl's manual, environment variable NO_PROXY (https://curl.se/docs/manpage.html), CIDR notation since 7.86.
`tests/authorities` holds it to curl itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from awsit.patterns import lazy_pattern

_SEPARATORS = lazy_pattern(r"[\s,]+")


def proxies(variables: Mapping[str, str]) -> tuple[str, str, str]:
    """The proxy for HTTP, the one for HTTPS, and the hosts that neither is for; each empty where none is named."""
    http, https, none = (
        variables.get(name) or variables.get(name.upper(), "") for name in ("http_proxy", "https_proxy", "no_proxy")
    )
    return http, https, none


def is_excluded(host: str, no_proxy: str) -> bool:
    """Whether `no_proxy` names the host: `*` alone, a domain with all below it, an address, or a network."""
    if no_proxy.strip() == "*":
        return True
    address = _address(host)
    name = host.rstrip(".").lower()
    entries = filter(None, _SEPARATORS.split(no_proxy))
    if address is not None:
        return any(_holds(entry, address) for entry in entries)
    return any(_is_below(name, entry) for entry in entries)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text.removeprefix("[").removesuffix("]").partition("%")[0])
    except ValueError:
        return None


def _holds(entry: str, address: IPv4Address | IPv6Address) -> bool:
    network, slash, bits = entry.partition("/")
    named = _address(network)
    if named is None or named.version != address.version:
        return False
    if not slash:
        return named == address
    return (
        bits.isdigit() and int(bits) <= named.max_prefixlen and address in ip_network(f"{named}/{bits}", strict=False)
    )


def _is_below(name: str, entry: str) -> bool:
    domain = entry.removeprefix(".").rstrip(".").lower()
    return bool(domain) and (name == domain or name.endswith(f".{domain}"))

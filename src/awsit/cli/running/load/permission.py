"""Whether a load may be sent: beyond a rate a person is asked, unless all of it stays on this machine."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from urllib.parse import urlsplit

import click

from awsit.cli.running.planning import Planner
from awsit.cli.selection.requested_run import WaitingRun
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.errors import UsageError
from awsit.forecast.document import Resource
from awsit.http.addressing.aws_hosts import is_aws_host
from awsit.http.addressing.destinations import THIS_MACHINE, literal
from awsit.load.result import LoadRate
from awsit.reporting.terminal.terminal import plain

ASKED_ABOVE = 20.0
"""Starts a second; a person at a keyboard causes no more."""
_HOST = "host"
_OUTPUT = "<"
"""Begins what stands for an output of a stack that is not read."""


def confirm(session: Session, settings: Settings, runs: Iterable[WaitingRun], load: LoadRate) -> None:
    """Ask whether so many starts a second may be sent to other machines.

    Raises click.Abort when they may not, and UsageError when nobody can answer.
    """
    if load.rate <= ASKED_ABOVE:
        return
    planner = Planner(session, settings, offline=True)
    used = (resource for run in runs for resource in planner.forecast(run).resources)
    others = sorted(set(elsewhere(used, sandbox=settings.sandbox)))
    if not others:
        return
    places = plain(", ".join(others))
    if not sys.stdin.isatty():
        message = f"load asks before it starts {load.rate:g} a second against {places}, and nobody can answer here"
        raise UsageError(message, code="unconfirmed", hint="add --yes if you may do that")
    click.confirm(f"Start it {load.rate:g} times a second against {places}?", abort=True, err=True)


def elsewhere(resources: Iterable[Resource], *, sandbox: bool) -> Iterator[str]:
    """Those that are not, or may not be, on this machine, on which a sandbox is all of AWS."""
    for each in resources:
        is_host = each.kind == _HOST
        is_emulated = sandbox and (not is_host or _is_aws(each.name))
        if not is_emulated and not (is_host and is_this_machine(each.name)):
            yield each.name


def is_this_machine(authority: str) -> bool:
    """Whether a host, with or without a port, is loopback; a template may be anything."""
    host = _host(authority)
    address = literal(host)
    is_loopback = address is not None and any(address in network for network in THIS_MACHINE)
    return host == "localhost" or is_loopback


def _is_aws(authority: str) -> bool:
    """Whether a host, with or without a port, is one of AWS, such as an API of a stack."""
    return authority.startswith(_OUTPUT) or is_aws_host(_host(authority))


def _host(authority: str) -> str:
    """The host without its port; empty for what is none."""
    with suppress(ValueError):
        return urlsplit(f"//{authority}").hostname or ""
    return ""

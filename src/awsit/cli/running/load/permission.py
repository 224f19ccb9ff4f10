"""Whether a load may be sent: beyond a rate a person is asked, unless all of it stays on this machine."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from urllib.parse import urlsplit

import click

from awsit.cli.running.planning import Planner
from awsit.cli.selection.requested_run import WaitingRun
from awsit.cli.session import Session
from awsit.config import Settings
from awsit.errors import UsageError
from awsit.http.addressing.destinations import THIS_MACHINE, literal
from awsit.load.result import LoadRate
from awsit.reporting.terminal.terminal import plain

ASKED_ABOVE = 20.0
"""Starts a second; a person at a keyboard causes no more."""
_HOST = "host"


def confirm(session: Session, settings: Settings, runs: Iterable[WaitingRun], load: LoadRate) -> None:
    """Ask whether so many starts a second may be sent to other machines.

    Raises click.Abort when they may not, and UsageError when nobody can answer.
    """
    if load.rate <= ASKED_ABOVE or settings.sandbox:
        return
    others = sorted({other for run in runs for other in _others(session, settings, run)})
    if not others:
        return
    places = plain(", ".join(others))
    if not sys.stdin.isatty():
        message = f"load asks before it starts {load.rate:g} a second against {places}, and nobody can answer here"
        raise UsageError(message, code="unconfirmed", hint="add --yes if you may do that")
    click.confirm(f"Start it {load.rate:g} times a second against {places}?", abort=True, err=True)


def _others(session: Session, settings: Settings, run: WaitingRun) -> Iterable[str]:
    """What a run works on that is not, or may not be, on this machine."""
    forecast = Planner(session, settings, offline=True).forecast(run)
    return (each.name for each in forecast.resources if each.kind != _HOST or not is_this_machine(each.name))


def is_this_machine(authority: str) -> bool:
    """Whether a host, with or without a port, is loopback; a template may be anything."""
    try:
        host = urlsplit(f"//{authority}").hostname or ""
    except ValueError:
        return False
    address = literal(host)
    is_loopback = address is not None and any(address in network for network in THIS_MACHINE)
    return host == "localhost" or is_loopback

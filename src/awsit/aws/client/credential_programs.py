"""Programs that give credentials (`credential_process`): those that still run when awsit ends are ended with it.

They stay in awsit's process group, so that Ctrl-C reaches them and they can ask a person at the terminal. botocore
waits for them without a limit, in a thread that nothing waits for when awsit is ended, or its time is over.
"""

from __future__ import annotations

import atexit
import subprocess
from collections.abc import Sequence
from typing import Any
from weakref import WeakSet

from botocore.credentials import CredentialProvider, ProcessProvider
from botocore.session import Session

_started: WeakSet[subprocess.Popen[bytes]] = WeakSet()


def with_programs_ended(providers: Sequence[CredentialProvider], session: Session) -> list[CredentialProvider]:
    """The providers of a session; the one of its profile's program ends that, at the latest, when awsit ends."""
    return [_ending(session) if isinstance(each, ProcessProvider) else each for each in providers]


def _ending(session: Session) -> ProcessProvider:
    profile = session.get_config_variable("profile") or "default"
    return ProcessProvider(profile, lambda: session.full_config, popen=_start)


def _start(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(*arguments, **options)  # noqa: S603 - what the profile of the user names
    _started.add(process)
    return process


@atexit.register
def end_programs() -> None:
    """End the programs that still run. What they have started themselves is left to them."""
    for process in [each for each in _started if each.poll() is None]:
        process.terminate()

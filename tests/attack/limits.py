"""A payload in a process of its own, whose CPU time and memory are limited and measured."""

from __future__ import annotations

import json
import os
import resource
import select
import shutil
import signal
import tempfile
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from tests.attack.payload import MAX_MEBIBYTES, MAX_SECONDS, Payload

_KILLED_AFTER_CPU_SECONDS = 20
_KILLED_AFTER_SECONDS = 40
_MOST_MEBIBYTES = 1500
"""What it may allocate before there is no more: no payload fills this machine."""
_SECONDS_OF_IDLE_MACHINE = 0.07
_MEBIBYTE = 1024 * 1024
_KEPT = ("PATH", "LANG", "VIRTUAL_ENV", "TMPDIR")


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a payload ended: why awsit fell, empty when it held; CPU seconds and mebibytes."""

    fell: str
    seconds: float = 0.0
    mebibytes: float = 0.0


def machine_slowness() -> float:
    """How many times longer this machine takes now than an idle one of 2026: it is shared with others."""
    before = time.process_time()
    sum(hash(str(number)) & 1 for number in range(500_000))
    return max(1.0, (time.process_time() - before) / _SECONDS_OF_IDLE_MACHINE)


def strike(payload: Payload, slowness: float = 1.0) -> Outcome:
    """Give the payload to awsit in a child process, in an empty folder that is its home as well."""
    folder = tempfile.mkdtemp(prefix="attack-")
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        _in_child(payload, folder, writer)
    os.close(writer)
    try:
        return _judged(_read(reader, child), payload, MAX_SECONDS * slowness)
    finally:
        os.close(reader)
        shutil.rmtree(folder, ignore_errors=True)


def _in_child(payload: Payload, folder: str, writer: int) -> None:
    try:
        _confine(folder)
        before = _mebibytes("VmRSS")
        try:
            fell = payload.attack()
        except MemoryError:
            fell = f"it took more than {_MOST_MEBIBYTES} MiB"
        except BaseException as error:  # noqa: BLE001 - whatever it is, it fell
            fell = "it raised " + "".join(traceback.format_exception_only(error)).strip()
        usage = resource.getrusage(resource.RUSAGE_SELF)
        seconds = usage.ru_utime + usage.ru_stime
        os.write(writer, json.dumps([fell[:3000], seconds, _mebibytes("VmHWM") - before]).encode())
    finally:
        os._exit(0)


def _confine(folder: str) -> None:
    """An empty folder and environment, no terminal, limits; a payload may not touch what is the user's."""
    os.chdir(folder)
    for name in set(os.environ) - set(_KEPT):
        del os.environ[name]
    os.environ.update(HOME=folder, CI="true", AWS_EC2_METADATA_DISABLED="true")
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in range(3):
        os.dup2(nowhere, stream)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (_KILLED_AFTER_CPU_SECONDS, _KILLED_AFTER_CPU_SECONDS))
    most = int(_mebibytes("VmSize") + _MOST_MEBIBYTES) * _MEBIBYTE
    resource.setrlimit(resource.RLIMIT_AS, (most, most))
    Path("/proc/self/clear_refs").write_text("5")  # the peak of the memory begins here (proc(5))


def _mebibytes(field: str) -> float:
    """A line of /proc/self/status, which counts in KiB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{field}:"))


def _read(reader: int, child: int) -> Outcome:
    parts = []
    ready = select.poll()  # `select.select` knows no descriptor above 1,023
    ready.register(reader, select.POLLIN)
    while ready.poll(_KILLED_AFTER_SECONDS * 1000):
        part = os.read(reader, 65536)
        if not part:
            break
        parts.append(part)
    else:
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if parts:
        return Outcome(*json.loads(b"".join(parts)))
    if os.WIFSIGNALED(status):
        return Outcome(f"it ended by {signal.Signals(os.WTERMSIG(status)).name}, after its limits or a crash")
    return Outcome("it ended the process")


def _judged(outcome: Outcome, payload: Payload, most_seconds: float) -> Outcome:
    if outcome.fell:
        return outcome
    if outcome.seconds > most_seconds:
        return Outcome(f"it took {outcome.seconds:.1f} s of CPU time", outcome.seconds, outcome.mebibytes)
    if outcome.mebibytes - payload.mebibytes > MAX_MEBIBYTES:
        return Outcome(f"it took {outcome.mebibytes:.0f} MiB", outcome.seconds, outcome.mebibytes)
    return outcome

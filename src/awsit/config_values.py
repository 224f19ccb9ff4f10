"""The settings that there are, and how the value of each is read."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from awsit.patterns import lazy_pattern

PREFIX = "AWSIT_"
"""What the names of variables begin with: that of a setting, and those of `VARIABLES`."""
VARIABLES = frozenset({"CONFIG", "STATE_KEY"})
OF_OTHERS = frozenset(
    {"ACTIONS_ROLE", "AWS_DOMAINS", "BUCKET", "METRICS_BY_SCENARIO", "NOTIFICATION_TOPIC", "TABLE"}
    | {"ERRORS", "FAILED", "LEFT_BEHIND", "PACKAGE", "PASSED", "REPORT", "SKIPPED", "SUMMARY", "TOTAL", "VERDICT"}
)
"""Variables of the function in the account, of workflows, and those that a gate reads: no command does."""
_SIMILARITY = 0.8
"""How similar (`difflib`) the name of a variable is to one that it was probably meant to be."""

LOCAL, STEP_FUNCTIONS = "local", "stepfunctions"
ENGINES = (LOCAL, STEP_FUNCTIONS)
LOG_LEVELS = ("debug", "info", "warning", "error")

KINDS = {
    "engine": "text",
    "state_machine_arn": "text",
    "stack": "text",
    "scenarios": "folders",
    "libraries": "places",
    "contract": "file",
    "trace": "flag",
    "ignore": "patterns",
    "region": "text",
    "profile": "text",
    "sandbox": "flag",
    "sandbox_concurrency": "number",
    "enforce_policies": "flag",
    "state_folder": "folder",
    "report_folder": "folder",
    "keep_reports": "number",
    "jobs": "jobs",
    "log_level": "text",
    "evidence": "flag",
    "in_account": "flag",
    "metrics": "flag",
    "ship_logs": "flag",
    "compact": "flag",
    "allow_env": "names",
    "allowed_hosts": "hosts",
    "limits": "limits",
}
"""Every setting and the kind of its value: `text`, `flag`, `folder`, `number`, `folders` and `places`
(one or a list; a place is a file or a folder), `patterns` (one or a list, such as `scenarios/data/*`), `names`,
`limits` (tables of rates), `hosts`
(a list, or one text with commas: an address may hold the colon that parts other lists), `jobs` (a number or `auto`)."""

AUTO, MOST_JOBS = "auto", 100
"""As many runs at once as there are cores, and the most that may be asked for."""

CHOICES = {"engine": ENGINES, "log_level": LOG_LEVELS}
EXPECTED = {
    "text": "text",
    "flag": "true or false",
    "folder": "a folder",
    "file": "a file",
    "folders": "a folder, or a list of folders",
    "places": "a file or a folder, or a list of them",
    "patterns": "a pattern for files, or a list of them",
    "names": "the name of a variable such as DB_PASSWORD, or a list of them",
    "hosts": "a host name, an address or a network such as 169.254.169.254 or 10.0.0.0/8, or a list of them",
    "number": "a whole number, 0 or more",
    "jobs": f"a whole number from 1 to {MOST_JOBS}, or {AUTO}",
    "limits": 'a table of rates for http or dynamodb, such as {http = {"api.example.com" = "100/s"}}',
}
LIMIT_KINDS = ("http", "dynamodb")
LISTS = ("folders", "places", "patterns", "names")
VARIABLE_NAME = r"^[^\s,=$*]+$"
_HOST = lazy_pattern(r"[A-Za-z0-9_.-]+")
TRUE_WORDS, FALSE_WORDS = ("1", "true", "yes", "on"), ("0", "false", "no", "off")


def setting_value(name: str, raw: object, folder: Path) -> Any:
    """The value of a setting, converted to its kind. Raises ValueError with a message for people."""
    kind = KINDS[name]
    if kind in PLAIN_KINDS:
        return PLAIN_KINDS[kind](raw)
    if kind in {"patterns", "names"}:
        read = _pattern if kind == "patterns" else _name
        return tuple(map(read, raw if isinstance(raw, list | tuple) else (raw,)))
    if kind in LISTS and isinstance(raw, list | tuple):
        return tuple(path_value(item, folder, kind) for item in raw)
    if kind in LISTS:
        return (path_value(raw, folder, kind),)
    if kind in {"folder", "file"}:
        return path_value(raw, folder, kind)
    return _text(name, raw)


def _unexpected(raw: object, kind: str) -> ValueError:
    """The one error for all bad values, whether their type is wrong or what they say."""
    return ValueError(f"{raw!r} is not {EXPECTED[kind]}")


def _text(name: str, raw: object) -> str:
    if not isinstance(raw, str):
        raise _unexpected(raw, "text")
    choices = CHOICES.get(name)
    if choices and raw not in choices:
        raise ValueError(f"{raw!r} is not one of {', '.join(choices)}")
    if raw.encode(errors="ignore").decode() != raw:  # Python has bytes that are no UTF-8 as halves of surrogate pairs
        raise ValueError(f"{raw!r} is not in UTF-8")
    return raw


def _flag(raw: object) -> bool:
    if isinstance(raw, bool):
        return raw
    word = raw.lower() if isinstance(raw, str) else ""
    if word not in TRUE_WORDS + FALSE_WORDS:
        raise _unexpected(raw, "flag")
    return word in TRUE_WORDS


def _number(raw: object) -> int:
    number = int(raw) if isinstance(raw, str) and raw.isdecimal() else raw
    if isinstance(number, bool) or not isinstance(number, int) or number < 0:
        raise _unexpected(raw, "number")
    return number


def _jobs(raw: object) -> int | str:
    """How many runs go on at once, or `auto`."""
    if raw == AUTO:
        return AUTO
    number = int(raw) if isinstance(raw, str) and raw.isdecimal() else raw
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= MOST_JOBS:
        raise _unexpected(raw, "jobs")
    return number


def usable_cores() -> int:
    """The cores that this process may run on, such as with `taskset` or in a container with a set of them."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _hosts(raw: object) -> tuple[str, ...]:
    entries = re.split(r"[\s,]+", raw.strip()) if isinstance(raw, str) else raw
    if not isinstance(entries, list | tuple):
        raise _unexpected(raw, "hosts")
    return tuple(map(_host, entries))


def _host(raw: object) -> str:
    """One host or network; a URL, or a network that no address is in, would allow nothing."""
    name = raw if isinstance(raw, str) else ""
    is_network = "/" in name or ":" in name
    if not (_is_network(name) if is_network else _HOST.fullmatch(name)):
        raise _unexpected(raw, "hosts")
    return name


def _is_network(text: str) -> bool:
    from ipaddress import ip_network  # few configurations name one

    try:
        ip_network(text, strict=False)
    except ValueError:
        return False
    return True


def _limits(raw: object) -> Mapping[str, Mapping[str, object]]:
    """Rates of requests, as they are written, by kind and by the name of the host or table."""
    from awsit.quotas.rates import per_second  # few configurations name one

    if not isinstance(raw, Mapping) or not all(isinstance(rates, Mapping) for rates in raw.values()):
        raise _unexpected(raw, "limits")
    if unknown := [kind for kind in raw if kind not in LIMIT_KINDS]:
        raise ValueError(f"there is no limit of {unknown[0]!r}; it is of {' or '.join(LIMIT_KINDS)}")
    for name, rate in ((name, rate) for rates in raw.values() for name, rate in rates.items()):
        try:
            per_second(rate)
        except ValueError as error:
            raise ValueError(f"{rate!r} for {name!r} is not {error}") from None
    return raw


PLAIN_KINDS: Mapping[str, Callable[[object], Any]] = {
    "flag": _flag,
    "number": _number,
    "jobs": _jobs,
    "hosts": _hosts,
    "limits": _limits,
}
"""How values are read that need nothing but themselves."""


def _pattern(raw: object) -> str:
    if not isinstance(raw, str) or not raw:
        raise _unexpected(raw, "patterns")
    return raw.removeprefix("./")


def _name(raw: object) -> str:
    """The name of a variable; `A,B`, `A=1`, `$A` or `*` would allow nothing."""
    if not isinstance(raw, str) or not re.fullmatch(VARIABLE_NAME, raw):
        raise _unexpected(raw, "names")
    return raw


def path_value(raw: object, folder: Path, kind: str = "file") -> Path:
    """A path that is seen from `folder`, of a file or another kind. Raises ValueError with a message for people."""
    if not isinstance(raw, str | Path) or not str(raw):
        raise _unexpected(raw, kind)
    try:
        return folder / Path(raw).expanduser()
    except RuntimeError:
        raise ValueError(f"{str(raw)!r} begins with a user that this machine does not have") from None


def misspelt(variables: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The variables that are spelt nearly as one of awsit, each with that one. Others may be anybody's own."""
    known = {name.upper() for name in KINDS} | VARIABLES
    words = [name.removeprefix(PREFIX) for name in variables if name.startswith(PREFIX)]
    for word in words:
        if word in known | OF_OTHERS:
            continue
        from difflib import get_close_matches  # slow to import, and needed for what is misspelt only

        for near in get_close_matches(word, sorted(known), 1, _SIMILARITY):
            yield PREFIX + word, PREFIX + near

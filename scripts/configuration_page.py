"""The page of settings: the tables by which `awsit.toml` and the variables are read."""

import re
from collections.abc import Mapping
from pathlib import Path

from msgspec.structs import asdict

from awsit.config import PREFIX, load
from awsit.config_schema import DESCRIPTIONS
from awsit.config_values import CHOICES, EXPECTED, KINDS
from property_tables import cell

SOURCES = Path(__file__).parents[1] / "src" / "awsit"
OF_OTHERS = ("lambdas", "reporting", "sandbox", "actions_role.py", "drafts", "init.py")
"""Where variables are named that a user does not set: those of the function, of reports and of CI."""
ONLY_IN_THE_FILE = ("limits",)
"""The kinds of settings that no variable can hold."""
INTRODUCTION = """
# Settings

A setting comes from the first of these that has it:

1. an option of the command, such as `--stack`;
2. a variable of the environment, such as `AWSIT_STACK`;
3. the file `awsit.toml`: the nearest one, from the folder of the scenarios upwards; `--config FILE` names another;
4. the default.

A target is a stack, a state machine or the sandbox. The first one hides those after it: with `--sandbox`, a `stack` in
`awsit.toml` means nothing. With a target the engine is `stepfunctions`, without one it is `local`; `--engine` chooses.

A list in a variable has `:` between its parts (`;` on Windows); hosts have commas. Paths in `awsit.toml` begin at its
folder. `awsit schema config` prints the JSON Schema of the file. A variable that is spelt nearly as one of these is
told with it.

| in `awsit.toml` | variable | value | default | |
|---|---|---|---|---|
"""
OTHERS: Mapping[str, str] = {
    "AWSIT_CONFIG": "The configuration file, in place of the nearest `awsit.toml`.",
    "AWSIT_STATE_KEY": "The secret by which this user's journals are marked: at least 32 characters. Default: a file "
    "of yours ([security](../operate/local_security.md#the-state-folder-of-a-repository)).",
}
STANDARD = """
These are read as other programs read them: `AWS_PROFILE`, `AWS_REGION` and the other variables of the AWS SDK,
`HTTP_PROXY`, `HTTPS_PROXY`, `NO_PROXY`, `NO_COLOR`, `CI`, `TERM`, `XDG_CONFIG_HOME`, `XDG_CACHE_HOME` and
`XDG_STATE_HOME`.

A variable `{{ env.NAME }}` of a scenario is not a setting: the scenario reads it when the run begins.
"""


def configuration_page() -> str:
    """The text of the page. Fails when the code reads a variable that the page does not have."""
    named = set(re.findall(rf'"({PREFIX}[A-Z_]+)"', "".join(map(_text, SOURCES.rglob("*.py")))))
    if stray := named - OTHERS.keys() - set(map(_variable, KINDS)):
        raise SystemExit(f"scripts/configuration_page.py: nothing is said of {', '.join(sorted(stray))}")
    others = [f"| `{name}` | {text} |" for name, text in OTHERS.items()]
    return INTRODUCTION + "\n".join(
        [*map(_row, KINDS), "", "## Other variables", "", "| variable | |", "|---|---|", *others, STANDARD]
    )


def _text(path: Path) -> str:
    skipped = any(part in OF_OTHERS for part in path.relative_to(SOURCES).parts)
    return "" if skipped else path.read_text(encoding="utf-8")


def _variable(name: str) -> str:
    return PREFIX + name.upper()


def _row(name: str) -> str:
    value = ", ".join(f"`{choice}`" for choice in CHOICES[name]) if name in CHOICES else EXPECTED[KINDS[name]]
    variable = "" if KINDS[name] in ONLY_IN_THE_FILE else f"`{_variable(name)}`"
    cells = (f"`{name}`", variable, value, _default(asdict(load({}, {}, Path()))[name]), DESCRIPTIONS[name])
    return f"| {' | '.join(map(cell, cells))} |"


def _default(value: object) -> str:
    """What the setting is in a project that says nothing; empty where that is nothing, or depends on the command."""
    if isinstance(value, tuple):
        return ", ".join(map(_default, value))
    text = str(value).lower() if isinstance(value, bool) else str(value or "")
    return f"`{text}`" if text else ""

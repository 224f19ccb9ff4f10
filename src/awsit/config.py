"""The configuration: flag > environment > `awsit.toml` > default. Only this module reads the process's environment."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec import Struct, field

from awsit.config_places import position_of, value_position
from awsit.config_sandbox import TABLE, SandboxTemplate, TomlText, flag_beside_templates, read_table
from awsit.config_values import KINDS, LISTS, LOCAL, MOST_JOBS, PREFIX, STEP_FUNCTIONS, setting_value, usable_cores
from awsit.errors import InvalidInputError, NotFoundError, Position, Problem, UsageError
from awsit.system.files import read_regular

FILE_NAME = "awsit.toml"
MAX_FILE_BYTES = 1024 * 1024
DEFAULT_STACK = "awsit"
KEEP_REPORTS = 1000
SANDBOX_CONCURRENCY = 16
LIBRARIES = "libraries"
SCENARIOS = "scenarios"
STATE = "state_folder"


_ROOT = 0


class Settings(Struct, frozen=True):
    """The settings of one command.

    Files and folders are absolute; `file` is the `awsit.toml` that was read, if any. `in_account` is None where the
    number of scenarios decides, as is `compact`: then several runs of one command are.
    `origins` tells for each setting that was given where it came from, such as `--stack` or `awsit.toml`.
    """

    root: Path
    scenarios: tuple[Path, ...]
    state_folder: Path
    report_folder: Path
    libraries: tuple[Path, ...] = ()
    contract: Path | None = None
    trace: bool = True
    ignore: tuple[str, ...] = ()
    engine: str = LOCAL
    state_machine_arn: str = ""
    stack: str = ""
    region: str = ""
    profile: str = ""
    sandbox: bool = False
    sandbox_concurrency: int = SANDBOX_CONCURRENCY
    sandbox_templates: tuple[SandboxTemplate, ...] = ()
    enforce_policies: bool = False
    log_level: str = "debug"
    keep_reports: int = KEEP_REPORTS
    jobs: int | str | None = None
    evidence: bool = True
    in_account: bool | None = None
    metrics: bool = False
    ship_logs: bool = False
    compact: bool | None = None
    allow_env: tuple[str, ...] = ()
    allowed_hosts: tuple[str, ...] = ()
    limits: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    file: Path | None = None
    origins: Mapping[str, str] = field(default_factory=dict)

    @property
    def stack_name(self) -> str:
        """The stack to work with: the one that was given, else `awsit`."""
        return self.stack or DEFAULT_STACK

    @property
    def jobs_here(self) -> int:
        """How many runs go on at once where this process starts them; `auto` is one for each core that it may use."""
        return min(usable_cores(), MOST_JOBS) if isinstance(self.jobs, str) else self.jobs or 1

    @property
    def uses_step_functions(self) -> bool:
        """Whether runs are executions of a state machine, in an account or in the sandbox."""
        return self.engine == STEP_FUNCTIONS

    @property
    def given_by_flags(self) -> frozenset[str]:
        """The settings that a later command has only if the same flags are given to it."""
        return frozenset(name for name, origin in self.origins.items() if origin.startswith("--"))


class Layer(Struct, frozen=True):
    """The settings from one place: flags, variables or the file. `origins` names the place of each for people."""

    values: Mapping[str, Any]
    origins: Mapping[str, str]


def environment() -> Mapping[str, str]:
    """The process's environment."""
    return os.environ  # noqa: TID251 - this module owns it


def replace_aws_variables(variables: Mapping[str, str]) -> None:
    """Replace all `AWS_*` variables of this process, which all of its AWS clients follow."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:  # noqa: TID251 - this module owns it
        del os.environ[name]  # noqa: TID251
    os.environ.update(variables)  # noqa: TID251


def load(
    flags: Mapping[str, Any],
    variables: Mapping[str, str],
    folder: Path,
    file: Path | None = None,
    *,
    tolerant: bool = False,
) -> Settings:
    """The settings for a command in `folder`; a flag that is None was not given.

    If `tolerant`, no more than `state_folder` is read from a file that is not valid. Raises UsageError for a flag,
    InvalidInputError for a variable or the file, NotFoundError for a `file` that is named and does not exist.
    """
    path = _named(file) if file else find_file(folder)
    root = path.parent if path else folder
    layers = [_flags(flags, folder), _variables(variables, folder)]
    if path:
        layers.append(_tolerated(path) if tolerant else _file(path))
    return _settings(_merge(layers), root, path)


def find_file(folder: Path) -> Path | None:
    """The `awsit.toml` of `folder` or of the nearest folder above it; None when that is another user's."""
    path = _nearest_file(folder)
    return None if path is None or _is_foreign(path, folder) else path


def foreign_file(folder: Path) -> Path | None:
    """The `awsit.toml` above `folder` that is not obeyed, for another user wrote it."""
    path = _nearest_file(folder)
    return path if path and _is_foreign(path, folder) else None


def _nearest_file(folder: Path) -> Path | None:
    candidates = (parent / FILE_NAME for parent in (folder, *folder.parents))
    return next((path for path in candidates if path.is_file()), None)


def _is_foreign(path: Path, folder: Path) -> bool:
    """Whether a file above `folder` belongs neither to this user nor to the folder's owner nor to root, as in /tmp.

    A container may run as another user than the one who owns the whole working copy.
    """
    if path.parent == folder or os.name != "posix":
        return False
    return path.stat().st_uid not in {_ROOT, os.getuid(), folder.stat().st_uid}


def _named(file: Path) -> Path:
    if not file.is_file():
        raise NotFoundError(f"there is no configuration file {file}", hint="check --config and AWSIT_CONFIG")
    return file.absolute()


def _flags(flags: Mapping[str, Any], folder: Path) -> Layer:
    present = {name: value for name, value in flags.items() if value is not None and name in KINDS}
    origins = {name: "--" + name.replace("_", "-") for name in present}
    values = {}
    for name, value in present.items():
        try:
            values[name] = setting_value(name, value, folder)
        except ValueError as error:
            raise UsageError(f"{origins[name]}: {error}", hint="see awsit --help") from None
    return Layer(values, origins)


def _variables(variables: Mapping[str, str], folder: Path) -> Layer:
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for name, kind in KINDS.items():
        variable = PREFIX + name.upper()
        text = variables.get(variable, "")
        if not text:
            continue
        raw: object = text.split(os.pathsep) if kind in LISTS else text
        try:
            values[name] = setting_value(name, raw, folder)
        except ValueError as error:
            raise InvalidInputError(f"{variable}: {error}", hint=f"set {variable} to another value") from None
        origins[name] = variable
    return Layer(values, origins)


def _text(path: Path) -> str:
    try:
        return read_regular(path, MAX_FILE_BYTES).decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise InvalidInputError(f"{path} cannot be read: {error.strerror}", hint="check the file") from error


def _tolerated(path: Path) -> Layer:
    """The file; if it is not valid, the folder for state alone, from a line that is TOML by itself."""
    import tomllib  # only a project with a configuration file pays for it

    try:
        return _file(path)
    except InvalidInputError:
        values: dict[str, Any] = {}
        for line in _text(path).splitlines():
            with suppress(KeyError, ValueError):
                values.setdefault(STATE, setting_value(STATE, tomllib.loads(line)[STATE], path.parent))
        return Layer(values, dict.fromkeys(values, FILE_NAME))


def _file(path: Path) -> Layer:
    text = _text(path)
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    settings = _toml(path, text)
    if isinstance(table := settings.get(TABLE), dict):
        del settings[TABLE]
        source = TomlText(path, text, position_of(TABLE, path, text))
        values, problems = read_table(table, source, str(settings.get("stack") or DEFAULT_STACK))
    for name, raw in settings.items():
        if name not in KINDS:
            problems.append(_unknown(name, path, text))
            continue
        try:
            values[name] = setting_value(name, raw, path.parent)
        except ValueError as error:
            problems.append(Problem("bad_value", f"{name}: {error}", name, position=value_position(name, path, text)))
    if problems:
        raise InvalidInputError(f"{FILE_NAME} is not valid", tuple(problems), code="invalid_configuration")
    return Layer(values, dict.fromkeys(values, FILE_NAME))


def _toml(path: Path, text: str) -> dict[str, Any]:
    import tomllib  # only a project with a configuration file pays for it

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message, place = _toml_error(str(error), text)
        message += flag_beside_templates(text)
        problem = Problem("not_toml", message, hint=_toml_hint(text, place), position=Position(str(path), *place))
        raise InvalidInputError(f"{FILE_NAME} is not TOML", (problem,), code="invalid_configuration") from None


def _toml_error(message: str, text: str) -> tuple[str, tuple[int, int]]:
    match = re.fullmatch(r"(.*) \(at (?:line (\d+), column (\d+)|end of document)\)", message)
    if match and match[2]:
        return match[1], (int(match[2]), int(match[3]))
    lines = text.splitlines() or [""]
    return (match[1] if match else message), (len(lines), len(lines[-1]) + 1)


def _toml_hint(text: str, place: tuple[int, int]) -> str:
    line, column = place
    lines = text.splitlines() or [""]
    if "\0" in text:
        return "save it as UTF-8"
    before, rest = lines[line - 1][: column - 1], lines[line - 1][column - 1 :]
    return "put text into quotes" if before.rstrip().endswith("=") and rest[:1].isalpha() else ""


def _unknown(name: str, path: Path, text: str) -> Problem:
    from awsit.suggestions import suggestion  # only for an error

    message = f"there is no setting `{name}`{suggestion(name, KINDS)}"
    return Problem("unknown_key", message, name, position=position_of(name, path, text))


def _merge(layers: list[Layer]) -> Layer:
    """The first layer that has a setting wins; a target (state machine, stack, sandbox) hides those in later layers."""
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for layer in layers:
        targeted = values.get("state_machine_arn") or values.get("stack") or values.get("sandbox")
        for name, value in layer.values.items():
            overruled = targeted and name in {"state_machine_arn", "stack", "sandbox", "engine"}
            if name not in values and not overruled:
                values[name], origins[name] = value, layer.origins[name]
    return Layer(values, origins)


def _settings(layer: Layer, root: Path, file: Path | None) -> Settings:
    values = dict(layer.values)
    state_folder = values.setdefault(STATE, root / ".awsit")
    values.setdefault("report_folder", state_folder / "reports")
    values.setdefault("scenarios", (root / SCENARIOS, root))
    values.setdefault("libraries", (root / LIBRARIES,) if (root / LIBRARIES).is_dir() else ())
    remote = values.get("state_machine_arn") or values.get("stack") or values.get("sandbox")
    values.setdefault("engine", STEP_FUNCTIONS if remote else LOCAL)
    return Settings(root=root, file=file, origins=layer.origins, **values)

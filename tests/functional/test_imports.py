"""What the code imports is installed with it: a tool of this project may not be the reason that it works."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, packages_distributions, requires
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from awsit.sandbox.server import NEEDED_MODULES

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
BESIDE = ["pytest", "certifi"]
"""Whoever uses the plugin has pytest; certifi's certificates are taken where there are any."""
IN_LAMBDA = {"snapshot_restore_py"}
"""Part of Lambda's Python (AWS Lambda developer guide, "Lambda SnapStart runtime hooks for Python")."""


def imported(file: Path) -> set[str]:
    """The top-level modules that a file imports when it runs: those for the type checker only are left out."""
    names: set[str] = set()
    waiting: list[ast.AST] = [ast.parse(file.read_text(encoding="utf-8"))]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import):
            names.update(each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
        elif isinstance(node, ast.stmt | ast.Module | ast.ExceptHandler | ast.match_case):
            is_for_types = isinstance(node, ast.If) and getattr(node.test, "id", "") == "TYPE_CHECKING"
            waiting.extend([] if is_for_types else ast.iter_child_nodes(node))
    return {name.split(".")[0] for name in names}


def installed_with(names: list[str]) -> set[str]:
    """The distributions that pip installs for these, and for what they need."""
    found: set[str] = set()
    waiting = [Requirement(name) for name in names]
    while waiting:
        requirement = waiting.pop()
        name = canonicalize_name(requirement.name)
        if name not in found:
            found.add(name)
            waiting.extend(needed_by(requirement))
    return found


def needed_by(requirement: Requirement) -> Iterator[Requirement]:
    try:
        needed = [Requirement(line) for line in requires(requirement.name) or ()]
    except PackageNotFoundError:  # for another Python or system
        return
    extras = [*requirement.extras, ""]
    for each in needed:
        if each.marker is None or any(each.marker.evaluate({"extra": extra}) for extra in extras):
            yield each


def test_the_code_imports_only_what_is_installed_with_it() -> None:
    extras = [name for names in PROJECT["optional-dependencies"].values() for name in names]
    installed = installed_with([*PROJECT["dependencies"], *extras, *BESIDE])
    distributions = packages_distributions()
    files = sorted((ROOT / "src").rglob("*.py"))
    foreign = {
        f"{file.relative_to(ROOT)}: {name}"
        for file in files
        for name in imported(file) - sys.stdlib_module_names - {"awsit"} - IN_LAMBDA
        if not {canonicalize_name(each) for each in distributions.get(name, ())} & installed
    }
    assert files
    assert foreign == set()


def test_the_extra_brings_what_the_sandbox_needs() -> None:
    """The emulator goes on without `cryptography`, and then makes no keys and signs no tokens."""
    installed = installed_with([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["sandbox"]])
    distributions = packages_distributions()
    needed = {canonicalize_name(name) for module in NEEDED_MODULES for name in distributions[module]}
    assert "cryptography" in needed
    assert needed <= installed

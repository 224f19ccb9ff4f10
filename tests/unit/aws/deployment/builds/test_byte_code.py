"""The byte code of what a start imports: Python itself says whether it has anything left to compile."""

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

import awsit
from awsit.aws.deployment import package
from awsit.aws.deployment.builds import archive
from awsit.aws.deployment.builds import byte_code as byte_code_module
from awsit.aws.deployment.builds.archive import ArchiveMember
from awsit.aws.deployment.builds.byte_code import byte_code, imported
from awsit.errors import EnvironmentFailure

HERE = f"{sys.version_info[0]}.{sys.version_info[1]}"
START = """
import json, sys
compiled = []
sys.addaudithook(lambda event, args: compiled.append(str(args[1])) if event == "compile" else None)
sys.path.insert(0, sys.argv[1])
import awsit.lambdas.atomic_invoker as handler, awsit.lambdas.mocks
assert handler.__file__.startswith(sys.argv[1]), handler.__file__
print(json.dumps([name for name in compiled if name.startswith(sys.argv[1])]))
"""
"""Imports the handlers from a folder, and prints the files there that had to be compiled."""

FILES = {
    "app/__init__.py": "",
    "app/handler.py": """
        from typing import TYPE_CHECKING
        import typing, app.used, missing
        from . import near
        from .deep.er import value
        from app.deep import named
        try:
            import fast
        except ImportError:
            fast = None
        if TYPE_CHECKING:
            import app.types
        if typing.TYPE_CHECKING:
            import app.types
        class Kept:
            import in_class
        def later():
            import app.later
    """,
    **dict.fromkeys(
        ("app/used.py", "app/near.py", "app/deep/__init__.py", "app/deep/named.py", "fast.py", "in_class.py"), ""
    ),
    "app/deep/er.py": "from .. import above\nvalue = 1",
    "app/above.py": "",
    **dict.fromkeys(("app/types.py", "app/later.py", "app/deep/other.py", "other.py", "missing.txt"), ""),
}


@pytest.fixture
def files(tmp_path: Path) -> dict[str, ArchiveMember]:
    made = {}
    for name, text in FILES.items():
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(line.removeprefix(" " * 8) for line in text.splitlines()), encoding="utf-8")
        made[name] = ArchiveMember(name, file)
    return made


def test_what_a_start_imports_are_the_modules_of_its_statements(files: dict[str, ArchiveMember]) -> None:
    assert imported(files, ["app.handler"]) == [
        "app/__init__.py",
        "app/above.py",
        "app/deep/__init__.py",
        "app/deep/er.py",
        "app/deep/named.py",
        "app/handler.py",
        "app/near.py",
        "app/used.py",
        "fast.py",
        "in_class.py",
    ]


def test_a_worker_compiles_nothing_when_it_starts(tmp_path: Path) -> None:
    own = list(archive.members(Path(awsit.__file__).parent, "awsit"))
    compiled = byte_code(HERE, package.START)
    assert compiled
    made = tmp_path / "made"
    made.mkdir()
    byte_codes = list(compiled.members({each.name: each for each in own}, made))
    for with_byte_code in (False, True):
        code = tmp_path / f"code-{with_byte_code}"
        for member in [*own, *(byte_codes if with_byte_code else ())]:
            (code / member.name).parent.mkdir(parents=True, exist_ok=True)
            (code / member.name).write_bytes(member.file.read_bytes())
        done = subprocess.run(
            [sys.executable, "-B", "-c", START, str(code)], capture_output=True, text=True, check=True
        )
        left = json.loads(done.stdout)
        assert (left == []) is with_byte_code, left
    assert len(byte_codes) < len([each for each in own if each.name.endswith(".py")]) / 2


def test_the_same_source_gives_the_same_byte_code(files: dict[str, ArchiveMember], tmp_path: Path) -> None:
    compiled = byte_code(HERE, ("app.handler",))
    assert compiled
    found = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        members = list(compiled.members(files, tmp_path / name))
        found.append({each.name: each.file.read_bytes() for each in members})
    assert found[0] == found[1]
    assert f"app/deep/__pycache__/er.{sys.implementation.cache_tag}.pyc" in found[0]
    assert f"__pycache__/fast.{sys.implementation.cache_tag}.pyc" in found[0]


@pytest.mark.parametrize(
    ("program", "is_used"),
    [
        ("echo cpython-399 0a0b0c0d", True),
        ("echo pypy-399 0a0b0c0d", False),
        ("echo no such version >&2; exit 127", False),
        ("exit 0", False),
    ],
)
def test_a_python_of_the_version_is_used_if_it_is_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, is_used: bool
) -> None:
    python = tmp_path / "python3.99"
    python.write_text(f"#!/bin/sh\n{program}\n", encoding="utf-8")
    python.chmod(python.stat().st_mode | stat.S_IXUSR)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    found = byte_code("3.99", ())
    assert (found is not None) is is_used
    assert found is None or (found.python, found.version) == (str(python), "0a0b0c0d")


def test_what_cannot_be_compiled_has_no_byte_code_and_hinders_nothing(
    files: dict[str, ArchiveMember], tmp_path: Path
) -> None:
    """Such as a file that is for a newer Python than the one that runs awsit, or the function's."""
    files["app/used.py"].file.write_text("import other\nmatch = = 1\n", encoding="utf-8")
    compiled = byte_code(HERE, ("app.handler",))
    assert compiled
    names = {each.name for each in compiled.members(files, tmp_path)}
    assert f"app/__pycache__/near.{sys.implementation.cache_tag}.pyc" in names
    assert not [name for name in names if "used" in name or "other" in name]


def test_a_python_that_fails_half_way_is_told(files: dict[str, ArchiveMember]) -> None:
    compiled = byte_code(HERE, ("app.handler",))
    assert compiled
    with pytest.raises(EnvironmentFailure, match=r"could not compile the function's code: .*Error") as caught:
        list(compiled.members(files, files["app/near.py"].file / "below a file"))
    assert "the space on the disk" in caught.value.hint


def test_a_python_that_does_not_answer_holds_nothing_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    python = tmp_path / "python3.99"
    python.write_text("#!/bin/sh\nsleep 60\n", encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setattr(byte_code_module, "_MOST_SECONDS", 0.2)
    assert byte_code("3.99", ()) is None


def test_without_a_python_of_the_version_there_is_no_byte_code() -> None:
    assert byte_code("3.98", ()) is None

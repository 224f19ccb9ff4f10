"""Small wheels for tests, made on the spot (PyPA, "Binary distribution format"), and a pip that sees nothing else."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest


def make_wheel(folder: Path, name: str, version: str = "1.0", tag: str = "py3-none-any", **metadata: str) -> Path:
    """A wheel of the module `name` with a constant `VERSION`; `metadata` has further fields, as `Requires_Dist`."""
    folder.mkdir(parents=True, exist_ok=True)
    wheel = folder / f"{name}-{version}-{tag}.whl"
    info = f"{name}-{version}.dist-info"
    fields = {"Metadata-Version": "2.1", "Name": name, "Version": version}
    fields |= {key.replace("_", "-"): value for key, value in metadata.items()}
    files = {
        f"{name}/__init__.py": f"VERSION = {version!r}\n",
        f"{info}/METADATA": "".join(f"{key}: {value}\n" for key, value in fields.items()),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: {tag}\n",
    }
    record = "".join(f"{path},,\n" for path in [*files, f"{info}/RECORD"])
    with zipfile.ZipFile(wheel, "w") as archive:
        for path, text in {**files, f"{info}/RECORD": record}.items():
            archive.writestr(path, text)
    return wheel


def pip_settings(folder: Path) -> dict[str, str]:
    """The environment in which pip finds the wheels of the folder and nothing else."""
    return {
        "PIP_CONFIG_FILE": "/dev/null",
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(folder),
        "PIP_EXTRA_INDEX_URL": "",
    }


@pytest.fixture
def wheels(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that pip takes wheels from, and from nowhere else."""
    for name, value in pip_settings(tmp_path / "wheels").items():
        monkeypatch.setenv(name, value)
    return tmp_path / "wheels"

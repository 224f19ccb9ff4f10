import subprocess

import pytest
from tests.wheels import make_wheel, wheels  # noqa: F401 - a fixture is used by its name

from awsit.aws.deployment.builds import pip
from awsit.aws.deployment.builds.pip import Platform
from awsit.errors import EnvironmentFailure


def test_wheels_are_installed_for_another_platform(wheels, tmp_path):  # noqa: F811
    make_wheel(wheels, "fast", tag="cp312-cp312-manylinux_2_34_aarch64")
    make_wheel(wheels, "fast", "0.9", tag="py3-none-any")

    assert pip.install(["fast"], tmp_path / "site", Platform("3.12", "arm64")) == ""
    assert (tmp_path / "site" / "fast" / "__init__.py").read_text() == "VERSION = '1.0'\n"


@pytest.mark.parametrize(("python", "glibc"), [("3.11", "2_26"), ("3.12", "2_34"), ("3.14", "2_34")])
def test_the_newest_wheels_are_those_of_the_runtime_s_linux(python, glibc):
    options = Platform(python, "x86_64").options

    assert options[:2] == ["--platform", f"manylinux_{glibc}_x86_64"]
    assert "manylinux2014_x86_64" in options
    assert options[-2:] == ["--python-version", python]


def test_what_pip_says_is_handed_back(wheels, tmp_path):  # noqa: F811
    error = pip.install(["absent"], tmp_path / "site", None)

    assert pip.last_error(error) == "ERROR: No matching distribution found for absent"


def test_without_pip_it_says_how_to_get_it(monkeypatch, tmp_path):
    done = subprocess.CompletedProcess([], 1, "", "/usr/bin/python: No module named pip\n")
    monkeypatch.setattr(pip.subprocess, "run", lambda *_, **__: done)

    with pytest.raises(EnvironmentFailure, match="pip is not installed beside awsit") as caught:
        pip.install(["x"], tmp_path, None)

    assert "ensurepip" in caught.value.hint

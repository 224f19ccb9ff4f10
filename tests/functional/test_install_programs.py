"""`scripts/install_programs.sh` and the last line of `make test`, with an apt-get that only notes what it is asked."""

import subprocess
from pathlib import Path

import pytest
from tests.authorities.programs import not_installed
from tests.not_tested import NotTested

SCRIPT = Path(__file__).parents[2] / "scripts" / "install_programs.sh"
NEEDED = ("bash", "tail", "env")


@pytest.fixture
def machine(tmp_path):
    """Run the script on a machine that has these programs, as this user; what it says, and what apt-get was asked."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in NEEDED:
        (folder / name).symlink_to(next(path for path in (Path("/bin", name), Path("/usr/bin", name)) if path.exists()))

    def program(name, text="exit 0"):
        (folder / name).write_text(f"#!/bin/sh\n{text}\n")
        (folder / name).chmod(0o755)

    def run(*programs, user=0, apt_get='[ "$2" = update ]'):
        program("id", f"echo {user}")
        program("apt-get", f'echo "$@" >> {tmp_path}/asked\n{apt_get} || {{ echo "E: no such package"; exit 100; }}')
        for name in programs:
            program(name)
        done = subprocess.run([SCRIPT], env={"PATH": str(folder)}, capture_output=True, text=True, check=True)
        asked = tmp_path / "asked"
        return done.stdout + done.stderr, asked.read_text() if asked.exists() else ""

    return run


def test_where_nothing_is_missing_nothing_is_done(machine):
    assert machine("curl", "google-chrome") == ("", "")


def test_root_has_installed_what_is_missing(machine):
    said, asked = machine("curl", apt_get="true")
    assert said == "Installing for the tests: chromium\n"
    assert asked.splitlines()[-1] == "-qq install --yes --no-install-recommends fonts-dejavu-core chromium"


def test_where_it_fails_a_line_says_so_and_the_tests_go_on(machine):
    said, _ = machine("chromium")
    assert said.splitlines()[1:] == [
        "curl is not installed: apt-get says: E: no such package. The tests that need it are not run."
    ]


def test_who_is_not_root_changes_nothing(machine):
    said, asked = machine("chromium", user=1000)
    assert said.startswith("curl is not installed: only root can do that here")
    assert asked == ""


def test_the_last_line_counts_what_was_not_tested(capsys):
    counted = NotTested()
    for reason in [not_installed("chromium"), not_installed("chromium"), not_installed("curl"), "needs Linux's /proc"]:
        place = ("test_page.py", 1, f"Skipped: {reason}")
        counted.pytest_runtest_logreport(pytest.TestReport("a", ("a", 1, "a"), {}, "skipped", place, "call"))
    counted.pytest_unconfigure()
    counts = "2 tests without chromium, 1 test without curl"
    told = f"Not tested: {counts}. Install what is missing: apt-get install chromium curl"
    assert capsys.readouterr().out.splitlines()[-1] == told


def test_where_all_was_tested_there_is_no_such_line(capsys):
    NotTested().pytest_unconfigure()
    assert capsys.readouterr().out == ""

"""The next report format is one module and one entry of the table: everything else follows from the table."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.unit.reporting.runs import FAILED, PASSED

from awsit.reporting.formats import json_
from awsit.reporting.registry import FORMATS

ROOT = Path(__file__).parents[2]
MODULE = '''
"""TAP, the Test Anything Protocol, version 13."""

from awsit.reporting.verdicts import Verdict, name_of, verdict_of


def tap(results):
    lines = [f"1..{len(results)}"]
    for number, result in enumerate(results, start=1):
        lines.append(f"{'ok' if verdict_of(result) is Verdict.PASSED else 'not ok'} {number} - {name_of(result)}")
    return "\\n".join(lines) + "\\n"
'''
RENDERER = """
def _tap(results, _context):
    from awsit.reporting.formats.tap import tap

    return tap(results)


FORMATS = (
    ReportFormat("tap", "Write TAP.", _tap),
"""
SCENARIO = "name: waits\nactions:\n  - {name: Wait, type: wait, params: {seconds: 0}}\n"
AWSIT = ("-c", "import sys; from awsit.cli.main import main; sys.exit(main())")
TAP = f"1..2\nok 1 - {PASSED.scenario}\nnot ok 2 - {FAILED.scenario}\n"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory):
    """A copy of the project with a format more. What Python has compiled goes with it: the files keep their times."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("src", "scripts", "docs", "infra", "examples", "benchmarks"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("images"))
    shutil.copy(ROOT / "README.md", folder)
    reporting = folder / "src" / "awsit" / "reporting"
    (reporting / "formats" / "tap.py").write_text(MODULE)
    table = (reporting / "registry.py").read_text()
    assert table.count("FORMATS = (\n") == 1
    (reporting / "registry.py").write_text(table.replace("FORMATS = (\n", RENDERER))
    return folder


@pytest.fixture
def python(checkout, tmp_path):
    """Run Python with the copy, in a folder that holds two reports and a scenario."""
    for result in (PASSED, FAILED):
        json_.save(result, tmp_path / ".awsit" / "reports")
    (tmp_path / "waits.yaml").write_text(SCENARIO)

    def call(*arguments):
        return subprocess.run(
            [sys.executable, *arguments],
            cwd=tmp_path,
            env={"PYTHONPATH": f"{checkout / 'src'}:{ROOT}", "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )

    return call


@pytest.mark.parametrize("command", ["run", "report"])
def test_the_commands_offer_it(python, command):
    assert "--tap FILE" in python(*AWSIT, command, "--help").stdout


def test_a_run_writes_its_file(python, tmp_path):
    done = python(*AWSIT, "run", "waits.yaml", "--tap", "out/a.tap")
    assert (done.returncode, done.stderr) == (0, "wrote out/a.tap\n")
    assert (tmp_path / "out" / "a.tap").read_text() == "1..1\nok 1 - waits\n"


def test_past_runs_are_reported_in_it(python):
    assert python(*AWSIT, "report", PASSED.run_id, FAILED.run_id, "--tap", "-").stdout == TAP


def test_it_shares_the_standard_output_with_no_other(python):
    done = python(*AWSIT, "report", PASSED.run_id, "--tap", "-", "--junit", "-")
    assert done.returncode == 2
    assert "--tap and --junit cannot share the standard output" in done.stderr


def test_the_reference_is_stale_until_it_is_in_there(checkout, python):
    check = str(checkout / "scripts" / "generate_docs.py")
    assert "docs/reference/commands/run.md is stale" in python(check, "--check").stderr
    program = f"import sys; sys.path.insert(0, {str(checkout / 'scripts')!r}); import generate_docs\n"
    print_page = "print(generate_docs.command_pages()['reference/commands/run.md'])"
    assert "--tap FILE" in python("-c", program + print_page).stdout


def test_a_format_is_imported_only_when_it_is_asked_for(python):
    program = (
        "import sys, awsit.cli.commands.run, awsit.cli.commands.report\n"
        "print([name for name in sys.modules if name.startswith(('awsit.reporting.formats.', 'awsit.reporting.html'))])"
    )
    assert python("-c", program).stdout == "[]\n"


@pytest.mark.parametrize("name", [each.name for each in FORMATS])
def test_the_page_of_reports_describes_every_format(name):
    text = (ROOT / "docs/results/reports.md").read_text(encoding="utf-8")
    assert f"| `--{name} " in text, f"add --{name} to the table of docs/results/reports.md"

"""The workflow of `awsit init` from the install to the reports, with a service that is not awsit's.

It installs the wheel of this checkout beside the packages that are here already; `on_new_machines.py` installs all.
"""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from tests.e2e.ci.machine import Machine, run_workflow


def test_the_workflow_of_init_tests_a_service_of_ones_own(offline: Machine) -> None:
    done = run_workflow(offline)
    assert [(name, each.returncode) for name, each in done.items()] == [
        ("pip install --quiet", 0),
        ("awsit validate scenarios/", 0),
        ("awsit sandbox start", 0),
        ("awsit run scenarios/", 0),
        ("awsit sandbox stop", 0),
    ], [each.stdout + each.stderr for each in done.values()]
    assert re.search(r"^greetings: created \(\d", done["awsit sandbox start"].stderr, re.MULTILINE)
    assert offline.passed() == ["first", "greets"]
    assert (offline.folder / "awsit-reports" / "report.html").is_file()
    run = done["awsit run scenarios/"].stdout
    assert re.search(r"\A::stop-commands::(\w{32})\n(?s:.*)^::\1::\n\Z", run, re.MULTILINE), "no commands between"
    assert "2 scenarios, 2 passed" in (offline.folder / "summary.md").read_text(encoding="utf-8")
    assert Path(offline.variables["PYTHONPATH"], "awsit", "infra", "template.yaml").is_file()


def test_a_template_that_is_not_deployed_ends_the_job_and_leaves_no_sandbox(offline: Machine) -> None:
    template = offline.folder / "template.yaml"
    template.write_text(template.read_text(encoding="utf-8").replace("Word:", "Words:", 1), encoding="utf-8")
    done = run_workflow(offline)
    assert [name for name, each in done.items() if each.returncode] == ["awsit sandbox start"]
    start = done["awsit sandbox start"]
    assert start.returncode == 3
    assert "the template has no parameter Word" in start.stderr
    assert 'parameters = {Word = "good day"}' in start.stderr
    assert "awsit run scenarios/" not in done
    assert "The sandbox has stopped." in done["awsit sandbox stop"].stderr
    assert (offline.folder / ".awsit" / "sandbox" / "server.log").is_file()


def test_an_empty_package_is_told(machine: Machine) -> None:
    workflow = (machine.folder / ".github" / "workflows" / "e2e.yml").read_text(encoding="utf-8")
    install = next(step["run"] for step in yaml.safe_load(workflow)["jobs"]["sandbox"]["steps"] if "run" in step)
    done = machine.sh(install, AWSIT_PACKAGE="")
    assert done.returncode != 0
    assert "AWSIT_PACKAGE: is empty; set it in this workflow" in done.stderr

"""`pytest scenarios/` in processes of its own, against a service on this machine."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from tests.pseudo_terminal import CTRL_C, terminal

REMEMBERS = [
    *(sys.executable, "-m", "pytest", "--strict-markers", "--strict-config", "-W", "error"),
    *("--import-mode=importlib", "-p", "no:syrupy", "-p", "no:hypothesispytest"),
]
PYTEST = [*REMEMBERS, "-p", "no:cacheprovider"]

PASSES = """
name: order_is_stored
metadata: {tags: [smoke, order-intake]}
actions:
  - name: Create
    type: http_call
    params: {url: "SERVICE/orders", method: POST, expected_status: 200}
    cleanup: [{name: Delete, type: http_call, params: {url: "SERVICE/orders", method: DELETE, expected_status: 200}}]
"""
FAILS = """
name: order_is_shipped
metadata: {tags: [slow, skip]}
actions:
  - name: Create
    type: http_call
    params: {url: "SERVICE/orders", method: POST}
    cleanup: [{name: Delete, type: http_call, params: {url: "SERVICE/orders", method: DELETE}}]
  - name: Read
    type: http_call
    params: {url: "SERVICE/orders"}
    assert:
      - {path: $.status, equals: 200}
      - {path: $.body.status, equals: shipped}
"""
REFUSED = """
name: order_is_refused
actions:
  - {name: Read, type: http_call, params: {url: "http://127.0.0.1:1/orders"}}
"""
LEAVES = """
name: order_is_left
actions:
  - name: Create
    type: http_call
    params: {url: "SERVICE/orders", method: POST}
    cleanup:
      - {name: Delete, type: http_call, params: {url: "SERVICE/broken", expected_status: 200}, retry: {max_attempts: 1}}
"""
INVALID = """
name: order_is_misspelt
actions:
  - name: Read
    tipe: http_call
    params: {url: "SERVICE/orders"}
"""
ROWS = {
    "name": "priced",
    "matrix": [{"product": "book"}, {"product": "pen"}],
    "actions": [{"name": "Read", "type": "http_call", "params": {"url": "SERVICE/{{ vars.product }}"}}],
}
WAITS = PASSES.replace("order_is_stored", "order_waits") + "  - {name: Wait, type: wait, params: {seconds: 2}}\n"
FILES = {
    "passes.yaml": PASSES,
    "fails.yaml": FAILS,
    "refused.yml": REFUSED,
    "leaves.yaml": LEAVES,
    "invalid.yaml": INVALID,
    "unreadable.yaml": "name: order\nactions:\n  - {a: b\n",
    "rows.json": json.dumps(ROWS),
    "data.json": '[{"actions": "of something else"}]',
    "chart.yaml": "replicas: {{ .Values.replicas }}\n",
}


@dataclass
class Service:
    """An order service that remembers its calls."""

    url: str
    calls: list[str]
    created: threading.Event
    deleting: threading.Event
    let_go: threading.Event


@dataclass
class Ran:
    """A pytest process that has ended."""

    code: int
    text: str

    @property
    def counts(self) -> str:
        return re.sub(r" in [\d.]+s.*", "", self.text.strip().splitlines()[-1].strip("= "))


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    calls: list[str] = []
    created, deleting, let_go = threading.Event(), threading.Event(), threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            calls.append(f"{self.command} {self.path}")
            if self.path == "/held":
                deleting.set()
                let_go.wait(60)
            body = b'{"status": "created"}'
            with suppress(BrokenPipeError):  # who asked has been killed meanwhile
                self.send_response(500 if self.path == "/broken" else 200)
                self.send_header("content-type", "application/json")
                self.send_header("content-length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            if self.command == "POST":
                created.set()

        do_GET = do_POST = do_DELETE = answer  # noqa: N815 - the names that the server looks for

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield Service(f"http://127.0.0.1:{server.server_port}", calls, created, deleting, let_go)
        server.shutdown()
        thread.join()


def write(root: Path, service: Service, *names: str, folder: str = "scenarios") -> Path:
    """A project with these scenarios and one Python test."""
    (root / folder).mkdir(parents=True, exist_ok=True)
    for name in names:
        (root / folder / name).write_text(FILES[name].replace("SERVICE", service.url), encoding="utf-8")
    (root / "test_code.py").write_text("def test_code() -> None:\n    pass\n", encoding="utf-8")
    return root


def variables() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "AWSIT_"))}
    return {**kept, "COLUMNS": "100", "PYTHONIOENCODING": "utf-8"}


SHIPPED = 'Read: $.body.status should equal "shipped", but is "created"'
"""Why `order_is_shipped` fails."""


def run(folder: Path, *arguments: str, program: Sequence[str] = PYTEST, **more: str) -> Ran:
    done = subprocess.run(
        [*program, *arguments],
        cwd=folder,
        env=variables() | more,
        capture_output=True,
        encoding="utf-8",
        timeout=180,
        check=False,
    )
    return Ran(done.returncode, done.stdout + done.stderr)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory, service: Service) -> Path:
    return write(tmp_path_factory.mktemp("project"), service, *FILES)


@pytest.fixture(scope="module")
def everything(project: Path) -> Ran:
    """One run of all the scenarios, on which several tests look."""
    return run(project, "scenarios", "-v", "--junitxml=junit.xml", "-o", "junit_family=xunit2")


def section(text: str, name: str) -> str:
    """What pytest says of one failure."""
    found = re.search(rf"^_+ {re.escape(name)} _+\n(.*?)(?=^_+ \S+ _+\n|^[-=]+ )", text, re.DOTALL | re.MULTILINE)
    assert found, text
    return found[1]


def test_each_scenario_is_an_item_and_each_row_of_a_matrix_too(everything: Ran) -> None:
    verdicts = dict(re.findall(r"^scenarios/(\S+) (PASSED|FAILED|SKIPPED|ERROR)", everything.text, re.MULTILINE))
    assert verdicts == {
        "passes.yaml::order_is_stored": "PASSED",
        "rows.json::priced[book]": "PASSED",
        "rows.json::priced[pen]": "PASSED",
        "fails.yaml::order_is_shipped": "FAILED",
        "refused.yml::order_is_refused": "FAILED",
        "leaves.yaml::order_is_left": "FAILED",
        "invalid.yaml::order_is_misspelt": "FAILED",
        "unreadable.yaml::unreadable": "FAILED",
    }
    assert everything.code == pytest.ExitCode.TESTS_FAILED


def test_a_failure_shows_the_place_in_the_file_and_what_the_command_line_says(everything: Ran) -> None:
    text = section(everything.text, "order_is_shipped")
    assert " --> scenarios/fails.yaml:14:39" in text
    assert "14 |       - {path: $.body.status, equals: shipped}" in text
    assert "\n   |" + " " * 39 + "^^^^^^^\n" in text
    assert '  equals  "shipped"\n  actual  "created"' in text
    assert re.search(r"FAILED  order_is_shipped  1 passed, 1 failed, .* clean", text)
    assert "Traceback" not in text


def test_what_was_cleaned_up_has_a_section_of_its_own(everything: Ran) -> None:
    after = everything.text.partition("___ order_is_shipped ___")[2]
    assert re.search(r"^-+ Captured clean-up call -+\n  clean-up\n  ✓ Delete ", after, re.MULTILINE)


def test_a_run_that_could_not_be_carried_out_is_an_error_not_a_failed_check(everything: Ran) -> None:
    text = section(everything.text, "order_is_refused")
    assert "refused the connection" in text
    assert "ERROR  order_is_refused" in text


def test_what_is_left_behind_fails_the_item(everything: Ran) -> None:
    text = section(everything.text, "order_is_left")
    assert "LEFT BEHIND  order_is_left" in text
    assert " --> scenarios/leaves.yaml:8:" in text
    assert " ^^^\n" in text  # under the status that was expected


def test_an_invalid_file_is_one_item_with_all_its_problems(everything: Ran) -> None:
    text = section(everything.text, "order_is_misspelt")
    assert "needs `type`" in text
    assert "did you mean `type`?\n --> scenarios/invalid.yaml:5:5\n" in text
    assert "5 |     tipe: http_call\n  |     ^^^^" in text
    assert " --> scenarios/unreadable.yaml:3:5" in section(everything.text, "unreadable")


def test_junit_has_the_run_of_each_scenario(everything: Ran, project: Path) -> None:
    assert everything.code
    cases = {case.get("name"): case for case in ET.parse(project / "junit.xml").iter("testcase")}
    properties = {each.get("name"): each.get("value") or "" for each in cases["priced[pen]"].iter("property")}
    assert re.fullmatch(r"run-[0-9A-Z]{26}", properties["awsit_run_id"])
    assert float(properties["awsit_duration_seconds"]) < 60
    assert properties["awsit_status"] == "passed"
    assert (project / properties["awsit_report"]).is_file()
    assert cases["order_is_shipped"].find("failure").get("message") == SHIPPED


@pytest.mark.parametrize("processes", ["0", "2"])
def test_the_short_summary_has_the_reason_in_one_line(project: Path, processes: str) -> None:
    ran = run(project, "scenarios", "-n", processes, "-k", "shipped or misspelt", CI="true")
    summary = ran.text.partition("short test summary info")[2]
    reasons = re.findall(r"^FAILED \S+ - (.*)$", summary, re.MULTILINE)
    assert sorted(reasons) == [SHIPPED, "`actions[0]` needs `type`"]


def test_xdist_shares_the_scenarios_out(project: Path) -> None:
    ran = run(project, "scenarios", "-n", "2", "-m", "smoke or slow or awsit", "--awsit-allow-left-behind")
    assert ran.counts == "4 failed, 4 passed"
    assert " --> scenarios/fails.yaml:14:39" in ran.text


@pytest.mark.parametrize(
    ("arguments", "chosen"),
    [
        (("scenarios", "-m", "smoke"), ["scenarios/passes.yaml::order_is_stored"]),
        (("scenarios", "-m", "order_intake"), ["scenarios/passes.yaml::order_is_stored"]),
        (("scenarios", "-m", "tag_skip"), ["scenarios/fails.yaml::order_is_shipped"]),
        (("scenarios", "-k", "pen"), ["scenarios/rows.json::priced[pen]"]),
        (("scenarios/rows.json::priced[book]",), ["scenarios/rows.json::priced[book]"]),
        (("scenarios", "test_code.py", "-m", "not awsit"), ["test_code.py::test_code"]),
        ((), ["test_code.py::test_code"]),
        (
            ("--awsit", "-m", "smoke or not awsit"),
            ["scenarios/passes.yaml::order_is_stored", "test_code.py::test_code"],
        ),
        (("-o", "awsit=true", "-m", "smoke"), ["scenarios/passes.yaml::order_is_stored"]),
        (("scenarios", "test_code.py", "-o", "awsit=false"), ["test_code.py::test_code"]),
    ],
    ids=" ".join,
)
def test_marks_names_and_options_choose(project: Path, arguments: tuple[str, ...], chosen: list[str]) -> None:
    ran = run(project, "--collect-only", "-q", *arguments)
    assert [line for line in ran.text.splitlines() if "::" in line] == chosen


def test_the_folders_of_awsit_toml_count_and_its_settings_hold(tmp_path: Path, service: Service) -> None:
    write(tmp_path, service, "passes.yaml", folder="flows/orders")
    (tmp_path / "awsit.toml").write_text('scenarios = "flows"\nreport_folder = "out"\n', encoding="utf-8")
    assert run(tmp_path, "flows/orders").counts == "1 passed"
    assert [json.loads(path.read_text(encoding="utf-8"))["status"] for path in (tmp_path / "out").iterdir()] == [
        "passed"
    ]


def test_wrong_settings_are_told_where_they_stand(tmp_path: Path, service: Service) -> None:
    write(tmp_path, service, "passes.yaml")
    (tmp_path / "awsit.toml").write_text('engin = "local"\n', encoding="utf-8")
    ran = run(tmp_path, "scenarios")
    assert "did you mean `engine`?" in ran.text
    assert "awsit.toml:1:1" in ran.text
    assert "Traceback" not in ran.text


def test_variables_given_to_pytest_reach_the_scenario(tmp_path: Path, service: Service) -> None:
    write(tmp_path, service, "rows.json")
    assert run(tmp_path, "scenarios", "-k", "pen", "--awsit-var", "product=ink").counts == "1 passed, 1 deselected"
    assert service.calls[-1] == "GET /ink"


def test_an_account_that_cannot_be_reached_is_told_without_a_traceback(tmp_path: Path, service: Service) -> None:
    write(tmp_path, service, "passes.yaml")
    ran = run(tmp_path, "scenarios", "--awsit-stack", "orders", "--awsit-region", "eu-west-1")
    assert "credentials" in section(ran.text, "order_is_stored")
    assert "Traceback" not in ran.text


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interruption_cleans_up_and_ends_pytest(tmp_path: Path, service: Service) -> None:
    write(tmp_path, service)
    (tmp_path / "scenarios" / "waits.yaml").write_text(WAITS.replace("SERVICE", service.url), encoding="utf-8")
    service.created.clear()
    process = subprocess.Popen(
        [*PYTEST, "scenarios"], cwd=tmp_path, env=variables(), stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert service.created.wait(60)
    process.send_signal(signal.SIGINT)
    text = process.communicate(timeout=180)[0]
    assert process.returncode == pytest.ExitCode.INTERRUPTED
    assert "order_waits was interrupted, clean-up: clean" in text
    assert service.calls[-1] == "DELETE /orders"


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_second_interruption_tells_how_to_clean_up(tmp_path: Path, service: Service) -> None:
    write(tmp_path, service)
    held = WAITS.replace('SERVICE/orders", method: DELETE', 'SERVICE/held", method: DELETE')
    (tmp_path / "scenarios" / "waits.yaml").write_text(held.replace("SERVICE", service.url), encoding="utf-8")
    service.created.clear()
    service.deleting.clear()
    with terminal([*PYTEST, "scenarios"], variables()) as screen:
        assert service.created.wait(60)
        screen.press(CTRL_C)
        assert service.deleting.wait(60)
        screen.press(CTRL_C)
        assert screen.end() == pytest.ExitCode.INTERRUPTED
    service.let_go.set()
    assert re.search(r"order_waits was left before its clean-up was done: `awsit cleanup run-\w{26}`", screen.shown)


def test_pytest_without_a_scenario_imports_hardly_anything_and_collecting_one_no_aws(project: Path) -> None:
    report = "import sys\ndef pytest_sessionfinish():\n    print('imported:', sorted(n for n in sys.modules if {}))\n"
    (project / "seen_awsit.py").write_text(report.format("n.startswith(('awsit', 'msgspec'))"), encoding="utf-8")
    (project / "seen_aws.py").write_text(report.format("n in {'boto3', 'botocore'}"), encoding="utf-8")
    options = ("--collect-only", "-q", "-p")
    code = run_with_path(project, *options, "seen_awsit", "test_code.py")
    assert "imported: ['awsit', 'awsit.pytest_plugin', 'awsit.pytest_plugin.selecting']" in code.text
    scenarios = run_with_path(project, *options, "seen_aws", "scenarios")
    assert "imported: []" in scenarios.text
    assert "priced[pen]" in scenarios.text


def run_with_path(folder: Path, *arguments: str) -> Ran:
    """With the folder's own modules as plugins."""
    return run(folder, "-o", "pythonpath=.", *arguments)


def test_a_scenario_within_a_suite_fails_since_pytest_makes_no_setup(tmp_path: Path, service: Service) -> None:
    folder = write(tmp_path, service, "passes.yaml")
    setup = "setup: [{name: Wait, type: wait, params: {seconds: 0}}]\n"
    (folder / "scenarios" / "suite.yaml").write_text(setup, encoding="utf-8")
    ran = run(folder, "scenarios")
    assert ran.counts == "1 failed"
    assert "pytest does not make the setup of scenarios/suite.yaml" in ran.text
    assert "awsit run scenarios/passes.yaml" in ran.text


def test_what_failed_last_runs_alone_also_when_it_is_a_row(tmp_path: Path, service: Service) -> None:
    folder = write(tmp_path, service, "rows.json", "passes.yaml")
    rows = (folder / "scenarios" / "rows.json").read_text(encoding="utf-8")
    (folder / "scenarios" / "rows.json").write_text(rows.replace('"product": "pen"', '"product": "broken"'))
    assert run(folder, "scenarios", program=REMEMBERS).counts == "1 failed, 2 passed"
    assert run(folder, "scenarios", "--last-failed", program=REMEMBERS).counts == "1 failed"


def test_errors_name_the_options_of_pytest(tmp_path: Path, service: Service) -> None:
    folder = write(tmp_path, service, "passes.yaml")
    assert "error: --awsit-var 'quantity' is not of the form" in run(folder, "scenarios", "--awsit-var=quantity").text
    ran = run(folder, "scenarios", "--awsit-stack=awsit", "--tb=line", AWS_REGION="", AWS_DEFAULT_REGION="")
    assert re.search(r"^scenarios/passes.yaml:\d+: no AWS region is configured$", ran.text, re.MULTILINE)
    assert "give --awsit-region, set AWS_REGION" in run(folder, "scenarios", "--awsit-stack=awsit").text

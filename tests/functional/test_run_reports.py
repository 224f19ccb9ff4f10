"""The files that `awsit run` writes."""

from xml.etree import ElementTree as ET

import pytest
from tests.functional.conftest import abandoned
from tests.functional.fakes import FAILING, PASSING, report_of

from awsit.errors import EnvironmentFailure
from awsit.model import json
from awsit.reporting.registry import FORMATS


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch, scenario):
    monkeypatch.chdir(tmp_path)
    scenario(PASSING)
    scenario(FAILING, "order_is_shipped.yaml")
    return tmp_path


ALL = ("--html", "out/a.html", "--junit", "out/a.xml", "--markdown", "out/a.md", "--ctrf", "out/a.json")


def cases(project):
    return [case.get("name") for case in ET.parse(project / "out" / "a.xml").iter("testcase")]


def test_every_report_is_written_when_the_runs_are_over(awsit, project):
    done = awsit("run", "scenarios", *ALL)
    assert done.exit_code == 1
    assert sorted(cases(project)) == ["order_is_shipped", "order_is_stored"]
    assert "1 of 2 scenarios did not pass" in (project / "out" / "a.html").read_text()
    assert "1 failed, 1 passed" in (project / "out" / "a.md").read_text()
    assert json.loads((project / "out" / "a.json").read_text())["results"]["summary"]["failed"] == 1
    assert [f"wrote {file}" in done.stderr for file in ALL[1::2]] == [True] * 4


def test_events_are_lines_of_json(awsit, project):
    awsit("run", "order_is_stored", "--events", "out/events.ndjson")
    lines = [json.loads(line) for line in (project / "out" / "events.ndjson").read_text().splitlines()]
    assert [line["event"] for line in lines][:2] == ["run_started", "step_started"]
    assert lines[-1]["event"] == "run_finished"
    assert lines[-1]["result"]["status"] == "passed"


def test_a_report_on_standard_output_is_alone_there(awsit):
    done = awsit("run", "order_is_stored", "--junit", "-")
    assert ET.fromstring(done.stdout).get("tests") == "1"
    assert "PASSED  order_is_stored" in done.stderr


def test_json_and_files_go_together(awsit, project):
    assert report_of(awsit("run", "order_is_stored", "--json", *ALL))["status"] == "passed"
    assert cases(project) == ["order_is_stored"]


def test_ctrl_c_leaves_the_reports_behind(awsit, wiring, project):
    wiring.remote.interrupted = True
    done = awsit("run", "scenarios", "--stack", "awsit", *ALL, "--events", "out/events.ndjson")
    assert done.exit_code == 130
    going_on, never_begun = ET.parse(project / "out" / "a.xml").iter("skipped")
    assert going_on.get("type") == "running"
    assert never_begun.get("message") == "Not run: the command was interrupted."
    assert '"verdict":"running"' in (project / "out" / "a.html").read_text()
    assert (project / "out" / "events.ndjson").read_text().count("\n") == 2


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["--junit", "scenarios"], 2, "--junit scenarios is a folder"),
        (["--events", "scenarios"], 2, "--events scenarios is a folder"),
        (["--events", "-"], 2, "--events needs a file"),
        (["--json", "--ctrf", "-"], 2, "--ctrf and --json cannot share the standard output"),
        (["--html", "out/a", "--junit", "out/../out/a"], 2, "--html and --junit cannot share out/../out/a"),
        (["--events", "out/a", "--junit", "out/a"], 2, "--events and --junit cannot share out/a"),
        (["--html", "scenarios/order_is_stored.yaml/a.html"], 4, "cannot be written"),
        (["--no-wait", "--stack", "awsit", "--html", "a.html"], 2, "reports need the end of the run"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else None,
)
def test_what_cannot_be_written_is_said_before_anything_runs(awsit, wiring, arguments, code, message):
    done = awsit("run", "order_is_stored", *arguments)
    assert done.exit_code == code
    assert message in " ".join(done.stderr.split())
    assert wiring.http_fake.requests == []
    assert wiring.remote.requests == []


OPTIONS = ("--events", *(f"--{each.name}" for each in FORMATS))


@pytest.mark.parametrize("option", OPTIONS)
@pytest.mark.parametrize(
    ("path", "ends"),
    [
        ("scenarios", (2, "is a folder")),
        ("scenarios/order_is_stored.yaml/a", (4, "scenarios/order_is_stored.yaml is no folder")),
        ("a" * 300, (4, "File name too long")),
        ("/dev/full/a", (4, "/dev/full is no folder")),
    ],
    ids=["a folder", "below a file", "too long", "below a device"],
)
def test_no_report_option_waits_for_the_end_to_find_that_its_path_is_no_use(awsit, wiring, option, path, ends):
    code, words = ends
    done = awsit("run", "order_is_stored", f"{option}={path}")
    assert done.exit_code == code
    assert done.stderr.startswith(f"error: {option}")
    assert words in " ".join(done.stderr.split())
    assert "hint: " in done.stderr
    assert wiring.http_fake.requests == []


@pytest.mark.parametrize(
    ("option", "name"),
    [
        *((option, "order_is_stored.yaml") for option in OPTIONS),
        *(("--junit", name) for name in ("no_scenario.yml", "in_json.json", "library.json", "awsit.toml", "rows.csv")),
        ("--outputs", "awsit.toml"),
    ],
)
def test_no_report_takes_the_place_of_what_a_person_wrote(awsit, wiring, scenario, option, name):
    texts = {
        "in_json.json": '{"name": "in_json", "actions": []}',
        "library.json": '{"library": "l", "actions": {}}',
        "awsit.toml": "",
        "rows.csv": "a,b\n1,2\n",
    }
    text = texts.get(name, PASSING)
    path = scenario(text, name)
    done = awsit("run", f"{option}=scenarios/{name}", "scenarios/order_is_shipped.yaml")
    assert done.exit_code == 2
    assert f"{option} scenarios/{name} is there already, and is no report" in done.stderr
    assert path.read_text() == text
    assert wiring.http_fake.requests == []


@pytest.mark.parametrize("option", ["--junit", "--outputs", "--events"])
def test_no_report_becomes_the_configuration(awsit, wiring, tmp_path, option):
    done = awsit("run", "order_is_stored", f"{option}={tmp_path}/awsit.toml")
    assert done.exit_code == 2
    assert "would be taken for the configuration" in " ".join(done.stderr.split())
    assert not (tmp_path / "awsit.toml").exists()
    assert wiring.http_fake.requests == []


def test_two_reports_may_go_to_one_device(awsit):
    assert awsit("run", "order_is_stored", "--junit", "/dev/null", "--html", "/dev/null").exit_code == 0


@pytest.mark.parametrize("name", [each.name for each in FORMATS if not each.render_error])
def test_the_try_of_a_path_leaves_no_file_behind_when_nothing_ran(awsit, project, name):
    assert awsit("run", "order_is_stord", f"--{name}=out/file").exit_code == 3
    assert list((project / "out").iterdir()) == []


def lines_of(path):
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


def test_a_gate_reads_what_came_out_beside_what_others_wrote(awsit, project):
    (project / "outputs").write_text("other=1\n")
    awsit("run", "scenarios", "--outputs", "outputs", "--html", "out/a.html")
    found = lines_of(project / "outputs")
    assert found["other"] == "1"
    assert (found["AWSIT_VERDICT"], found["AWSIT_PASSED"], found["AWSIT_FAILED"]) == ("failed", "1", "1")
    assert found["AWSIT_REPORT"] == "out/a.html"


def test_an_annotation_stands_beside_the_expectation(awsit, project, scenario):
    done = awsit("run", "order_is_shipped", "--annotations", "-", env={"GITHUB_WORKSPACE": str(project.parent)})
    lines = FAILING.splitlines()
    line = 1 + next(number for number, text in enumerate(lines) if "equals: shipped" in text)
    place = f"file={project.name}/scenarios/order_is_shipped.yaml,line={line},"
    assert done.stdout.startswith(f"::error title=order_is_shipped%3A failed,{place}")
    assert done.stdout.count("\n") == 1


def test_what_kept_anything_from_running_is_told_to_the_ci_server_too(awsit, project, scenario):
    scenario("name: wrong\nactions:\n  - {name: A, type: http_cal}\n", "wrong.yaml")
    done = awsit("run", "scenarios", "--outputs", "outputs", "--annotations", "-")
    assert done.exit_code == 3
    assert lines_of(project / "outputs")["AWSIT_VERDICT"] == "invalid"
    assert done.stdout.startswith("::error title=awsit,file=scenarios/wrong.yaml,line=3,")


def test_a_file_that_no_gate_can_read_hides_no_error(awsit, project):
    done = awsit("run", "order_is_stord", "--outputs", "scenarios")
    assert done.exit_code == 2
    assert "--outputs scenarios is a folder" in done.stderr


class TestJson:
    def test_it_goes_into_the_file_that_is_named(self, awsit, project):
        for _ in range(2):  # the second time it is an earlier report
            done = awsit("run", "--json", "out/report.json", "order_is_stored", "--junit", "out/a.xml")
            assert done.exit_code == 0
            assert json.loads((project / "out" / "report.json").read_text())["status"] == "passed"
            assert "PASSED  order_is_stored" in done.stdout

    @pytest.mark.parametrize(
        "arguments",
        [
            ["--json", "order_is_stored"],
            ["--json", "scenarios/order_is_stored.yaml"],
            ["order_is_stored", "--json"],
            ["order_is_stored", "--json", "-"],
            ["order_is_stored", "--json=-"],
            ["--json", "--", "order_is_stored"],
        ],
    )
    def test_without_a_file_it_is_the_standard_output(self, awsit, arguments):
        assert report_of(awsit("run", *arguments))["status"] == "passed"

    @pytest.mark.parametrize("text", ['{"name": "a", "actions": []}', "{", "[1]"])
    def test_a_scenario_is_never_overwritten(self, awsit, project, text):
        (project / "scenario.json").write_text(text)
        awsit("run", "--json", "scenario.json", "order_is_stored")
        assert (project / "scenario.json").read_text() == text


def test_a_run_that_could_not_begin_is_told_once(awsit, wiring, project):
    def refuse(request):
        raise EnvironmentFailure("the state machine is gone")

    wiring.remote.start = refuse
    done = awsit("run", "scenarios", "--stack", "awsit", "--outputs", "outputs", "--annotations", "out/a.txt")
    assert done.exit_code == 4
    found = lines_of(project / "outputs")
    assert (found["AWSIT_VERDICT"], found["AWSIT_ERRORS"], found["AWSIT_SKIPPED"]) == ("error", "1", "1")
    assert [line.split()[0] for line in (project / "out" / "a.txt").read_text().splitlines()] == ["::error", "::notice"]


def test_the_verdict_is_shown_before_a_report_that_cannot_be_kept(awsit, project):
    (project / ".awsit").mkdir()
    (project / ".awsit" / "reports").touch()
    done = awsit("run", "scenarios", "--junit", "out/a.xml")
    assert done.exit_code == 4
    assert "1 failed" in done.stdout
    told = done.stderr.replace("\n       ", " ")
    assert "error: the report of run-" in told
    assert "reports: File exists" in told
    assert sorted(cases(project)) == ["order_is_shipped", "order_is_stored"]


def test_status_says_that_a_clean_run_has_no_report_and_cleanup_writes_it(awsit, project, tmp_path):
    (project / ".awsit").mkdir()
    (project / ".awsit" / "reports").touch()
    assert awsit("run", "order_is_stored").exit_code == 4
    run_id = abandoned(tmp_path)

    status = awsit("status", run_id)

    assert f"error    There is no report of it in .awsit/reports; `awsit cleanup {run_id}`" in status.stdout
    (project / ".awsit" / "reports").unlink()
    assert awsit("cleanup", run_id).exit_code == 0
    assert "clean-up  clean" in awsit("status", run_id).stdout

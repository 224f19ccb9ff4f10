"""The commands beside `run`, as a person sees them."""

import json
import re
import subprocess
import sys
from importlib.metadata import packages_distributions

import click
import pytest
from click.shell_completion import ShellComplete
from tests.functional.fakes import AT, EXECUTION, FAILING, PASSING, RUN_ID, report_of

from awsit.aws.logs.line import LogLine
from awsit.cli.main import COMMANDS, cli
from awsit.records import replace

UNBREAKABLE = re.compile(r" +(--\S+ )?('.*'|\S+)|    # yaml-language-server: .*")
"""A line of one option with its value, or of one that is copied into a file."""


def test_list_scenarios_shows_what_there_is_and_where(awsit, scenario, snapshot):
    scenario()
    scenario(FAILING.replace("tags: [orders, smoke]", "tags: [slow]"), "shipped.yaml")
    scenario("Resources: {}\n", "template.yaml", "")
    assert awsit("list-scenarios").stdout == snapshot


def test_list_scenarios_by_tag_as_json(awsit, scenario):
    scenario()
    scenario(FAILING.replace("tags: [orders, smoke]", "tags: [slow]"), "shipped.yaml")
    assert report_of(awsit("list-scenarios", "--tag", "smoke", "--json")) == [
        {
            "name": "order_is_stored",
            "description": "An accepted order can be read back",
            "tags": ["orders", "smoke"],
            "actions": ["CreateOrder", "ReadOrder"],
            "found_in": "scenarios/order_is_stored.yaml",
        }
    ]


def test_list_scenarios_shows_those_of_the_bucket_too(awsit, scenario):
    awsit("push", str(scenario(folder="elsewhere/deep")), "--stack", "awsit")
    assert "s3: scenarios/order_is_stored.json" in awsit("list-scenarios", "--stack", "awsit").stdout


def test_list_scenarios_without_any_says_where_it_looked(awsit):
    result = awsit("list-scenarios")
    assert result.exit_code == 0
    assert "There are no scenarios. Looked in: scenarios, ." in result.stderr


def test_scenario_folders_come_from_the_configuration(awsit, scenario, tmp_path):
    scenario(folder="checks")
    (tmp_path / "awsit.toml").write_text('scenarios = ["checks"]\n')
    assert "checks/order_is_stored.yaml" in awsit("list-scenarios").stdout


def test_validate_says_which_files_are_valid(awsit, scenario, snapshot):
    scenario()
    scenario("name: x\nactions:\n  - {name: A, typ: wait, params: {seconds: 1}}\n", "wrong.yaml")
    result = awsit("validate", "scenarios")
    assert result.exit_code == 3
    assert result.stdout == snapshot


def test_validate_the_standard_input_shows_its_line(awsit):
    result = awsit("validate", "-", stdin="name: x\nactions:\n  - {name: A, typ: wait, params: {seconds: 1}}\n")
    assert result.exit_code == 3
    assert "--> -:3:15" in result.stdout
    assert "3 |   - {name: A, typ: wait" in result.stdout


def test_validate_as_json(awsit, scenario):
    scenario()
    scenario("name: x\nactions: {\n", "wrong.yaml")
    valid, wrong = report_of(awsit("validate", "scenarios", "--json"))
    assert valid == {"file": "scenarios/order_is_stored.yaml", "valid": True, "problems": []}
    assert wrong["valid"] is False
    assert wrong["problems"][0]["position"]["line"] >= 2


def test_status_shows_the_actions_so_far_and_the_console(awsit, snapshot):
    result = awsit("status", EXECUTION)
    assert result.exit_code == 0
    assert result.stdout == snapshot


def test_status_as_json(awsit):
    document = report_of(awsit("status", RUN_ID, "--json"))
    assert document["status"] == "running"
    assert document["console"].startswith("https://eu-west-1.console.aws.amazon.com/states/home")


def test_status_of_a_local_run_is_its_report(awsit, scenario):
    scenario(FAILING)
    run_id = "run-00000000000000000000000001"
    awsit("run", "scenarios/order_is_stored.yaml")
    shown = awsit("status", run_id).stdout
    assert "✗ order_is_shipped  failed" in shown
    assert 'equals  "shipped"' in shown


def test_logs_shows_history_and_function_lines(awsit, wiring, snapshot):
    wiring.log_lines = [
        LogLine(AT, "history", "ExecuteAtomicAction: task state entered", {"id": 3}),
        LogLine(AT, "function", "INFO task done \x1b[31mred", {"level": "INFO"}),
    ]
    assert awsit("logs", RUN_ID).stdout == snapshot


def test_raw_logs_are_lines_of_json(awsit, wiring):
    wiring.log_lines = [LogLine(AT, "history", "execution started", {"id": 1})]
    assert report_of(awsit("logs", RUN_ID, "--raw")) == {"at": AT, "source": "history", "event": {"id": 1}}


def test_stop_stops_the_run(awsit, wiring):
    result = awsit("stop", EXECUTION)
    assert result.exit_code == 0
    assert wiring.remote.stopped == [EXECUTION]
    assert f"{RUN_ID} is stopped" in result.stderr


def test_push_uploads_each_scenario_under_its_name(awsit, scenario, wiring):
    scenario()
    scenario(FAILING, "shipped.yaml")
    result = awsit("push", "scenarios", "--stack", "awsit")
    assert result.exit_code == 0
    assert sorted(wiring.bucket.objects) == ["scenarios/order_is_shipped.json", "scenarios/order_is_stored.json"]


@pytest.mark.parametrize("ending", ["yaml", "json"])
def test_keys_for_anchors_are_not_sent_to_the_account(awsit, scenario, wiring, ending):
    text = {
        "x-base": {"free": "text"},
        "name": "a",
        "actions": [{"name": "A", "type": "wait", "params": {"seconds": 0}}],
    }
    scenario(json.dumps(text), f"a.{ending}")
    assert awsit("push", "scenarios", "--stack", "awsit").exit_code == 0
    assert json.loads(wiring.bucket.objects["scenarios/a.json"]) == {key: text[key] for key in ("name", "actions")}
    result = awsit("run", "a", "--stack", "awsit")
    assert "x-base" not in json.dumps(wiring.remote.requests[0].document), result.output


def test_push_uploads_nothing_when_one_is_not_valid(awsit, scenario, wiring):
    scenario()
    scenario("name: x\nactions: []\n", "wrong.yaml")
    assert awsit("push", "scenarios", "--stack", "awsit").exit_code == 3
    assert wiring.bucket.objects == {}


def test_deploy_shows_each_resource_and_the_outputs(awsit, wiring, snapshot):
    result = awsit("deploy", "--parameter", "Architecture=x86_64")
    assert result.exit_code == 0
    assert result.stdout == snapshot
    assert wiring.deployed[0].parameters == {"Architecture": "x86_64"}
    assert wiring.deployed[0].dependencies


@pytest.mark.parametrize(
    ("flags", "message", "hint"),
    [
        (("--template", "t.yaml"), "--print-policy is about awsit's own stack", "leave out --template"),
        (("--enforce-policies",), "--enforce-policies is for a sandbox", "add --sandbox, or leave it out"),
        (("--allow-unsupported",), "--allow-unsupported is for a sandbox", "add --sandbox, or leave it out"),
    ],
)
def test_what_does_not_go_with_print_policy_is_told_at_once(awsit, flags, message, hint):
    result = awsit("deploy", "--print-policy", *flags)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == f"error: {message}\nhint: {hint}\n"


def test_deploy_to_the_sandbox_starts_it_and_brings_no_dependencies(awsit, wiring):
    assert awsit("deploy", "--sandbox", "--stack", "orders", "--template", "t.yaml").exit_code == 0
    assert wiring.sandbox_fake.running
    assert wiring.deployed[0].stack_name == "orders"
    assert not wiring.deployed[0].dependencies


@pytest.mark.parametrize("allowed", [False, True])
def test_what_the_sandbox_does_not_emulate_is_left_out_by_permission(awsit, wiring, allowed):
    flags = ["--allow-unsupported"] if allowed else []
    assert awsit("deploy", "--sandbox", *flags).exit_code == 0
    assert wiring.deployed[0].target.allow_unsupported is allowed


def test_permission_to_leave_something_out_is_for_a_sandbox(awsit):
    result = awsit("deploy", "--allow-unsupported")
    assert result.exit_code == 2
    assert "--allow-unsupported is for a sandbox" in result.stderr


def test_destroy_with_yes(awsit):
    result = awsit("destroy", "--yes")
    assert result.exit_code == 0
    assert "awsit: it is gone" in result.stdout


@pytest.mark.parametrize("command", ["status", "reset"])
def test_a_sandbox_that_was_killed_says_so(awsit, wiring, command):
    awsit("sandbox", "start")
    wiring.sandbox_fake.died = True
    killed = awsit("sandbox", command)
    assert killed.exit_code == 4
    assert "the sandbox has died" in killed.stderr
    assert report_of(awsit("sandbox", "status", "--json")) == {"running": False}


def test_the_variables_of_the_sandbox_are_printed_for_a_shell(awsit):
    assert awsit("sandbox", "env").exit_code == 4
    awsit("sandbox", "start")
    variables = report_of(awsit("sandbox", "env", "--json"))

    assert variables["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4566"
    assert awsit("sandbox", "env").stdout.splitlines() == [f"export {name}={variables[name]}" for name in variables]
    assert "set -gx AWS_REGION us-east-1;" in awsit("sandbox", "env", "--shell", "fish").stdout
    assert '$env:AWS_REGION = "us-east-1"' in awsit("sandbox", "env", "--shell", "powershell").stdout


def test_a_start_says_as_whom_functions_run_once(awsit):
    assert "runs as you, on this machine" in awsit("sandbox", "start").stderr
    assert "runs as you" not in awsit("sandbox", "start").stderr


def test_another_port_than_usual_is_said(awsit, wiring):
    wiring.sandbox_fake.usual_port = 4599

    assert "Another program has port 4599" in awsit("sandbox", "start").stderr


def test_another_limit_of_functions_holds_from_the_next_start(awsit, wiring):
    assert "It was started with" not in awsit("sandbox", "start").stderr
    wiring.sandbox_fake.info = replace(wiring.sandbox_fake.info, concurrency=16)
    assert "It was started with" not in awsit("sandbox", "start").stderr
    stderr = awsit("sandbox", "start", env={"AWSIT_SANDBOX_CONCURRENCY": "4"}).stderr
    assert "a limit of 16 functions at once: `sandbox_concurrency` holds after `awsit sandbox stop`" in stderr


def test_the_life_of_a_sandbox(awsit):
    assert awsit("sandbox", "status").exit_code == 4
    assert "endpoint  http://127.0.0.1:4566" in awsit("sandbox", "start").stdout
    assert report_of(awsit("sandbox", "status", "--json"))["port"] == 4566
    assert awsit("sandbox", "reset").exit_code == 0
    assert "has stopped" in awsit("sandbox", "stop").stderr
    assert "No sandbox was running" in awsit("sandbox", "stop").stderr


@pytest.mark.parametrize("text", ["sandbox = [", 'engine = "lambda"', "[[sandbox.templates]]", "unknown = 1"])
def test_a_sandbox_is_seen_and_stopped_with_an_invalid_configuration(awsit, tmp_path, text):
    awsit("sandbox", "start")
    (tmp_path / "awsit.toml").write_text(text)

    assert "The sandbox runs." in awsit("sandbox", "status").stdout
    assert "AWS_ENDPOINT_URL" in awsit("sandbox", "env").stdout
    assert awsit("sandbox", "reset").exit_code == 3  # it would deploy what awsit.toml names
    stopped = awsit("sandbox", "stop")
    assert "has stopped" in stopped.stderr
    assert stopped.exit_code == 0


@pytest.mark.parametrize(
    "command",
    ["run", "validate", "list-scenarios", "status", "logs", "stop", "deploy", "push", "destroy", "sandbox start"],
)
def test_each_help_fits_a_terminal_and_ends_with_examples(awsit, command):
    shown = awsit(*command.split(), "--help").stdout
    assert shown.rstrip().splitlines()[-1].lstrip().startswith(("awsit ", "cat "))
    assert f"awsit {command}" in shown[shown.index("Examples:") :]


@pytest.mark.parametrize("command", [*(entry.name for entry in COMMANDS), "sandbox start", ""])
@pytest.mark.parametrize("width", [60, 80])
def test_each_help_fits_the_width(command, width):
    context = click.Context(cli, info_name="awsit", terminal_width=width, **cli.context_settings)
    for name in command.split():
        context = click.Context(context.command.get_command(context, name), parent=context, info_name=name)
    lines = context.get_help().splitlines()
    assert [line for line in lines if len(line) > width and not UNBREAKABLE.fullmatch(line)] == []


@pytest.mark.parametrize("command", [(), ("sandbox",)])
def test_without_a_command_there_is_the_help_and_no_error(awsit, command):
    result = awsit(*command)
    assert result.exit_code == 2
    assert result.stderr == awsit(*command, "--help").stdout


def test_help_groups_the_commands(awsit, snapshot):
    assert awsit("--help").stdout == snapshot


@pytest.mark.parametrize(
    ("words", "slow"),
    [
        (["--help"], {"boto3", "pydantic", "rich", "jinja2", "yaml", "tomllib", "logging", "hashlib", "awsit.config"}),
        (["--version"], {"boto3", "pydantic", "rich", "logging", "hashlib", "awsit.config"}),
        (["list-scenarios"], {"boto3", "pydantic", "jinja2"}),
        (
            ["validate", "scenarios"],
            {"boto3", "botocore", "jinja2", "jsonpath", "pydantic_core", "urllib3", "awsit.actions.dynamodb.action"},
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_what_only_reads_a_little_imports_nothing_slow(scenario, tmp_path, words, slow):
    scenario()
    program = (
        "import sys\nfrom awsit.cli.main import cli\n"
        f"try:\n    cli.main({words}, 'awsit')\nexcept SystemExit:\n    pass\n"
        f"print(sorted({slow} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == "[]"


SERVED = """
import re, sys, threading
compiled, compile = [], re.compile
def recorded(pattern, flags=0):
    of = sys._getframe(1)
    compiled.extend([of.f_globals.get("__name__", "")] if of.f_code.co_name == "<module>" else [])
    return compile(pattern, flags)
re.compile = recorded
from http.server import BaseHTTPRequestHandler, HTTPServer

class Orders(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"order_id": "o-1", "status": "created"}')

    def log_message(self, *_):
        pass

server = HTTPServer(("127.0.0.1", 0), Orders)
threading.Thread(target=server.serve_forever, daemon=True).start()
from awsit.cli.main import cli
try:
    cli.main(["run", "orders.yaml", "--var", f"port={server.server_port}"], "awsit")
except SystemExit as end:
    print(*(name for name in compiled if name.startswith("awsit.")))
    print(end.code, *sys.modules)
"""
OF_NAMES_ONLY = """
name: orders
variables: {port: 80}
actions:
  - name: First
    type: http_call
    params: {url: "http://127.0.0.1:{{ vars.port }}/orders"}
    pass_to_context: {order_id: $.body.order_id}
    assert: [{path: "$.headers['content-type']", contains: json}]
  - name: Second
    type: http_call
    params: {url: "http://127.0.0.1:{{ vars.port }}/orders/{{ context.order_id }}"}
    assert: [{path: $.body.status, equals: created}]
"""


LIBRARIES_OF_A_RUN = {"click", "msgspec", "pyyaml", "simplejson", "urllib3"}
OF_OTHERS = {"backports-zstd", "brotli", "certifi", "setuptools", "typing-extensions"}
"""What those and the virtual environment import, some only where it is installed."""
OF_MSGSPEC = {"awsit.actions.http_call.plain", "awsit.scenario.schema.plain"}
"""Where msgspec's `Meta` compiles patterns."""
SLOW = {"asyncio", "concurrent.futures", "difflib", "statistics", "subprocess", "zoneinfo"}
FOR_OTHERS = {
    "awsit.actions.dynamodb.action",
    "awsit.cli.running.suite_pool",
    "awsit.diagnosis.ranking",
    "awsit.reporting.terminal.failure",
}
"""What only failures, suites in the account and other action types need."""


@pytest.mark.parametrize("words", [["status"], ["runs"], ["report", "--html", "page.html"]], ids=" ".join)
def test_what_shows_a_run_imports_no_pydantic(awsit, tmp_path, words):
    (tmp_path / "waits.yaml").write_text("name: waits\nactions: [{name: Wait, type: wait, params: {seconds: 0}}]\n")
    assert awsit("run", "waits.yaml").exit_code == 0
    program = (
        "import sys\nfrom awsit.cli.main import cli\n"
        f"try:\n    cli.main({words}, 'awsit')\nexcept SystemExit as end:\n    code = end.code\n"
        "print(code, 'pydantic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert done.stdout.splitlines()[-1] == "0 False", done.stdout + done.stderr


def test_a_local_run_of_names_and_plain_paths_imports_no_library_that_it_does_without(tmp_path):
    (tmp_path / "orders.yaml").write_text(OF_NAMES_ONLY)
    done = subprocess.run([sys.executable, "-c", SERVED], capture_output=True, text=True, check=True, cwd=tmp_path)
    *_, compiled, last = done.stdout.splitlines()
    code, *modules = last.split()
    distributions = packages_distributions()
    packages = {module.partition(".")[0] for module in modules}
    libraries = {
        distributions[name][0].lower().replace(".", "-").replace("_", "-") for name in packages & distributions.keys()
    }

    assert code == "0", done.stdout
    assert libraries - {"awsit"} - OF_OTHERS <= LIBRARIES_OF_A_RUN
    assert (SLOW | FOR_OTHERS).isdisjoint(modules)
    assert set(compiled.split()) <= OF_MSGSPEC, "awsit.patterns compiles a pattern when it is first used"


def test_a_scenario_in_the_working_folder_has_a_name_too(awsit, scenario):
    scenario(PASSING, "order_is_stored.yaml", "")
    assert awsit("run", "order_is_stored").exit_code == 0


def test_two_scenarios_of_one_name_are_named_by_file(awsit, scenario):
    scenario()
    scenario(PASSING, "copy.yaml")
    result = awsit("run", "order_is_stored")
    assert result.exit_code == 2
    assert "scenarios/copy.yaml and scenarios/order_is_stored.yaml" in result.stderr


@pytest.mark.parametrize("words", [["run", "--stack", ""], ["run", "--stack="], ["report", ""]])
def test_a_shell_completes_a_line_that_is_not_whole(words: list[str]) -> None:
    offered = ShellComplete(cli, {}, "awsit", "_AWSIT_COMPLETE").get_completions(words, "--html")

    assert [each.value for each in offered] == ["--html"]

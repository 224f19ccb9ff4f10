"""Bad input: one clear message with what to do, the right exit code, nothing half-started."""

import errno
import os
import re

import pytest
from botocore.exceptions import EndpointConnectionError, NoCredentialsError
from tests.functional.fakes import EXECUTION, MACHINE, PASSING, RUN_ID, client_error


def assert_error(result, code, *words):
    """Assert the exit code, and an error with these words and with what to do: a hint, a place or a near name.

    Returns the text of the standard error.
    """
    assert result.exit_code == code, result.output
    assert result.stderr.startswith("error: "), result.stderr
    assert re.search(r"^hint: |^ +--> |did you mean", result.stderr, re.MULTILINE), result.stderr
    for word in words:
        assert word in result.stderr, result.stderr
    return result.stderr


def test_a_scenario_that_is_not_there_offers_the_near_names(awsit, scenario):
    scenario()
    assert_error(
        awsit("run", "order_is_sotred"), 3, "there is no scenario 'order_is_sotred' in scenarios", "order_is_stored?"
    )


def test_a_file_that_is_not_there_offers_the_near_files(awsit, scenario, tmp_path):
    scenario()
    assert_error(awsit("run", "scenarios/order_is_sotred.yaml"), 3, "did you mean scenarios/order_is_stored.yaml?")
    assert_error(awsit("run", "scenario/order_is_stored.yaml"), 3, "did you mean scenarios/order_is_stored.yaml?")
    assert_error(awsit("run", "scenario/other.yaml"), 3, "check the path")
    assert_error(awsit("run", "order_is_stored.yml"), 3, "did you mean scenarios/order_is_stored.yaml?")
    (tmp_path / "action.yml").write_text("")
    assert_error(awsit("run", "fails.yml"), 3, "there is no file or folder fails.yml", "hint: check the path")
    assert_error(awsit("run", "other.yml"), 3, "check the path")


def test_a_device_is_told_from_a_file_that_is_not_there(awsit):
    assert_error(awsit("run", "/dev/full"), 3, "/dev/full is neither a file nor a folder", "name a file")


def test_a_folder_without_scenarios(awsit, tmp_path):
    (tmp_path / "empty").mkdir()
    assert_error(awsit("run", "empty"), 3, "no scenario in the folder empty")


def test_text_that_is_not_yaml_is_shown_with_line_column_and_caret(awsit, scenario, snapshot):
    scenario("name: broken\nactions:\n  - {name: A, type: wait\n")
    result = awsit("run", "scenarios/order_is_stored.yaml")
    assert_error(result, 3)
    assert result.stderr == snapshot


def test_text_that_is_not_json_is_shown_with_line_column_and_caret(awsit, scenario, snapshot):
    scenario('{"name": "broken",\n "actions": [,]}\n', "broken.json")
    result = awsit("run", "scenarios/broken.json")
    assert_error(result, 3)
    assert result.stderr == snapshot


def test_every_problem_is_shown_at_its_place(awsit, scenario, snapshot):
    scenario(
        PASSING.replace("pass_to_context", "pass_to_contxt").replace(
            'type: http_call\n    params: {url: "http://orders.test/orders/{{',
            'type: htp_call\n    params: {url: "http://orders.test/orders/{{',
        )
    )
    result = awsit("run", "order_is_stored")
    assert_error(result, 3, "pass_to_context", "http_call")
    assert result.stderr == snapshot


def test_a_missing_parameter_is_named(awsit, scenario):
    scenario("name: x\nactions:\n  - {name: A, type: http_call, params: {method: GET}}\n")
    assert_error(awsit("run", "scenarios/order_is_stored.yaml"), 3, "url", "--> scenarios/order_is_stored.yaml:3:")


def test_nothing_is_sent_when_one_of_several_scenarios_is_wrong(awsit, scenario, wiring):
    scenario()
    scenario("name: x\nactions: []\n", "wrong.yaml")
    assert_error(awsit("run", "scenarios", "--stack", "awsit"), 3, "wrong.yaml is not valid")
    assert wiring.remote.requests == []


@pytest.mark.parametrize("given", ["quantity", "=3"])
def test_a_variable_without_a_name_or_value(awsit, scenario, given):
    scenario()
    assert_error(awsit("run", "order_is_stored", "--var", given), 2, "is not of the form name=value")


def test_a_variable_that_the_scenario_does_not_have(awsit, scenario):
    scenario()
    assert_error(awsit("run", "order_is_stored", "--var", "quantty=1"), 3, "quantty", "quantity")


def test_an_environment_variable_that_is_not_set(awsit, scenario):
    scenario(PASSING.replace("quantity: 2", 'quantity: "{{ env.QUANTITY }}"'))
    assert_error(awsit("run", "order_is_stored"), 3, "reads QUANTITY from the environment", "export QUANTITY=")


def test_an_engine_that_is_not_known(awsit, scenario):
    scenario()
    assert_error(
        awsit("run", "order_is_stored", "--engine", "lambda"), 2, "'lambda' is not one of local, stepfunctions"
    )


def test_no_wait_with_the_local_engine(awsit, scenario):
    scenario()
    assert_error(awsit("run", "order_is_stored", "--no-wait"), 2, "--no-wait needs Step Functions")


def test_a_configuration_file_that_is_not_toml(awsit, scenario, tmp_path):
    scenario()
    (tmp_path / "awsit.toml").write_text('region = "eu-west-1"\nstack = awsit\n')
    assert_error(
        awsit("run", "order_is_stored"), 3, "awsit.toml is not TOML", "awsit.toml:2:9", "2 | stack = awsit", "^"
    )
    assert "hint: put text into quotes" in awsit("run", "order_is_stored").stderr


def test_a_configuration_file_that_windows_wrote(awsit, tmp_path):
    (tmp_path / "awsit.toml").write_bytes('\ufeffscenarios = "tests"\r\nregoin = 1\r\n'.encode())
    assert_error(awsit("list-scenarios"), 3, "did you mean `region`?", "awsit.toml:2:1")
    (tmp_path / "awsit.toml").write_bytes("\ufeffregoin = 1\r\n".encode())
    assert_error(awsit("list-scenarios"), 3, "did you mean `region`?", "1 | regoin = 1\n  | ^^^^^^\n")
    (tmp_path / "awsit.toml").write_bytes('scenarios = "tests"\r\n'.encode("utf-16"))
    assert_error(awsit("list-scenarios"), 3, "awsit.toml is not TOML", "hint: save it as UTF-8")
    (tmp_path / "awsit.toml").write_bytes('\ufeffscenarios = "tests"\r\n'.encode())
    result = awsit("list-scenarios")
    assert (result.exit_code, result.output) == (0, "There are no scenarios. Looked in: tests\n")


def test_a_configuration_file_with_an_unknown_setting(awsit, tmp_path):
    (tmp_path / "awsit.toml").write_text('# mine\nregoin = "eu-west-1"\n')
    assert_error(
        awsit("list-scenarios"), 3, "there is no setting `regoin`; did you mean `region`?", "awsit.toml:2:1", "^^^^^^"
    )


def test_a_setting_of_the_wrong_kind(awsit, tmp_path):
    (tmp_path / "awsit.toml").write_text("sandbox = 3\n")
    assert_error(awsit("list-scenarios"), 3, "sandbox: 3 is not true or false")


@pytest.mark.parametrize("command", ["status", "logs", "stop"])
@pytest.mark.parametrize(
    "reference", ["arn:aws:states:eu-west-1:123456789012:stateMachine:x", "arn:foo", "order", "run-1"]
)
def test_a_malformed_reference(awsit, command, reference):
    assert_error(awsit(command, reference), 2, f"'{reference}' is not", "run-01J9ZK3M4N5P6Q7R8S9T0V1W2X")


def test_a_malformed_state_machine_arn(awsit, scenario, wiring):
    wiring.aws_error = RuntimeError("must not be called")
    scenario()
    assert_error(
        awsit("run", "order_is_stored", "--state-machine-arn", "arn:foo"), 2, "is not the ARN of a state machine"
    )


ERRORS = {
    "no credentials": (NoCredentialsError(), ["credentials", "--profile"]),
    "expired token": (
        client_error("ExpiredToken", "The security token is expired", "DescribeStacks"),
        ["have expired"],
    ),
    "stack not deployed": (
        client_error("ValidationError", "Stack with id awsit does not exist", "DescribeStacks"),
        ["awsit deploy"],
    ),
    "access denied": (
        client_error(
            "AccessDenied",
            "User: arn:aws:iam::123456789012:user/x is not authorized to perform: cloudformation:DescribeStacks "
            "on resource: arn:aws:cloudformation:eu-west-1:123456789012:stack/awsit/*",
            "DescribeStacks",
        ),
        ["cloudformation:DescribeStacks"],
    ),
    "no network": (
        EndpointConnectionError(endpoint_url="https://cloudformation.eu-west-1.amazonaws.com"),
        ["check the network"],
    ),
}


@pytest.mark.parametrize("name", ERRORS)
@pytest.mark.parametrize(
    "command",
    [
        ["run", "order_is_stored", "--stack", "awsit"],
        ["status", RUN_ID],
        ["logs", RUN_ID],
        ["stop", RUN_ID],
        ["list-scenarios", "--stack", "awsit"],
        ["push", "scenarios", "--stack", "awsit"],
    ],
    ids=lambda command: command[0],
)
def test_what_aws_refuses(awsit, scenario, wiring, name, command):
    wiring.aws_error, words = ERRORS[name]
    scenario()
    assert_error(awsit(*command), 4, *words)


def test_an_unknown_state_machine(awsit, scenario, wiring):
    wiring.aws_error = client_error(
        "StateMachineDoesNotExist", f"State Machine Does Not Exist: '{MACHINE}'", "Describe"
    )
    scenario()
    assert_error(awsit("run", "order_is_stored", "--state-machine-arn", MACHINE), 4, MACHINE, "check the ARN's name")


def test_an_unknown_execution(awsit, wiring):
    wiring.aws_error = client_error("StateMachineDoesNotExist", "State Machine Does Not Exist", "Describe")
    assert_error(awsit("status", EXECUTION), 4, "could not read the state machine")


def test_a_scenario_that_is_gone_from_the_bucket(awsit, wiring):
    assert_error(awsit("run", "order_is_stored", "--stack", "awsit"), 3, "in this folder or the stack's bucket")


def test_a_bucket_offers_the_near_names(awsit, scenario):
    awsit("push", str(scenario(folder="elsewhere/deep")), "--stack", "awsit")
    assert_error(awsit("run", "order_is_sotred", "--stack", "awsit"), 3, "did you mean order_is_stored?")


def test_the_port_of_the_sandbox_is_taken(awsit):
    assert_error(awsit("sandbox", "start", "--port", "80"), 4, "cannot use port 80", "--port")


@pytest.mark.parametrize(
    "command", [["sandbox", "reset"], ["status", RUN_ID, "--sandbox"], ["list-scenarios", "--sandbox"]]
)
def test_the_emulator_has_died(awsit, wiring, command):
    wiring.sandbox_fake.died = True
    wiring.remote_engine = wiring.scenario_store = lambda settings, *_: wiring.aws(settings)
    assert_error(awsit(*command), 4, "the sandbox has died", "awsit sandbox start")


def test_a_template_needs_the_name_of_its_stack(awsit):
    assert_error(awsit("deploy", "--template", "x.yaml"), 2, "--template needs the name of its stack", "--stack NAME")


def test_destroy_never_removes_anything_that_nobody_confirmed(awsit):
    assert_error(awsit("destroy"), 2, "add --yes")


@pytest.mark.parametrize("seconds", ["nan", "inf", "1e400", "0", "86401", "x"])
@pytest.mark.parametrize("command", ["run", "plan"])
def test_a_time_that_no_run_can_have(awsit, scenario, command, seconds):
    assert_error(awsit(command, str(scenario()), "--timeout", seconds), 2, "--timeout", f"awsit {command} --help")


@pytest.mark.parametrize("words", [["run", ""], ["validate", ""], ["plan", ""], ["push", "", "--stack", "s"]])
def test_an_empty_path_is_not_the_current_folder(awsit, scenario, words):
    scenario()
    assert_error(awsit(*words), 2, "a path is empty", "is a variable of the shell not set?")


@pytest.mark.parametrize(
    "words",
    [["--stack", ""], ["--stack="], ["--profile", ""], ["--junit", ""], ["--json="], ["--tag", "a", "--tag", ""]],
)
def test_an_option_without_a_value_is_not_passed_over(awsit, scenario, wiring, words):
    assert_error(awsit("run", str(scenario()), *words), 2, "is given without a value", "awsit run --help")
    assert wiring.http_fake.requests == []


@pytest.mark.parametrize(
    "words", [["deploy", "--region"], ["run", "a.yaml", "--jobs"], ["schedule", "list", "--stack"]]
)
def test_an_option_that_lacks_its_value_is_shown_with_the_help_of_its_command(awsit, words):
    command = " ".join(word for word in words[:2] if word.isalpha())
    assert_error(awsit(*words), 2, f"Option '{words[-1]}' requires an argument", f"see awsit {command} --help")


def test_the_current_folder_has_been_removed(awsit, scenario, tmp_path, monkeypatch):
    path = scenario()
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert_error(awsit("run", str(path)), 4, "the current folder is not there any more", "change to one that is")


@pytest.mark.parametrize("text", [PASSING, "name: caf\n"])
def test_a_pipe_of_the_shell_is_read_as_the_standard_input_is(awsit, tmp_path, monkeypatch, text):
    monkeypatch.chdir(tmp_path)
    reading, writing = os.pipe()
    os.write(writing, text.encode())
    os.close(writing)
    result = awsit("run", f"/dev/fd/{reading}")
    os.close(reading)
    assert result.exit_code == (0 if text == PASSING else 3), result.output
    assert "PASSED  order_is_stored" in result.stdout or f" --> /dev/fd/{reading}:1:1" in result.stderr


def test_an_unknown_command_offers_the_near_ones(awsit):
    assert_error(awsit("rum"), 2, "there is no command 'rum'; did you mean run?")
    assert_error(awsit("sandbox", "strat"), 2, "did you mean start or status?")


def test_a_command_that_is_an_option_offers_the_option(awsit):
    assert_error(awsit("help"), 2, "did you mean awsit --help?")
    assert_error(awsit("help", "run"), 2, "did you mean awsit run --help?")
    assert_error(awsit("sandbox", "help"), 2, "did you mean awsit sandbox --help?")
    assert_error(awsit("version"), 2, "did you mean awsit --version?")


def test_an_unknown_option(awsit):
    assert_error(awsit("run", "x", "--snadbox"), 2, "--snadbox", "--sandbox")


def test_a_file_that_may_not_be_written(awsit, scenario, monkeypatch):
    scenario()
    error = PermissionError(errno.EACCES, "Permission denied", ".awsit/reports")
    monkeypatch.setattr("awsit.reporting.formats.json_.save", lambda *_: (_ for _ in ()).throw(error))
    assert_error(awsit("run", "order_is_stored"), 4, ".awsit/reports: Permission denied")


def test_a_bug_of_ours_says_so_and_where_its_log_is(awsit, scenario, monkeypatch, tmp_path):
    scenario()
    monkeypatch.setattr("awsit.cli.running.runner.Runner.run", lambda *_: 1 / 0)
    message = assert_error(
        awsit("run", "order_is_stored"), 70, "this is a bug in awsit: ZeroDivisionError: division by zero"
    )
    log = next((tmp_path / ".awsit" / "logs").iterdir())
    assert str(log) in message.replace("\n", "").replace("      ", "") or log.name in message
    assert "Traceback" in log.read_text()


def test_a_reader_that_has_gone_is_no_error_message(awsit, monkeypatch):
    monkeypatch.setattr("awsit.cli.selection.folders.project_files", lambda *_: (_ for _ in ()).throw(BrokenPipeError))
    result = awsit("list-scenarios")
    assert result.exit_code == 4
    assert result.stderr == ""


def test_an_error_of_a_client_that_no_layer_translated(awsit, scenario, monkeypatch):
    scenario()
    monkeypatch.setattr("awsit.cli.running.runner.Runner.run", lambda *_: (_ for _ in ()).throw(NoCredentialsError()))
    assert_error(awsit("run", "order_is_stored"), 4, "credentials")


def test_a_scenario_over_the_limit(awsit, scenario):
    scenario(PASSING + "# " + "x" * 2_000_000)
    assert_error(awsit("run", "scenarios/order_is_stored.yaml"), 3, "is larger than", "split it")


def test_a_link_that_leads_nowhere_is_named(awsit, tmp_path):
    for name, goal in (("loop.yaml", "loop.yaml"), ("gone.yaml", "missing.yaml")):
        (tmp_path / name).symlink_to(goal)
        assert_error(awsit("validate", name), 3, f"{name} is a link that leads to no file", "let it point to a file")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"name: caf\xe9\nactions: []\n", "the byte 0xE9 is not UTF-8 text"),
        ("name: x\nactions: []\n".encode("utf-16"), "the standard input is UTF-16 text"),
        (b"", "the standard input is empty"),
        (b"# later\n", "holds only comments"),
    ],
)
def test_the_standard_input_is_read_as_a_file_is(awsit, content, message):
    result = awsit("validate", "-", stdin=content)
    assert result.exit_code == 3
    assert message in result.stdout
    assert "hint: " in result.stdout


def test_a_scenario_in_utf_16_is_not_passed_over_in_a_folder(awsit, tmp_path):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios" / "a.yaml").write_bytes(PASSING.encode("utf-16"))
    result = awsit("validate", "scenarios")
    assert result.exit_code == 3
    assert "scenarios/a.yaml is UTF-16 text" in result.stdout


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ('{"name": "x", "v": -Infinity}', "`-Infinity` is not a number in JSON", "no comments"),
        ('{"name": "x", "v": NaN}', "`NaN` is not a number in JSON", "no comments"),
        ('{"name": "x", "description": "\\ud83d", "actions": []}', "holds `\\ud83d`, half of a", "write both halves"),
    ],
)
def test_what_json_cannot_hold_is_named(awsit, scenario, text, message, hint):
    scenario(text, "a.json")
    result = awsit("validate", "scenarios/a.json")
    assert result.exit_code == 3
    assert message in result.stdout
    assert hint in result.stdout


def test_an_alias_of_what_holds_it_says_what_to_do(awsit, scenario):
    scenario("name: x\nactions: &a\n  - {name: A, type: parallel, params: {branches: *a}}\n")
    result = awsit("validate", "scenarios/order_is_stored.yaml")
    assert result.exit_code == 3
    assert "order_is_stored.yaml:2:10" in result.stdout
    assert "hint: write out what the alias stands for" in result.stdout

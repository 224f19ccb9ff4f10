"""Flag > environment > awsit.toml > default."""

import os
import re
from pathlib import Path

import pytest

from awsit import config
from awsit.config_values import misspelt
from awsit.errors import InvalidInputError, NotFoundError, UsageError

ARN = "arn:aws:states:eu-west-1:123456789012:stateMachine:awsit"
NO_NAME = "is not the name of a variable such as DB_PASSWORD, or a list of them"


def load(folder: Path, flags=None, variables=None, file=None):
    return config.load(flags or {}, variables or {}, folder, file)


def write(folder: Path, text: str) -> Path:
    path = folder / "awsit.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_anything_the_defaults_hold(tmp_path):
    settings = load(tmp_path)
    assert settings.engine == "local"
    assert settings.stack_name == "awsit"
    assert settings.scenarios == (tmp_path / "scenarios", tmp_path)
    assert settings.state_folder == tmp_path / ".awsit"
    assert settings.report_folder == tmp_path / ".awsit" / "reports"
    assert settings.file is None


def test_a_flag_wins_over_a_variable_and_a_variable_over_the_file(tmp_path):
    write(tmp_path, 'region = "file"\nprofile = "file"\nlog_level = "error"\n')
    settings = load(tmp_path, {"region": "flag"}, {"AWSIT_REGION": "variable", "AWSIT_PROFILE": "variable"})
    assert (settings.region, settings.profile, settings.log_level) == ("flag", "variable", "error")
    assert settings.origins == {"region": "--region", "profile": "AWSIT_PROFILE", "log_level": "awsit.toml"}


def test_a_flag_that_was_not_given_hides_nothing(tmp_path):
    write(tmp_path, 'region = "file"\nsandbox = true\n')
    settings = load(tmp_path, {"region": None, "sandbox": None})
    assert settings.region == "file"
    assert settings.sandbox


def test_the_file_is_found_upwards_and_its_paths_are_its_own(tmp_path):
    write(tmp_path, 'scenarios = ["checks", "more"]\nstate_folder = "state"\n')
    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    settings = load(below)
    assert settings.root == tmp_path
    assert settings.scenarios == (tmp_path / "checks", tmp_path / "more")
    assert settings.report_folder == tmp_path / "state" / "reports"


def test_the_nearest_file_is_the_one(tmp_path):
    write(tmp_path, 'region = "far"\n')
    below = tmp_path / "below"
    below.mkdir()
    write(below, 'region = "near"\n')
    assert load(below).region == "near"


def test_a_file_that_is_named_is_read_and_must_exist(tmp_path):
    other = tmp_path / "other.toml"
    other.write_text('region = "other"\n')
    assert load(tmp_path, file=other).region == "other"
    with pytest.raises(NotFoundError, match="no configuration file"):
        load(tmp_path, file=tmp_path / "none.toml")


def test_folders_in_a_variable_are_separated_as_in_path(tmp_path):
    settings = load(tmp_path, variables={"AWSIT_SCENARIOS": os.pathsep.join(["a", "b"])})
    assert settings.scenarios == (tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize("given", [{"stack": "x"}, {"state_machine_arn": ARN}, {"sandbox": True}])
def test_a_target_makes_step_functions_the_engine(tmp_path, given):
    assert load(tmp_path, given).engine == "stepfunctions"
    assert load(tmp_path, {**given, "engine": "local"}).engine == "local"


def test_a_target_hides_the_targets_and_the_engine_below_it(tmp_path):
    write(tmp_path, f'engine = "local"\nstate_machine_arn = "{ARN}"\n')
    settings = load(tmp_path, {"stack": "mine"})
    assert (settings.engine, settings.stack, settings.state_machine_arn) == ("stepfunctions", "mine", "")


def test_the_sandbox_hides_an_account(tmp_path):
    settings = load(tmp_path, {"sandbox": True}, {"AWSIT_STATE_MACHINE_ARN": ARN})
    assert settings.state_machine_arn == ""


@pytest.mark.parametrize(("text", "value"), [("1", True), ("TRUE", True), ("on", True), ("0", False), ("no", False)])
def test_flags_in_variables(tmp_path, text, value):
    assert load(tmp_path, variables={"AWSIT_SANDBOX": text}).sandbox is value


@pytest.mark.parametrize(
    ("variable", "text", "message"),
    [
        ("AWSIT_SANDBOX", "maybe", "AWSIT_SANDBOX: 'maybe' is not true or false"),
        ("AWSIT_ENGINE", "lambda", "AWSIT_ENGINE: 'lambda' is not one of local, stepfunctions"),
        *(("AWSIT_ALLOW_ENV", text, f"AWSIT_ALLOW_ENV: {text!r} {NO_NAME}") for text in ("A,B", "*", "A=1")),
        ("AWSIT_JOBS", "0", "AWSIT_JOBS: '0' is not a whole number from 1 to 100, or auto"),
        ("AWSIT_LOG_LEVEL", "loud", "AWSIT_LOG_LEVEL: 'loud' is not one of debug, info, warning, error"),
    ],
)
def test_a_variable_with_a_wrong_value_is_named(tmp_path, variable, text, message):
    with pytest.raises(InvalidInputError) as raised:
        load(tmp_path, variables={variable: text})
    assert raised.value.message == message


@pytest.mark.skipif(not hasattr(os, "sched_getaffinity"), reason="asks for the cores as Linux tells them")
def test_jobs_are_one_for_each_core_that_may_be_used_where_that_is_asked_for(tmp_path, monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _: {0, 2, 5})
    write(tmp_path, 'jobs = "auto"')
    assert load(tmp_path).jobs_here == 3
    assert load(tmp_path, variables={"AWSIT_JOBS": "7"}).jobs_here == 7
    assert load(tmp_path, {"jobs": "auto"}, {"AWSIT_JOBS": "7"}).jobs_here == 3
    assert load(tmp_path, {"jobs": 1}, {"AWSIT_JOBS": "7"}).jobs_here == 1


def test_hosts_in_a_variable_are_separated_by_commas_since_addresses_have_colons(tmp_path):
    write(tmp_path, 'allowed_hosts = ["10.0.0.0/8", "a.test"]')
    assert load(tmp_path).allowed_hosts == ("10.0.0.0/8", "a.test")
    hosts = load(tmp_path, variables={"AWSIT_ALLOWED_HOSTS": "fe80::/10, ::1,a.test"}).allowed_hosts
    assert hosts == ("fe80::/10", "::1", "a.test")


@pytest.mark.parametrize("name", ["stack", "region", "profile", "state_machine_arn"])
def test_text_of_a_terminal_that_is_not_utf_8_is_told(tmp_path, name):
    text = os.fsdecode(b"orders\x80")
    with pytest.raises(UsageError, match=r"'orders\\udc80' is not in UTF-8"):
        load(tmp_path, {name: text})
    with pytest.raises(InvalidInputError, match=f"AWSIT_{name.upper()}"):
        load(tmp_path, {}, {f"AWSIT_{name.upper()}": text})


def test_a_flag_with_a_wrong_value_is_a_usage_error(tmp_path):
    with pytest.raises(UsageError, match="--engine: 'lambda' is not one of local, stepfunctions"):
        load(tmp_path, {"engine": "lambda"})


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ('\n  regoin = "x"\n', (2, 3, 6), "no setting `regoin`; did you mean `region`?"),
        ("[sandboxes]\nx = 1\n", (1, 2, 9), "did you mean `sandbox`?"),
        ("sandbox = 'yes!'\n", (1, 11, 6), "'yes!' is not true or false"),
        ("scenarios = [1]\n", (1, 13, 3), "1 is not a folder"),
        ("region = 3\n", (1, 10, 1), "3 is not text"),
        ('allowed_hosts = ["http://x.test/"]\n', (1, 17, 18), "'http://x.test/' is not a host name, an address or"),
        ('allowed_hosts = ["10.0.0.0/99"]\n', (1, 17, 15), "'10.0.0.0/99' is not a host name"),
        ("allowed_hosts = 3\n", (1, 17, 1), "3 is not a host name"),
        ("limits = 5\n", (1, 10, 1), "5 is not a table of rates for http or dynamodb"),
        ('limits = {http = "5/s"}\n', (1, 10, 14), "is not a table of rates for http or dynamodb"),
        ('[limits.queue]\nx = "1/s"\n', (1, 2, 6), "there is no limit of 'queue'; it is of http or dynamodb"),
        ('[limits.http]\n"a.test" = "fast"\n', (1, 2, 6), "'fast' for 'a.test' is not more than 0"),
        ('state_folder = ""\n', (1, 16, 2), "is not a folder"),
        ('state_folder = "~no-such-user/x"\n', (1, 16, 17), "begins with a user that this machine does not have"),
        ('engine = "x"\n', (1, 10, 3), "'x' is not one of"),
        ("a = \n", (1, 5, 1), "Invalid value"),
        ("region = 'x", (1, 12, 1), "nterminated|Expected"),
    ],
)
def test_what_is_wrong_in_the_file_is_shown_at_its_place(tmp_path, text, place, words):
    path = write(tmp_path, text)
    with pytest.raises(InvalidInputError) as caught:
        load(tmp_path)
    (problem,) = caught.value.problems
    assert problem.position is not None
    assert problem.position.file == str(path)
    assert (problem.position.line, problem.position.column, problem.position.length) == place
    assert re.search(words, problem.message)


def test_every_problem_of_the_file_is_told_at_once(tmp_path):
    write(tmp_path, "regoin = 'x'\nsandbox = 3\n")
    with pytest.raises(InvalidInputError) as caught:
        load(tmp_path)
    assert [problem.code for problem in caught.value.problems] == ["unknown_key", "bad_value"]


def test_the_sandboxs_variables_replace_all_of_aws(monkeypatch):
    monkeypatch.setattr(os, "environ", dict(os.environ))
    os.environ.update(AWS_PROFILE="prod", AWS_SESSION_TOKEN="x", AWS_ENDPOINT_URL_S3="https://s3", HOME="/h")
    config.replace_aws_variables({"AWS_ENDPOINT_URL": "http://127.0.0.1:1"})
    assert {name: value for name, value in config.environment().items() if name.startswith("AWS_")} == {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:1"
    }
    assert config.environment()["HOME"] == "/h"


def test_a_file_that_another_user_put_above_is_not_obeyed(tmp_path, monkeypatch):
    file, folder = tmp_path / "awsit.toml", tmp_path / "project"
    file.write_text('region = "eu-west-1"')
    folder.mkdir()
    owners = {file: 4242, folder: 1000, tmp_path: 1000}
    stat = Path.stat

    def owned(path, **options):
        return os.stat_result((*stat(path, **options)[:4], owners.get(path, 1000), *stat(path, **options)[5:10]))

    monkeypatch.setattr(Path, "stat", owned)
    monkeypatch.setattr(os, "getuid", lambda: 1000)

    assert (config.find_file(folder), config.foreign_file(folder)) == (None, file)
    assert (config.find_file(tmp_path), config.foreign_file(tmp_path)) == (file, None)
    for obeyed in (0, 1000):
        owners[file] = obeyed
        assert (config.find_file(folder), config.foreign_file(folder)) == (file, None)
    owners |= {file: 1001, folder: 1001}  # a container's root, in a working copy of 1001
    assert config.find_file(folder) == file


@pytest.mark.parametrize("rest", ["sandbox = [", "unknown = 1", 'engine = "lambda"'])
def test_the_folder_for_state_is_read_from_a_file_that_is_not_valid_otherwise(tmp_path, rest):
    (tmp_path / "awsit.toml").write_text(f'{rest}\nstate_folder = "elsewhere"  # not the usual one\n')

    assert config.load({}, {}, tmp_path, tolerant=True).state_folder == tmp_path / "elsewhere"


def test_all_of_a_valid_file_is_read_when_one_that_is_not_valid_is_tolerated(tmp_path):
    (tmp_path / "awsit.toml").write_text('stack = "orders"\n')

    assert config.load({}, {}, tmp_path, tolerant=True).stack_name == "orders"


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("AWSIT_STAK", "AWSIT_STACK"),
        ("AWSIT_REGOIN", "AWSIT_REGION"),
        ("AWSIT_STATE_MACHINE", "AWSIT_STATE_MACHINE_ARN"),
        ("AWSIT_CONFIGS", "AWSIT_CONFIG"),
        ("AWSIT_STACK", ""),
        ("AWSIT_STATE_KEY", ""),
        ("AWSIT_REPORT", ""),
        ("AWSIT_TABLE", ""),
        ("AWSIT_STAGE", ""),
        ("AWSIT_ORDER_ID", ""),
        ("STAK", ""),
    ],
)
def test_a_variable_that_is_nearly_one_of_awsit_is_told(name, near):
    assert list(misspelt({name: "x", "PATH": "/bin"})) == ([(name, near)] if near else [])

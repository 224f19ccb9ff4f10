from types import SimpleNamespace

import pytest
from click.testing import CliRunner
from tests.functional.fakes import FakeWiring

from awsit.aws.function_concurrency import FunctionConcurrency
from awsit.cli.main import cli
from awsit.cli.session import Session
from awsit.errors import EnvironmentFailure
from awsit.quotas.account import AccountQuotas
from awsit.quotas.catalogue import STATE_TRANSITIONS

BRANCHES = """
setup:
  - name: Both
    type: parallel
    params: {branches: [[{name: A, type: wait, params: {seconds: 0}}], [{name: B, type: wait, params: {seconds: 0}}]]}
"""
SCENARIO = "name: s{}\nactions: [{{name: W, type: wait, params: {{seconds: 0}}}}]\n"


class Suites:
    def __init__(self):
        self.started = []
        self.setups = []
        self.allowed = None
        self.is_older = False
        self.quotas = AccountQuotas()

    def function_concurrency(self):
        return self.allowed

    def account_quotas(self):
        return self.quotas

    def check_setups(self):
        if self.is_older:
            raise EnvironmentFailure("the stack makes no setup of a suite.yaml", code="older_stack")

    def start(self, suite_id, runs, at_once, setups):
        self.started.append((len(runs), at_once))
        self.setups += [each.name for each in setups]
        return f"arn:aws:states:eu-west-1:123456789012:execution:awsit-suite-flow:{suite_id}"


class WithSuites(FakeWiring):
    def __init__(self, folder):
        super().__init__(folder)
        self.fake_suites = Suites()

    def suite_follower(self, settings, suite_id, reference=""):
        return SimpleNamespace(suites=self.fake_suites)


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    wiring = WithSuites(tmp_path)

    def call(count, *arguments, toml="", extra="", allowed=None, quotas=None):
        wiring.fake_suites.allowed = allowed
        wiring.fake_suites.quotas = quotas or AccountQuotas()
        (tmp_path / "awsit.toml").write_text(f'stack = "awsit"\n{toml}', encoding="utf-8")
        (tmp_path / "scenarios").mkdir(exist_ok=True)
        for number in range(count):
            (tmp_path / f"scenarios/s{number}.yaml").write_text(SCENARIO.format(number) + extra, encoding="utf-8")
        result = CliRunner().invoke(cli, ["run", "scenarios/", "--no-wait", *arguments], obj=Session(wiring))
        return result, wiring.fake_suites.started

    call.suites = wiring.fake_suites
    return call


@pytest.mark.parametrize(
    ("count", "arguments", "toml", "started"),
    [
        (50, (), "", [(50, 20)]),
        (49, (), "", []),
        (50, ("--no-in-account",), "", []),
        (50, (), "in_account = false\n", []),
        (2, (), "in_account = true\n", [(2, 20)]),
        (2, ("--in-account", "--jobs", "7"), "", [(2, 7)]),
        (2, ("--jobs", "7"), "in_account = true\n", [(2, 7)]),
        (2, (), 'in_account = true\njobs = "auto"\n', [(2, 20)]),
        (2, ("--in-account", "-j", "auto"), "jobs = 7\n", [(2, 20)]),
    ],
)
def test_who_begins_the_runs(run, count, arguments, toml, started):
    result, suites = run(count, *arguments, toml=toml)

    assert result.exit_code == 0, result.output
    assert suites == started
    assert ("by itself" in result.stderr) is bool(started)


@pytest.mark.parametrize(
    ("allowed", "jobs", "warning", "hint"),
    [
        (None, 50, "", ""),
        (FunctionConcurrency(10, is_reserved=True), 5, "", ""),
        (
            FunctionConcurrency(10, is_reserved=True),
            6,
            "6 runs, of up to 2 steps at once, may call the function 12 times at once, and 10 are reserved for it",
            "--jobs 5, or awsit deploy --parameter ReservedConcurrency=12",
        ),
        (
            FunctionConcurrency(10, is_reserved=False),
            50,
            "may call the function 16 times at once, and the account leaves it 10",
            "--jobs 5, or a higher quota (Service Quotas, Lambda, L-B99A9384)",
        ),
    ],
)
def test_more_calls_at_once_than_the_function_may_have_are_warned_of(run, allowed, jobs, warning, hint):
    result, suites = run(8, "--in-account", "--jobs", str(jobs), extra=BRANCHES, allowed=allowed)

    assert result.exit_code == 0
    assert suites == [(8, jobs)]
    assert warning in " ".join(result.stderr.split())
    assert hint in " ".join(result.stderr.split())
    assert ("warning" in result.stderr) is bool(warning)


@pytest.mark.parametrize(("rate", "is_warned"), [(50, True), (800, False), (5000, False)])
def test_an_account_with_less_than_usual_is_warned_of(run, rate, is_warned):
    quotas = AccountQuotas("eu-central-1", {STATE_TRANSITIONS.code: rate}, is_read=True)
    result, suites = run(2, "--in-account", quotas=quotas)

    assert suites == [(2, 20)]
    words = "warning: Step Functions: state transitions of standard workflows: 50 (burst 800) transitions a second"
    assert (words in " ".join(result.stderr.split())) is is_warned
    assert ("warning" in result.stderr) is is_warned


@pytest.mark.parametrize(
    ("arguments", "extra", "reason", "hint"),
    [
        (("--engine", "local"), "", "the engine `local` runs scenarios in this process", "name a --stack"),
        ((), "concurrency: {key: k}\n", "the `concurrency` key `k`, which this machine keeps apart", "leave that out"),
    ],
)
def test_what_the_account_cannot_run_by_itself(run, arguments, extra, reason, hint):
    result, suites = run(2, "--in-account", *arguments, extra=extra)

    assert result.exit_code == 2
    assert reason in result.stderr
    assert hint in result.stderr
    assert suites == []


@pytest.mark.parametrize(("count", "toml"), [(50, ""), (2, "in_account = true\n")])
def test_a_suite_that_cannot_be_in_the_account_says_why(run, count, toml):
    result, suites = run(count, toml=toml, extra="concurrency: {key: k}\n")

    assert f"{count} runs are started from here, one by one" in result.stderr
    assert suites == []


def test_the_project_keeps_no_run_from_this_process(run):
    result, suites = run(2, "--engine", "local", toml="in_account = true\n")

    assert "the account" not in result.stderr
    assert suites == []


def older(*_):
    raise EnvironmentFailure("the stack has no state machine for suites", code="older_stack")


@pytest.mark.parametrize(("arguments", "code"), [((), 0), (("--in-account",), 4)])
def test_a_stack_of_an_older_version_runs_suites_as_it_did(run, monkeypatch, arguments, code):
    monkeypatch.setattr(WithSuites, "suite_follower", older)

    result, _ = run(50, *arguments)

    assert result.exit_code == code
    assert "the stack has no state machine for suites" in result.stderr
    assert ("started from here, one by one" in result.stderr) is not bool(arguments)


def test_a_suite_that_is_only_started_is_shown(run):
    result, _ = run(2, "--in-account")

    suite_id = result.stdout.splitlines()[0]
    assert suite_id.startswith("suite-")
    assert f"awsit status {suite_id}" in result.stderr


@pytest.mark.parametrize(
    ("number", "message"),
    [("many", "'many' is not a valid number of runs, or auto"), ("101", "101 is not in the range 1<=x<=100")],
)
def test_how_many_at_once_is_a_number_or_auto(run, number, message):
    result, _ = run(1, "--jobs", number)

    assert result.exit_code == 2
    assert message in " ".join(result.stderr.split())


@pytest.fixture
def setup(tmp_path):
    (tmp_path / "scenarios").mkdir()
    (tmp_path / "scenarios/suite.yaml").write_text("setup: [{name: W, type: wait, params: {seconds: 0}}]\n")


@pytest.mark.usefixtures("setup")
def test_the_account_makes_the_setup_of_a_suite_too(run):
    result, started = run(2, "--in-account")

    assert result.exit_code == 0
    assert started == [(2, 20)]
    assert run.suites.setups == ["suite:scenarios"]


@pytest.mark.usefixtures("setup")
def test_a_stack_of_an_older_version_makes_no_setup_by_itself(run):
    run.suites.is_older = True
    demanded, _ = run(2, "--in-account")
    usual, started = run(50)

    assert demanded.exit_code == 4
    assert "the stack makes no setup of a suite.yaml" in demanded.stderr
    assert "51 runs are started from here, one by one" in usual.stderr
    assert started == []

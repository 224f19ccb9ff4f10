"""Every row of the table of exit codes, by commands that end so."""

from types import SimpleNamespace

import pytest
from tests.functional.fakes import CREATED, FAILING, PASSING, FakeWiring

from awsit.aws.client.clients import AwsClients
from awsit.cli.exit_codes import MEANINGS, WORST_FIRST
from awsit.config import Settings, environment
from awsit.errors import ActionError, ErrorKind, ExitCode
from awsit.http.fake import FakeTransport
from awsit.model.http import HttpRequest, HttpResponse

FILE = "scenarios/order_is_stored.yaml"
RUN = ("run", FILE)
QUEUE = "actions: [{name: Send, type: aws_api, params: {service: sqs, operation: ListQueues}}]"
STACK = "{{ stack('orders').ApiUrl }}"
OUTPUT = "{{ stack('orders').ApiUrll }}/orders"
STACKS = {
    "Stacks": [{"StackName": "orders", "Outputs": [{"OutputKey": "ApiUrl", "OutputValue": "http://orders.test"}]}]
}
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "not-a-secret"}
REGION = {"AWS_REGION": "eu-west-1"}


def reads(url: str) -> str:
    return f'name: order_is_stored\nactions: [{{name: Read, type: http_call, params: {{url: "{url}"}}}}]\n'


CASES = {
    "passed": (0, RUN, None, {}, "PASSED"),
    "a check does not hold": (1, RUN, FAILING, {}, "shipped"),
    "the service refuses the connection": (1, RUN, reads("http://down.test/"), {}, "refused the connection"),
    "an option that there is not": (2, (*RUN, "--snadbox"), None, {}, "--sandbox"),
    "a report's path is a folder": (2, (*RUN, "--junit", "scenarios"), None, {}, "is a folder"),
    "the scenario is not valid": (3, RUN, "name: x\ntgas: x\nactions: []\n", {}, "unknown key"),
    "the scenario is not there": (3, ("run", "order_is_sotred"), None, {}, "order_is_stored?"),
    "an environment variable is not set": (3, RUN, reads("{{ env.ORDERS_URL }}"), {}, "export ORDERS_URL="),
    "no region": (4, RUN, f"name: x\n{QUEUE}", KEYS, "no AWS region is configured"),
    "no region for a stack": (4, RUN, reads(STACK), KEYS, "no AWS region is configured"),
    "an unknown profile": (4, (*RUN, "--profile", "nope"), f"name: x\n{QUEUE}", REGION, "profile (nope)"),
    "no credentials": (4, RUN, f"name: x\n{QUEUE}", REGION, "unable to locate credentials"),
    "expired credentials": (
        4, RUN, f"name: x\n{QUEUE}", {**KEYS, **REGION, "AWS_SESSION_TOKEN": "old"}, "credentials have expired",
    ),
    "a stack that is not there": (4, RUN, reads("{{ stack('oders').ApiUrl }}"), {**KEYS, **REGION}, "does not exist"),
    "an output that is not there": (4, RUN, reads(OUTPUT), {**KEYS, **REGION}, "did you mean `ApiUrl`?"),
    "a report that cannot be written": (4, (*RUN, "--junit", f"{FILE}/a.xml"), None, {}, "cannot be written"),
    "kept": (5, (*RUN, "--keep"), None, {}, "awsit cleanup"),
    "a fault": (70, RUN, None, {}, "this is a bug in awsit"),
    "Ctrl-C": (130, RUN, None, {}, "Interrupted"),
}  # fmt: skip
ENDS = {"a fault": ZeroDivisionError(), "Ctrl-C": KeyboardInterrupt()}
"""What is raised in the middle of the runs."""
BEFORE = "actions: [{name: Before, type: http_call, params: {url: 'http://orders.test'}}, "


class Account(AwsClients):
    """An account with the stack `orders`, behind the real session and clients; it does not accept the token `old`."""

    @property
    def session(self):
        if self._session is None:
            super().session.events.register("before-call", answer)
        return super().session


def answer(model, params, **_):
    if "X-Amz-Security-Token" in params["headers"] or model.name == "GetCallerIdentity":
        return refused("ExpiredToken", "The security token included in the request is expired")
    if model.name == "DescribeStacks" and params["body"]["StackName"] != "orders":
        return refused("ValidationError", f"Stack with id {params['body']['StackName']} does not exist")
    return SimpleNamespace(status_code=200), {**STACKS, "StackResourceSummaries": []}


def refused(code, message):
    return SimpleNamespace(status_code=400), {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {}}


def service(request: HttpRequest) -> HttpResponse:
    if request.url == "http://down.test/":
        raise ActionError("down.test:80 refused the connection", kind=ErrorKind.CONNECTION)
    return CREATED


class Machine(FakeWiring):
    """A machine with the AWS configuration that the environment says."""

    def aws(self, settings: Settings, region: str = "") -> AwsClients:
        return Account(settings.profile or None, settings.region or region or environment().get("AWS_REGION"))


@pytest.fixture
def wiring(tmp_path, monkeypatch):
    for name in ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_ENDPOINT_URL", *KEYS, "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    wiring = Machine(tmp_path)
    wiring.http_fake = FakeTransport(service)
    return wiring


@pytest.mark.parametrize("case", CASES)
def test_a_command_ends_with_the_exit_code_of_the_table(awsit, scenario, monkeypatch, case):
    code, command, text, variables, words = CASES[case]
    scenario(text or PASSING)
    if case in ENDS:
        monkeypatch.setattr("awsit.cli.running.pool.Pool.run", lambda *_: raised(ENDS[case]))
    result = awsit(*command, env=variables)
    assert result.exit_code == code, result.output
    assert " ".join(words.split()) in " ".join(result.output.split())


@pytest.mark.parametrize("case", [case for case, (code, *_) in CASES.items() if code in (2, 3, 4)])
def test_nothing_was_sent_to_the_service_before(awsit, scenario, wiring, case):
    _, command, text, variables, _ = CASES[case]
    scenario(text.replace("actions: [", BEFORE) if text else PASSING)
    awsit(*command, env=variables)
    assert wiring.http_fake.requests == []


def test_every_code_is_in_the_table_and_has_a_case():
    assert set(MEANINGS) == set(ExitCode) == set(WORST_FIRST) | {ExitCode.USAGE}
    assert {code for code, *_ in CASES.values()} == set(MEANINGS)


def raised(error):
    raise error

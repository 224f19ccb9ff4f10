"""Every row of the table of exit codes, by commands that end so."""

import pytest
from tests.functional.fakes import FAILING, PASSING
from tests.functional.machine import KEYS, REGION, machine

from awsit.cli.exit_codes import MEANINGS, WORST_FIRST
from awsit.errors import ExitCode

FILE = "scenarios/order_is_stored.yaml"
RUN = ("run", FILE)
QUEUE = "actions: [{name: Send, type: aws_api, params: {service: sqs, operation: ListQueues}}]"
STACK = "{{ stack('orders').ApiUrl }}"
OUTPUT = "{{ stack('orders').ApiUrll }}/orders"


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


@pytest.fixture
def wiring(tmp_path, monkeypatch):
    return machine(tmp_path, monkeypatch)


@pytest.mark.parametrize("case", CASES)
def test_a_command_ends_with_the_exit_code_of_the_table(awsit, scenario, monkeypatch, case):
    code, command, text, variables, words = CASES[case]
    scenario(text or PASSING)
    if case in ENDS:
        monkeypatch.setattr("awsit.cli.running.side_by_side.pool.Pool.run", lambda *_: raised(ENDS[case]))
    result = awsit(*command, env=variables)
    assert result.exit_code == code, result.output
    assert " ".join(words.split()) in " ".join(result.output.split())


@pytest.mark.parametrize("case", [case for case, (code, *_) in CASES.items() if code in (2, 3, 4)])
def test_nothing_was_sent_to_the_service_before(awsit, scenario, wiring, case):
    _, command, text, variables, _ = CASES[case]
    scenario(text.replace("actions: [", BEFORE) if text else PASSING)
    awsit(*command, env=variables)
    assert wiring.http_fake.requests == []


def test_credentials_that_a_service_does_not_accept_are_the_environment(awsit, scenario):
    scenario(f"name: x\n{QUEUE.replace('ListQueues', 'GetQueueUrl, params: {QueueName: q}')}")

    result = awsit(*RUN, env={**KEYS, **REGION})

    assert result.exit_code == 4, result.output
    assert "security token included in the request is invalid" in " ".join(result.output.split())


def test_every_code_is_in_the_table_and_has_a_case():
    assert set(MEANINGS) == set(ExitCode) == set(WORST_FIRST) | {ExitCode.USAGE}
    assert {code for code, *_ in CASES.values()} == set(MEANINGS)


def raised(error):
    raise error


NEVER = {
    "an action with a condition": "{name: Never, when: '{{ vars.stage == 1 }}', CALL}",
    "a branch that is not chosen": "{name: Choose, type: choice, params: {when: '{{ vars.stage == 1 }}', "
    "then: [{name: Never, CALL}]}}",
    "a diagnostic of what did not fail": "{name: Fine, type: wait, params: {seconds: 0}, on_failure: [{CALL}]}",
    "clean-up of an action with a condition": "{name: Never, when: '{{ vars.stage == 1 }}', type: wait, "
    "params: {seconds: 0}, cleanup: [{CALL}]}",
}
AWS_CALL = "type: aws_api, params: {service: sqs, operation: ListQueues}"
OUTPUT_CALL = f'type: http_call, params: {{url: "{OUTPUT}"}}'
ENV_CALL = 'type: http_call, params: {url: "{{ env.ORDERS_URL }}"}'
STACK_CALL = OUTPUT_CALL.replace("orders'", "oders'")
CALLS = {
    "no credentials": (AWS_CALL, {}),
    "no output": (OUTPUT_CALL, {**KEYS, **REGION}),
    "no variable": (ENV_CALL, {}),
    "no stack": (STACK_CALL, {**KEYS, **REGION}),
    "no region for a stack": (OUTPUT_CALL, KEYS),
}


@pytest.mark.parametrize("place", NEVER)
@pytest.mark.parametrize(("call", "variables"), CALLS.values(), ids=CALLS)
def test_what_is_never_carried_out_needs_no_environment(awsit, scenario, place, call, variables):
    action = NEVER[place].replace("CALL", call)
    scenario(f"name: order_is_stored\nvariables: {{stage: 2}}\nactions: [{action}]\n")
    result = awsit(*RUN, env=variables)
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize(
    ("call", "region", "words"),
    [
        (AWS_CALL, {}, "no AWS region is configured"),
        (OUTPUT_CALL, {}, "no AWS region is configured"),
        (STACK_CALL, REGION, "the scenario reads the stack oders, which does not exist"),
    ],
    ids=["no region", "no region for a stack", "no stack"],
)
def test_what_is_carried_out_after_all_ends_with_the_same_code(awsit, scenario, call, region, words):
    for place in [*NEVER][:2]:
        action = NEVER[place].replace("CALL", call)
        scenario(f"name: order_is_stored\nvariables: {{stage: 1}}\nactions: [{action}]\n")
        result = awsit(*RUN, env={**KEYS, **region})
        assert result.exit_code == 4, result.output
        assert words in " ".join(result.output.split())


@pytest.mark.parametrize("place", [*NEVER][:2])
def test_a_variable_of_the_environment_that_is_needed_after_all_is_named(awsit, scenario, place):
    action = NEVER[place].replace("CALL", ENV_CALL)
    scenario(f"name: order_is_stored\nvariables: {{stage: 1}}\nactions: [{action}]\n")
    result = awsit(*RUN)
    assert result.exit_code == 1, result.output
    assert "export ORDERS_URL=..." in result.output


@pytest.mark.parametrize(
    "action",
    [
        f"{{name: Asks, when: '{{{{ env.STAGE == 1 }}}}', {AWS_CALL}}}",
        f"{{name: Asks, type: choice, params: {{when: '{{{{ env.STAGE == 1 }}}}', then: [{{name: A, {AWS_CALL}}}]}}}}",
    ],
    ids=["when", "choice"],
)
def test_a_condition_that_is_always_asked_needs_its_variable_before(awsit, scenario, wiring, action):
    scenario(f"name: order_is_stored\nactions: [{BEFORE[10:].rstrip(', ')}, {action}]\n")
    result = awsit(*RUN)
    assert result.exit_code == 3, result.output
    assert "export STAGE=" in result.output
    assert wiring.http_fake.requests == []


def test_a_variable_that_is_given_is_not_read_from_its_stack(awsit, scenario):
    text = f'variables: {{api: "{OUTPUT}"}}\n{reads("{{ vars.api }}")}'
    scenario(text)
    assert awsit(*RUN, env={**KEYS, **REGION}).exit_code == 4
    assert awsit(*RUN, "--var", "api=http://orders.test", env={**KEYS, **REGION}).exit_code == 0


def test_an_output_that_is_not_there_is_shown_where_it_is_read(awsit, scenario):
    scenario(reads(OUTPUT))
    result = awsit(*RUN, env={**KEYS, **REGION})
    lines = result.output.splitlines()
    place = lines.index(" --> scenarios/order_is_stored.yaml:2:55")
    before, carets = lines[place + 2 : place + 4]

    assert before[carets.index("^") : carets.rindex("^") + 1] == f'"{OUTPUT}"'

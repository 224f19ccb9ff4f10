"""Every entry of the table of hints is shown: at the key that was written, in place of a suggestion."""

from collections.abc import Callable
from json import dumps
from pathlib import Path

import pytest
from tests.unit.scenario.marking import marked

from awsit.actions.registry import BY_TYPE
from awsit.errors import InvalidInputError, Problem
from awsit.key_hints.hints import HINTS, key_hint
from awsit.scenario.checks.library import library_problems
from awsit.scenario.checks.validate import validate
from awsit.scenario.library.expand import expand
from awsit.scenario.library.files import Libraries
from awsit.scenario.reading.kinds import is_library
from awsit.scenario.reading.load import load_text

WAIT = "{name: W, type: wait, params: {seconds: 0}}"
LIBRARY = f"library: l\nactions: {{log_in: {{actions: [{WAIT}]}}}}\n"


def action(rest: str) -> str:
    return f"name: s\nactions:\n  - {{name: A, {rest}}}\n"


def call(rest: str, params: str = "") -> str:
    return action(f'type: http_call, params: {{url: "http://x"{params}}}{rest}')


MAPPINGS = {
    "ScenarioSpec": f"name: s\nactions: [{WAIT}]\nKEY: 1\n",
    "ConcurrencySpec": f"name: s\nactions: [{WAIT}]\nconcurrency: {{key: k, KEY: 1}}\n",
    "ActionSpec": call(", KEY: 1"),
    "FollowUpSpec": f"name: s\nactions: [{WAIT}]\ncleanup: [{{name: C, type: wait, params: {{seconds: 0}}, KEY: 1}}]\n",
    "UseSpec": "name: s\nlibraries: [l.yaml]\nactions: [{use: log_in, KEY: 1}]\n",
    "UntilSpec": call(", until: {assert: [{path: $.x, equals: 1}], timeout_seconds: 3, KEY: 1}"),
    "DuringSpec": call(", during: {seconds: 3, KEY: 1}"),
    "RetrySpec": call(", retry: {KEY: 1}"),
    "CaptureSpec": call(", pass_to_context: {x: {path: $.x, KEY: 1}}"),
    "ParallelSpec": action(f"type: parallel, params: {{branches: [[{WAIT}]], KEY: 1}}"),
    "BranchSpec": action(f"type: parallel, params: {{branches: [{{actions: [{WAIT}], KEY: 1}}]}}"),
    "ChoiceSpec": action(f'type: choice, params: {{when: "{{{{ true }}}}", then: [{WAIT}], KEY: 1}}'),
    "LibrarySpec": f"{LIBRARY}KEY: 1\n",
    "LibraryActionSpec": f"library: l\nactions: {{log_in: {{actions: [{WAIT}], KEY: 1}}}}\n",
    "HttpCallParams": call("", ", KEY: 1"),
    "MockParams": action("type: mock, params: {routes: [], KEY: 1}"),
    "MockRoute": action("type: mock, params: {routes: [{path: /, KEY: 1}]}"),
    "MockResponse": action("type: mock, params: {routes: [{path: /, responses: [{status: 200, KEY: 1}]}]}"),
    "ListenParams": action("type: listen, params: {queue: q, KEY: 1}"),
    "ReceiveParams": action("type: listen, params: {queue: q}")
    + "  - {name: R, type: receive, params: {from: A, KEY: 1}}\n",
    "Auth": call("", ", auth: {bearer: x, KEY: 1}"),
    "SqsParams": action("type: sqs, params: {operation: depth, queue: q, KEY: 1}"),
    "SnsParams": action('type: sns, params: {topic: "arn:aws:sns:eu-west-1:1:t", message: a, KEY: 1}'),
    "EventBridgeParams": action("type: eventbridge, params: {events: [{source: a, detail_type: b}], KEY: 1}"),
    "BusEvent": action("type: eventbridge, params: {events: [{source: a, detail_type: b, KEY: 1}]}"),
    "S3Params": action("type: s3, params: {operation: list, bucket: b, KEY: 1}"),
    "KinesisParams": action("type: kinesis, params: {operation: read, stream: s, KEY: 1}"),
    "StreamRecord": action(
        "type: kinesis, params: {operation: put, stream: s, records: [{data: 1, partition_key: a, KEY: 1}]}"
    ),
    "StateMachineParams": action(
        'type: state_machine, params: {state_machine: "arn:aws:states:eu-west-1:123456789012:stateMachine:m", KEY: 1}'
    ),
    "LogsParams": action("type: logs, params: {group: g, KEY: 1}"),
    "AwsApiParams": action("type: aws_api, params: {service: sqs, operation: list_queues, KEY: 1}"),
    "DynamoDBParams": action("type: dynamodb, params: {operation: scan, table: t, KEY: 1}"),
    "LambdaInvokeParams": action("type: lambda_invoke, params: {function: f, KEY: 1}"),
    "WaitParams": action("type: wait, params: {seconds: 0, KEY: 1}"),
    "Assertion": call(", assert: [{path: $.x, equals: 1, KEY: 1}]"),
    "type": action("type: KEY, params: {}"),
}
"""For each model of the table, a file in which KEY stands at its place."""

LISTS = {
    "ScenarioSpec": f"- {{name: s, actions: [{WAIT}]}}\n",
    "UntilSpec": call(", until: [{path: $.x, equals: 1}]"),
    "DuringSpec": call(", during: [{path: $.x, equals: 1}]"),
    "RetrySpec": call(", retry: [timeout]"),
}
"""For each model that has the entry `[]`, a file with a list in its place."""

VALUES = {
    "UntilSpec": call(", until: $.done"),
    "DuringSpec": call(", during: 10"),
    "RetrySpec": call(", retry: 3"),
}
"""For each model that has the entry `=`, a file with a single value in its place."""


def owners_of(key: str) -> set[str]:
    return {owner for owner, hints in HINTS.items() if any(key in keys.split() for keys in hints.values())}


@pytest.fixture
def problems(tmp_path: Path) -> Callable[[str], list[Problem]]:
    """What `validate` finds in a file, a library among them beside it."""
    (tmp_path / "l.yaml").write_text(LIBRARY)

    def found(text: str) -> list[Problem]:
        source, libraries = load_text(text, str(tmp_path / "s.yaml")), Libraries()
        if is_library(source.document):
            return library_problems(source, libraries, BY_TYPE)
        try:
            return validate(expand(source, libraries), BY_TYPE)
        except InvalidInputError as error:
            return list(error.problems)

    return found


def test_each_model_of_the_table_is_tried():
    assert MAPPINGS.keys() == HINTS.keys()
    assert LISTS.keys() == owners_of("[]")
    assert VALUES.keys() == owners_of("=")


@pytest.mark.parametrize("owner", HINTS)
def test_a_hint_is_shown_at_the_key_and_takes_the_place_of_suggestions(problems, owner):
    shown, expected = {}, {}
    for hint, keys in HINTS[owner].items():
        for key in set(keys.split()) - {"[]", "="}:
            text = MAPPINGS[owner].replace("KEY", dumps(key))
            shown[key] = [(marked(text, each).strip('"'), each.message, each.hint) for each in problems(text)]
            words = f"action type `{key}` is not known" if owner == "type" else f"unknown key `{key}`"
            expected[key] = [(key, words, hint)]
    assert shown == expected


@pytest.mark.parametrize("owner", HINTS)
def test_a_key_has_one_hint(owner):
    keys = [key for keys in HINTS[owner].values() for key in keys.split()]
    assert sorted(keys) == sorted(set(keys))


@pytest.mark.parametrize("owner", LISTS)
def test_a_list_in_place_of_a_mapping_has_a_hint(problems, owner):
    [problem] = problems(LISTS[owner])
    assert problem.hint == key_hint(owner, "[]") != ""
    assert problem.message.endswith("must be a mapping")


@pytest.mark.parametrize("owner", VALUES)
def test_a_single_value_in_place_of_a_mapping_has_a_hint(problems, owner):
    [problem] = problems(VALUES[owner])
    assert problem.hint == key_hint(owner, "=") != ""
    assert "must be a mapping, not" in problem.message


@pytest.mark.parametrize("key", ["statusCode", "status-code", "STATUS_CODE"])
def test_case_and_separators_do_not_matter(problems, key):
    [problem] = problems(MAPPINGS["HttpCallParams"].replace("KEY", key))
    assert problem.hint == "call it `expected_status`"


def test_a_key_that_stands_under_params_or_beside_them_is_sent_there(problems):
    [under] = problems(MAPPINGS["ActionSpec"].replace("KEY", "data"))
    assert under.hint == "it stands under `params`; call it `body`; what is no text is sent as JSON"
    [beside] = problems(MAPPINGS["HttpCallParams"].replace("KEY: 1", "retry: {max_attempts: 2}"))
    assert beside.hint == "`retry` stands beside `params`, not in it"


def test_a_key_of_no_tool_gets_a_suggestion(problems):
    [problem] = problems(MAPPINGS["HttpCallParams"].replace("KEY", "headres"))
    assert (problem.message, problem.hint) == ("unknown key `headres`; did you mean `headers`?", "")

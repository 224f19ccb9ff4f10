"""What somebody gets wrong in the first hour: how each mistake ends, where it is marked, and what is said."""

from typing import NamedTuple

import pytest
from tests.functional.machine import KEYS, REGION, machine


def pause(name: str = "Pause", seconds: str = "0") -> str:
    return f"{{name: {name}, type: wait, params: {{seconds: {seconds}}}}}"


PAUSE = pause()
QUOTED = "'5'"


class Mistake(NamedTuple):
    """A scenario's text, its exit code, the line and column that are marked (one a problem), and what is said."""

    text: str
    code: int
    places: tuple[str, ...]
    words: tuple[str, ...]


def wrong(text: str, places: str, *words: str) -> Mistake:
    return Mistake(text, 3, tuple(places.split()), words)


def call(params: str, rest: str = "") -> str:
    return f"name: orders\nactions:\n  - name: Read\n    type: http_call\n    params: {{{params}}}\n{rest}"


def check(assertion: str) -> str:
    return call("url: 'http://orders.test'", f"    assert: {assertion}\n")


MISTAKES = {
    "a misspelt key at the top": wrong(
        f"name: orders\ndescripton: Orders\nactions: [{PAUSE}]\n", "2:1", "`descripton`; did you mean `description`?"
    ),
    "tags at the top": wrong(f"name: orders\ntags: [slow]\nactions: [{PAUSE}]\n", "2:1", "`metadata: {tags: [smoke]}`"),
    "no actions": wrong("name: orders\n", "1:1", "a scenario needs `actions`"),
    "an empty file": wrong("", "1:1", "is empty", "write a scenario with `name` and `actions`"),
    "one action without a list": wrong(
        f"name: orders\nactions: {PAUSE}\n", "2:1", "`actions` must be a list", "begin each item with `- `"
    ),
    "a list of scenarios": wrong(f"- name: orders\n  actions: [{PAUSE}]\n", "1:1", "a file holds one scenario"),
    "two scenarios in a file": wrong(
        f"name: a\nactions: [{PAUSE}]\n---\nname: b\nactions: [{PAUSE}]\n", "3:1", "a second YAML document starts here"
    ),
    "two actions of one name": wrong(
        f"name: orders\nactions:\n  - {PAUSE}\n  - {PAUSE}\n", "4:12", "the name `Pause` is taken by `actions[0]`"
    ),
    "names with spaces and accents": wrong(
        f"name: the café's orders\nactions: [{pause('Größe 2')}]\n",
        "1:7 2:18",
        "`the_cafe_s_orders`",
        "`Groe_2`",
    ),
    "names that are too long": wrong(
        f"name: {'o' * 200}\nactions: [{pause('P' * 90)}]\n", "1:7 2:18", "at most 80 characters"
    ),
    "an indentation that does not fit": wrong(
        "name: orders\nactions:\n  - name: Pause\n   type: wait\n", "4:4", "not valid YAML", "align it with the items"
    ),
    "a tab": wrong("name: orders\nactions:\n\t- name: Pause\n", "3:1", "a tab is used here"),
    "a colon in a text": wrong(
        f"name: orders\ndescription: Orders: the first\nactions: [{PAUSE}]\n", "2:20", "put the value in quotes"
    ),
    "a template without quotes": wrong(call("url: {{ vars.api }}/orders"), "5:19", "a template needs quotes in YAML"),
    "a statement of Jinja": wrong(
        call("url: 'http://a.test/{% if 1 %}a{% endif %}'"), "5:34", "`{% %}` is not allowed", "`{{ '{%' }}`"
    ),
    "an expression that ends too early": wrong(
        call("url: 'http://a.test/{{ 1 + }}'"), "5:37", "the expression ends too early"
    ),
    "a type of another tool": wrong(
        "name: orders\nactions: [{name: Read, type: rest, params: {}}]\n",
        "2:30",
        "action type `rest` is not known",
        "`http_call` sends requests",
    ),
    "params beside the type": wrong(
        "name: orders\nactions:\n  - name: Read\n    type: http_call\n    url: http://orders.test\n    method: PUT\n",
        "5:5 6:5",
        "`params: {url: ...}`",
        "`params: {method: ...}`",
    ),
    "keys of another client": wrong(
        call("url: 'http://a.test', data: {a: 1}, header: {a: b}"), "5:36 5:50", "call it `body`", "mean `headers`?"
    ),
    "a method that there is not": wrong(
        call("url: 'http://a.test', method: DELTE"), "5:44", "'DELTE' is not an HTTP method; did you mean DELETE?"
    ),
    "a URL without scheme": wrong(call("url: orders.test/all"), "5:19", "it has no scheme; start it with https://"),
    "a boolean of YAML 1.1": wrong(
        call("url: 'https://a.test', verify_tls: no"), "5:49", "'no' is text; write it as true or false"
    ),
    "a status in words": wrong(
        call("url: 'http://a.test', expected_status: Created"), "5:53", "must be a status such as 201", "write 201"
    ),
    "a status as text": wrong(
        call("url: 'http://a.test', expected_status: '204'"), "5:53", "a status such as 201", "write it without quotes"
    ),
    "numbers as text": wrong(
        f"name: orders\ntimeout_seconds: '60'\nactions: [{pause(seconds=QUOTED)}]\n",
        "2:18 3:55",
        "`timeout_seconds` must be a number",
        "`seconds` must be a number",
        "write it without quotes",
    ),
    "numbers out of bounds": wrong(
        call("url: 'http://a.test'", "    retry: {max_attempts: 0}\n    timeout_seconds: 9999\n"),
        "6:27 7:22",
        "`max_attempts` must be at least 1",
        "`timeout_seconds` must be at most 840",
    ),
    "a negative time": wrong(
        f"name: orders\nactions: [{pause(seconds='-3')}]\n", "2:55", "`seconds` must be at least 0"
    ),
    "an operator that there is not": wrong(
        check("[{path: $.status, equls: 3}]"), "6:31", "`equls`; did you mean `equals`?"
    ),
    "an assertion without operator": wrong(
        check("[{path: $.body.id}]"), "6:14", "the assertion has no operator", "add one of equals"
    ),
    "one assertion without a list": wrong(
        check("{path: $.body.id, equals: 3}"), "6:5", "`assert` must be a list", "in brackets: `[{...}]`"
    ),
    "paths that are none": wrong(
        check("[{path: body.id, equals: 1}, {path: '$.body[', equals: 1}, {path: \"$..['x\", equals: 1}]"),
        "6:21 6:49 6:84",
        "`body.id` is not a JSONPath",
        "as in `$.body.id`",
        "unexpected end of query",
    ),
    "a regular expression that is none": wrong(
        check("[{path: $.body.id, matches_regex: 'o-[0-9'}]"), "6:47", "the regular expression is not valid"
    ),
    "until as a list": wrong(
        call("url: 'http://a.test'", "    until: [{path: $.body.id, equals: 3}]\n"),
        "6:5",
        "`until` must be a mapping",
        "put the assertions under `assert`",
    ),
    "a captured name that is misspelt": wrong(
        call("url: 'http://a.test'", "    pass_to_context: {order: $.body.id}\n")
        + "  - {name: Pause, type: wait, params: {seconds: '{{ context.ordr }}'}}\n",
        "7:53",
        "nothing captures `context.ordr`; did you mean `order`?",
    ),
    "a captured value without its root": wrong(
        call("url: 'http://a.test'", "    pass_to_context: {order: $.body.id}\n")
        + "  - {name: Pause, type: wait, params: {seconds: '{{ order }}'}}\n",
        "7:53",
        "unknown name `order`; did you mean `context.order`? (in `{{ order }}`)",
    ),
    "an action's result without its root, and without `result`": wrong(
        call("url: 'http://a.test'")
        + "  - {name: Pause, type: wait, params: {seconds: '{{ Read.body.a + actions.Read.body.b + vars.Read }}'}}\n",
        "6:53 6:67 6:89",
        "unknown name `Read`; did you mean `actions.Read`?",
        "`actions.Read` has no `body`; known here: `attempts`, `result`, `status`",
        "`actions.Read.result` is what it gave, as its assertions see it",
        "there is no variable `Read`; did you mean `actions.Read`?",
    ),
    "a final path without `result`, which never is there": wrong(
        call("url: 'http://a.test'") + "assertions:\n  - {path: $.actions.Read.body.error, exists: false}\n",
        "7:12",
        "`$.actions.Read` has no `body`; known here: `attempts`, `result`, `status`",
        "`$.actions.Read.result` is what it gave",
    ),
    "a service as people call it": wrong(
        "name: orders\nactions: [{name: Put, type: aws_api, params: {service: S3, operation: ListBuckets}}]\n",
        "2:56",
        "unknown service `S3`; did you mean `s3`?",
    ),
    "an unknown operation of AWS": wrong(
        "name: orders\nactions: [{name: Put, type: aws_api, params: {service: s3, operation: PutObjct}}]\n",
        "2:71",
        "did you mean `put_object`?",
    ),
    "an unknown parameter of AWS": wrong(
        "name: orders\nactions:\n  - name: Put\n    type: aws_api\n    params:\n      service: s3\n"
        "      operation: get_object\n      params: {bucket: a, Bucket: b, Key: 3}\n",
        "8:16 8:43",
        "no member `bucket`; did you mean `Bucket`?",
        "`params.Key` must be text",
    ),
    "an operation of DynamoDB as AWS writes it": wrong(
        "name: orders\nactions: [{name: Put, type: dynamodb, params: {operation: PutItem, table: t}}]\n",
        "2:59",
        "did you mean `put_item`?",
    ),
    "a variable of the environment": Mistake(
        call("url: '{{ env.ORDERS_API }}'"),
        3,
        ("5:23",),
        ("reads ORDERS_API from the environment", "export ORDERS_API="),
    ),
    "a stack that is not there": Mistake(
        call("url: \"{{ stack('oders').ApiUrl }}\""),
        4,
        (),
        ("the stack oders, which does not exist in eu-west-1", "awsit deploy"),
    ),
    "an output that is not there": Mistake(
        call("url: \"{{ stack('orders').ApiURL }}\""), 4, ("5:19",), ("did you mean `ApiUrl`?",)
    ),
    "a service that does not listen": Mistake(
        call("url: 'http://down.test/'"), 1, ("3:11",), ("refused the connection",)
    ),
    "a host that there is not": Mistake(
        call("url: 'http://nowhere.test/'"), 1, ("3:11",), ("nowhere.test cannot be resolved",)
    ),
    "a number as text in a check": Mistake(
        check("[{path: $.status, equals: '201'}]"), 1, ("6:39",), ('equals "201" actual 201',)
    ),
}  # fmt: skip


@pytest.fixture
def wiring(tmp_path, monkeypatch):
    return machine(tmp_path, monkeypatch)


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_marked_where_it_is_and_says_what_to_do(awsit, scenario, wiring, mistake):
    text, code, places, words = MISTAKES[mistake]
    scenario(text, "orders.yaml")
    result = awsit("run", "scenarios/orders.yaml", env={**KEYS, **REGION})
    output = " ".join(result.output.split())
    assert result.exit_code == code, result.output
    assert [part.split()[0] for part in output.split("--> scenarios/orders.yaml:")[1:]] == list(places)
    assert [each for each in words if " ".join(each.split()) not in output] == [], result.output
    assert wiring.http_fake.requests == [] or code == 1


RIGHT = {
    "anchors under a key x-": "name: orders\nx-pause: &pause {type: wait, params: {seconds: 0}}\n"
    "actions: [{name: Pause, <<: *pause}]\n",
    "yes, no, dates and numbers of YAML": call(
        "url: 'http://orders.test', method: POST, body: {a: no, b: 2030-01-02, c: 012, d: 12:30, e: 1.10, f: yes}"
    ),
}


@pytest.mark.parametrize("name", RIGHT)
def test_what_looks_like_a_mistake_and_is_none(awsit, scenario, wiring, name):
    scenario(RIGHT[name], "orders.yaml")
    result = awsit("run", "scenarios/orders.yaml")
    assert result.exit_code == 0, result.output


def test_values_mean_what_they_look_like(awsit, scenario, wiring):
    scenario(RIGHT["yes, no, dates and numbers of YAML"], "orders.yaml")
    awsit("run", "scenarios/orders.yaml")
    assert wiring.http_fake.requests[0].body == (
        b'{"a":"no","b":"2030-01-02","c":"012","d":"12:30","e":1.10,"f":"yes"}'
    )

"""What is wrong inside of params is marked at its own place, not at the action."""

import json

import pytest

HTTP = "type: http_call, params: {url: 'http://a.test/', headers: "
PART = "type: http_call, params: {url: 'http://a.test/', multipart: [{name: a, value: b}, {name: p, "


@pytest.mark.parametrize(
    ("action", "marked", "words"),
    [
        (HTTP + '{Content-Length: "3"}}', "Content-Length", "it tells where the request ends"),
        (HTTP + "{transfer-encoding: chunked}}", "transfer-encoding", "it tells where the request ends"),
        (HTTP + "{X Y: a}}", "X Y", "is not the name of an HTTP header"),
        (HTTP + '{X-Note: "a\\nb"}}', '"a\\nb"', "holds a line break"),
        (HTTP + "{content-type: a/b}, multipart: [{name: a, value: b}]}", "a/b", "it holds the boundary of the parts"),
        (HTTP + "{COOKIE: a=b}, cookies: keep}", "a=b", "both `cookies` and a COOKIE header are given"),
        (PART + "value: c, headers: {X Y: a}}]}", "X Y", "is not the name of an HTTP header"),
        (PART + 'file: c, headers: {X: "a\\nb"}}]}', '"a\\nb"', "holds a line break"),
        (PART + "file: c, headers: {X: €, Content-Type: a/b}}]}", "€", "which a header cannot carry"),
        (PART + "file: c, headers: {X: €, Content-Type: a/b}}]}", "Content-Type", "the part has the header"),
        (PART + 'value: c, content_type: "a\\rb"}]}', '"a\\rb"', "header Content-Type holds a line break"),
        (PART + "base64: ab!}]}", "ab!", "`base64` is not base64"),
        ("type: http_call, params: {url: 'http://a.test/', body_base64: a}", "a", "`body_base64` is not base64"),
        (
            "type: dynamodb, params: {operation: scan, table: t, expect_error: [ConditionalCheckFailed]}",
            "ConditionalCheckFailed",
            "did you mean `ConditionalCheckFailedException`?",
        ),
        (
            "type: aws_api, params: {service: sqs, operation: get_queue_url, params: {QueueNam: q}}",
            "QueueNam",
            "did you mean `QueueName`?",
        ),
    ],
)
def test_the_caret_is_where_the_mistake_is(awsit, scenario, action, marked, words):
    line = f"  - {{name: A, {action}}}"
    path = scenario(f"name: s\nactions:\n{line}\n")
    result = awsit("validate", "--json", str(path))
    [report] = json.loads(result.stdout)
    found = next(problem for problem in report["problems"] if words in problem["message"])
    place = found["position"]
    assert line[place["column"] - 1 : place["column"] - 1 + place["length"]] == marked
    assert (result.exit_code, place["line"]) == (3, 3)


@pytest.mark.parametrize(
    "params",
    [
        HTTP + '{X-Note: "{{ vars.a }}"}',
        HTTP + '{"X-{{ vars.a }}": b}',
        PART + 'base64: "{{ vars.a }}"}]',
        PART + 'value: c, content_type: "a/{{ vars.a }}", headers: {"{{ vars.a }}": "{{ vars.a }}"}}]',
    ],
)
def test_what_a_template_makes_of_a_header_is_left_to_the_run(awsit, scenario, params):
    path = scenario(f"name: s\nvariables: {{a: b}}\nactions:\n  - {{name: A, {params}}}}}\n")
    assert awsit("validate", str(path)).exit_code == 0

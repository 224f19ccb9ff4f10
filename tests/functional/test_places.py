"""What is wrong inside of params is marked at its own place, not at the action."""

import json

import pytest

HTTP = "type: http_call, params: {url: 'http://a.test/', headers: "


@pytest.mark.parametrize(
    ("action", "marked", "words"),
    [
        (HTTP + '{Content-Length: "3"}}', "Content-Length", "it tells where the request ends"),
        (HTTP + "{transfer-encoding: chunked}}", "transfer-encoding", "it tells where the request ends"),
        (HTTP + "{X Y: a}}", "X Y", "is not the name of an HTTP header"),
        (HTTP + '{X-Note: "a\\nb"}}', '"a\\nb"', "holds a line break"),
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


@pytest.mark.parametrize("headers", ['{X-Note: "{{ vars.a }}"}', '{"X-{{ vars.a }}": b}'])
def test_what_a_template_makes_of_a_header_is_left_to_the_run(awsit, scenario, headers):
    path = scenario(f"name: s\nvariables: {{a: b}}\nactions:\n  - {{name: A, {HTTP}{headers}}}}}\n")
    assert awsit("validate", str(path)).exit_code == 0

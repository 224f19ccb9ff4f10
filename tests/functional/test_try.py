"""`awsit try`: expressions against what a step answered."""

import pytest
from tests.functional.fakes import RUN_ID
from tests.unit.reporting.runs import FAILED, PASSED

from awsit.engine.secrets.redaction import Redactor
from awsit.model import json
from awsit.records import replace
from awsit.reporting.formats import json_

ANSWER = {
    "status": 200,
    "headers": {"set-cookie": "session=abcdef"},
    "body": {
        "items": [{"id": 1, "price": 5}, {"id": 2, "price": 12}],
        "message": '{"detail": {"id": 7}}',
        "long": "x" * 9000,
        "many": list(range(300)),
    },
}
SHOWN = Redactor().shown(ANSWER)
CREATE = replace(PASSED.steps[1], name="ReadOrder", response=SHOWN)
SKIPPED = replace(PASSED.steps[1], name="Later", response=None)
RESULT = replace(PASSED, steps=(CREATE, SKIPPED), context={"wanted": 2})


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    json_.save(RESULT, tmp_path / ".awsit" / "reports")
    return tmp_path


@pytest.fixture
def attempt(awsit):
    return lambda expression, *more: awsit("try", RESULT.run_id, "ReadOrder", expression, *more)


def test_each_match_is_shown_with_its_place(attempt):
    done = attempt("$.body.items[?@.price > 10]")
    assert done.exit_code == 0
    assert done.stdout == "$['body']['items'][1]\n  {\n    \"id\": 2,\n    \"price\": 12\n  }\n"
    assert done.stderr == ""


def test_matches_as_json(attempt):
    done = attempt("$.body.items[*].id", "--json")
    assert json.loads(done.stdout) == [
        {"path": "$['body']['items'][0]['id']", "value": 1},
        {"path": "$['body']['items'][1]['id']", "value": 2},
    ]


def test_a_template_sees_the_answer_and_the_run(attempt):
    expression = (
        "{{ result.body.items | length + context.wanted + actions.ReadOrder.result.status }} of {{ run.scenario }}"
    )
    assert attempt(expression).stdout == '"204 of order_is_stored"\n'


@pytest.mark.parametrize(
    ("expression", "code", "shown"),
    [
        ("{path: $.status, equals: 200}", 0, "✓ $.status equals"),
        ("{path: $.status, equals: 201}", 1, "✗ $.status equals\n      equals  201\n      actual  200\n"),
        ("{path: $.body.items, any: {path: $.id, equals: '{{ context.wanted }}'}}", 0, "✓ $.body.items any"),
        (
            "[{path: $.status, equals: 200}, {path: $.body.items, length: 3}]",
            1,
            "✓ $.status equals\n  ✗ $.body.items length",
        ),
        ("- {path: $.status, equals: 200}\n- {path: $.body.items, length: 2}", 0, "✓ $.body.items length"),
        ("{path: $.body.message, json_path: $.detail.id}", 0, "$['detail']['id'] in $['body']['message']\n  7\n"),
    ],
)
def test_assertions_and_lookups_in_yaml(attempt, expression, code, shown):
    done = attempt(expression)
    assert (done.exit_code, done.stderr) == (code, "")
    assert shown in done.stdout


@pytest.mark.parametrize(
    ("expression", "code", "message", "caret"),
    [
        ("$.body.itms", 1, "$.body has no `itms`; did you mean `items`?", "       ^^^^"),
        (
            "$.body.items.id",
            1,
            "$.body.items is an array of 2: name an element, as in `$.body.items[0]`",
            "             ^^",
        ),
        ("$.body.items[2]", 1, "$.body.items has no element 2: it has 2", "            ^^^"),
        ("$.status.code", 1, "$.status is number 200, which has nothing inside", "         ^^^^"),
        ("$.body.message.id", 1, "read it with `path: $.body.message, json_path: $.id`", ""),
        ("$.body[", 3, "`$.body[` is not a JSONPath", "       ^"),
        ("{{ result.bdy }}", 3, "unknown name `bdy`; did you mean `body`?", "          ^^^"),
        ("{{ vars.x }}", 3, "unknown name `vars`; known here: `actions`", "   ^^^^"),
        ("{path: $.body, equls: 1}", 3, "unknown key `equls`; did you mean `equals`?", "               ^^^^^"),
        ("{path: $.body.message, json_path: $.nope}", 1, "there is nothing at $.nope in $.body.message", ""),
        ("body.items", 3, "a path begins with `$`, as in `$.body.items`", "^^^^^^^^^^"),
        ("result.body.items", 3, "a path begins with `$`, as in `$.body.items`", "^^^^^^^^^^^^^^^^^"),
        ("'$.status'", 3, "a path begins with `$`, as in `$.status`", "^^^^^^^^^^"),
        ("[]", 3, "the list of assertions is empty", "^^"),
        ("n {{ result.bdy }}", 3, "unknown name `bdy`; did you mean `body`?", "            ^^^"),
        ("{path: $.a", 3, "this mapping is not closed", "^"),
        ("", 3, "the expression is empty", ""),
    ],
)
def test_what_is_wrong_is_shown_at_its_place(attempt, expression, code, message, caret):
    done = attempt(expression)
    assert (done.exit_code, done.stdout) == (code, "")
    assert message in done.stderr
    assert f"  | {caret}\n" in done.stderr or not caret


def test_redacted_values_stay_redacted_and_say_so(attempt):
    done = attempt("$.headers['set-cookie']")
    assert '"***"' in done.stdout
    assert "*** stands for what the report does not show" in done.stderr
    assert "***" not in attempt("$.status").stderr


@pytest.mark.parametrize(
    ("expression", "code", "stdout"),
    [
        ("$.body.many[?@ > 250]", 1, ""),
        ("{{ result.body.many | length }}", 0, "200\n"),
        ("{path: $.body.many, all: {type: integer}}", 0, "✓"),
        ("{path: $.body.long, length: 9000}", 1, "✗ $.body.long length"),
    ],
)
def test_what_was_cut_is_told_where_it_may_matter(attempt, expression, code, stdout):
    done = attempt(expression)
    assert done.exit_code == code
    assert stdout in done.stdout
    assert "the report may hold only the beginning of $.body.long, $.body.many" in done.stderr


def test_a_step_is_named_with_the_near_names(awsit):
    done = awsit("try", RESULT.run_id, "ReadOrdr", "$")
    assert done.exit_code == 3
    assert f"{RESULT.run_id} has no step `ReadOrdr`; did you mean `ReadOrder`?" in done.stderr


def test_a_step_without_an_answer_says_why(awsit):
    assert "Later passed and has no answer" in awsit("try", RESULT.run_id, "Later", "$").stderr


def test_several_runs_are_named(awsit, project):
    json_.save(FAILED, project / ".awsit" / "reports")
    done = awsit("try", ".awsit/reports", "ReadOrder", "$")
    assert done.exit_code == 2
    assert "holds 2 runs" in done.stderr
    assert f"{FAILED.run_id} (order_has_its_total)" in done.stderr.replace("\n      ", " ")


@pytest.mark.parametrize(
    ("document", "expression", "stdout"),
    [
        ('{"a": [1, 2.50]}', "$.a[1]", "$['a'][1]\n  2.50\n"),
        ("a: [1, 2.50]\n", "{path: $.a, all: {type: number}}", "  ✓ $.a all\n"),
        ('"text"', "$", '$\n  "text"\n'),
        ("[3]", "{{ result[0] + 1 }}", "4\n"),
        ("[3]", "order-{{ result[0] }}", '"order-3"\n'),
    ],
)
def test_a_document_comes_from_standard_input(awsit, document, expression, stdout):
    done = awsit("try", "-", expression, stdin=document)
    assert (done.exit_code, done.stdout, done.stderr) == (0, stdout, "")


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("a: [1", "the document is neither JSON nor YAML"),
        ("", "the document is empty"),
        (b"\xff\xfe{", "the document cannot be read"),
    ],
)
def test_standard_input_that_is_no_document(awsit, document, message):
    done = awsit("try", "-", "$", stdin=document)
    assert done.exit_code == 3
    assert message in done.stderr


def test_without_an_expression_all_is_shown(awsit):
    assert awsit("try", "-", stdin="[1]").stdout == "$\n  [\n    1\n  ]\n"


@pytest.mark.parametrize("words", [("-", "$", "$"), (RUN_ID,), (RUN_ID, "a", "b", "c")])
def test_a_wrong_number_of_words(awsit, words):
    done = awsit("try", *words)
    assert done.exit_code == 2
    assert "name a run, a step and an expression in quotes" in done.stderr


def test_the_report_of_a_run_in_the_account(awsit, wiring):
    wiring.remote.result = lambda reference: replace(RESULT, run_id=RUN_ID) if reference == RUN_ID else None
    assert awsit("try", RUN_ID, "ReadOrder", "$.status", "--stack", "awsit").stdout == "$['status']\n  200\n"


def test_the_view_of_a_failure_names_the_command(awsit, project):
    json_.save(FAILED, project / ".awsit" / "reports")
    command = f"awsit try {FAILED.run_id} OrderIsStored '$.item'"
    assert f"try a path  {command}" in awsit("report", FAILED.run_id).stdout

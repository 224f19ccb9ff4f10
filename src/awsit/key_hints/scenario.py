"""Hints for the keys of scenarios, libraries, actions and assertions, and for types of actions."""

from __future__ import annotations

from awsit.key_hints.sentences import FOR_CAPTURES, FOR_CHECKS, FOR_WAITS

_ACTION = {
    "write it in a comment, `# ...`": "description comment desc note documentation",
    "call it `name`": "id title step label key",
    "call it `type`": "action kind uses call keyword",
    "call it `params`": "with args arguments parameters input inputs options request req config",
    FOR_CHECKS: "expect expected expects expectation expectations assertion assertions asserts check checks validate "
    "validation validations verify test tests then should response responses match script",
    FOR_CAPTURES: "save capture captures extract store output outputs register set export exports def variables "
    "vars variable",
    "write `retry: {max_attempts: 3, retry_on: [timeout, 503]}`": "retries max_retries attempts max_attempts "
    "retry_count max_tries retry_on",
    FOR_WAITS: "delay sleep wait pause delay_before delay_after",
    "call it `timeout_seconds`, in seconds": "timeout timeout_ms time_limit",
    "write `when: \"{{ vars.stage == 'test' }}\"`": "if condition unless only_if skip_if skip skipif enabled disabled",
    "actions run one after the other, in the order of the file; `parallel` runs them side by side": "depends_on needs "
    "requires dependencies after before",
    "write it as `cleanup: [...]`, actions that undo this one": "teardown finally undo rollback",
    "poll with `until: {assert: [{path: $.body.status, equals: done}], timeout_seconds: 60}`": "while poll polling "
    "wait_for wait_until eventually repeat until_condition repeat_until",
    "look again with `during: {seconds: 10, assert: [{path: $.count, equals: 1}]}`": "hold holds always stays never "
    "for_duration throughout consistently",
    'do it for each item of a list with `for_each: {item: "{{ ... }}"}`': "loop foreach with_items repeat_for",
    "make a run of each row with the scenario's `matrix`": "parametrize",
    "write `continue_on_failure: true`": "ignore_errors continue_on_error allow_failure continue_on_fail",
    "name what no report may show in `redact`": "mask secret secrets no_log sensitive",
    "tags stand at the top of the file: `metadata: {tags: [smoke]}`": "tags tag labels groups marks",
    "the steps of a branch stand in an action of type `parallel` or `choice`": "steps actions branches",
}
_UNTIL = {
    "put the assertions under `assert`: `until: {assert: [...], timeout_seconds: 60}`": "[] =",
    "put the assertion into a list: `until: {assert: [...]}`": "path json_path equals exists contains matches one_of "
    "condition expect assertions",
    "call it `timeout_seconds`; polling has no number of attempts": "timeout max_attempts attempts retries max_retries "
    "count times max_wait",
    "call it `interval_seconds`": "interval delay every wait poll_interval delay_seconds sleep period",
}
_DURING = {
    "put the assertions under `assert`: `during: {seconds: 10, assert: [...]}`": "[] =",
    "put the assertion into a list: `during: {seconds: 10, assert: [...]}`": "path json_path equals exists contains "
    "matches one_of condition expect assertions",
    "call it `seconds`": "timeout_seconds timeout time duration duration_seconds",
    "call it `interval_seconds`": "interval delay every wait poll_interval delay_seconds sleep period",
}
SCENARIO_HINTS: dict[str, dict[str, str]] = {
    "ScenarioSpec": {
        "a file holds one scenario, and begins with `name: ...`, without `- `": "[]",
        "tags stand under `metadata`: `metadata: {tags: [smoke]}`": "tags tag labels label marks markers groups "
        "categories",
        "write it under `metadata`, where any key may stand": "author owner version team priority meta component "
        "ticket",
        "the steps of a scenario are its `actions`": "steps stages stage tests test testcases test_cases tasks "
        "requests scenarios scenario jobs item items flow workflow action sequence when then",
        "call it `name`": "test_name title id feature collection",
        "write it as `description`": "desc summary documentation info comment",
        "give values as `variables: {base_url: ...}`, for templates such as `{{ vars.base_url }}`": "vars variable "
        "params parameters config constants data defs base_url host url endpoint server baseurl",
        "templates read environment variables by themselves: `{{ env.NAME }}`": "env environment environments",
        "make a run of each row with `matrix`, or of each file with `cases: cases/*.json`": "parametrize parameterize "
        "examples foreach loop strategy case data_files",
        "write actions that come first as `setup`": "before before_all before_each background given prepare",
        "write actions that come last, whatever happens, as `cleanup`": "after after_all after_each teardown finally",
        "write final checks as `assertions`, those of one action as its `assert`": "assert asserts check checks expect "
        "expected expectations validate validations verify assertion",
        "name library files in `libraries`": "include includes import imports extends",
        "call it `timeout_seconds`, in seconds": "timeout timeout_ms time_limit",
        "write it for each action, or for all of a type: `defaults: {http_call: {params: {headers: ...}}}`": "headers "
        "auth header cookies method authentication",
        "write it for each action, or for all of a type: `defaults: {http_call: {retry: {max_attempts: 3}}}`": "retry "
        "retries max_retries attempts max_attempts",
        "give it as an option of `awsit run`, or in awsit.toml": "engine region profile stack sandbox "
        "state_machine_arn",
        "give the scenario a tag, and leave it out of a run by `--exclude-tag`": "skip only enabled disabled skipif "
        "xfail",
        "scenarios do not depend on one another: put what belongs together into one, or into a library": "depends_on "
        "needs requires dependencies",
        "name what no report may show in the action's `redact`": "redact secrets secret mask",
        "keep it apart from runs that share something: `concurrency: {key: orders_queue}`": "mutex lock exclusive "
        "serial isolated sequential parallel max_parallel resource_group",
    },
    "ConcurrencySpec": {
        "call it `key`": "group name lock id resource",
        "call it `limit`": "max max_parallel count number jobs slots",
    },
    "ActionSpec": _ACTION,
    "FollowUpSpec": _ACTION,
    "UseSpec": {
        "give the values as `with: {...}`": "params args inputs input parameters arguments vars variables",
        "checks, retries and clean-up are written in the library": "assert cleanup retry until timeout_seconds redact "
        "pass_to_context type",
    },
    "UntilSpec": _UNTIL,
    "DuringSpec": _DURING,
    "RetrySpec": {
        "say how many attempts there are in all: `retry: {max_attempts: 3}`": "[] =",
        "call it `max_attempts`": "attempts max_retries retries count times max tries number limit",
        "call it `interval_seconds`": "delay interval wait sleep delay_seconds wait_seconds period every",
        "call it `backoff_rate`": "backoff factor multiplier backoff_factor exponential rate",
        "call it `max_delay_seconds`": "max_delay max_interval max_wait max_interval_seconds",
        "name the errors in `retry_on`": "on errors codes status statuses status_codes error_equals exceptions when if",
    },
    "CaptureSpec": {
        "call it `path`": "jsonpath query from value expression body",
        "call it `regex`": "regexp pattern match matches matches_regex re regular_expression",
    },
    "ParallelSpec": {"call it `branches`, each a list of actions": "actions steps tasks jobs branch"},
    "BranchSpec": {"call it `actions`": "steps tasks action"},
    "ChoiceSpec": {
        "call it `when`": "if condition test expression",
        "call it `then`": "actions steps do true yes",
        "call it `else`": "otherwise default false no elseif elif",
    },
    "LibrarySpec": {
        "call it `library`": "name title id",
        "call it `actions`": "steps stages tests functions",
        "variables are the scenario's; an action of a library takes `inputs`": "variables vars env params",
    },
    "LibraryActionSpec": {
        "call it `inputs`": "params parameters args arguments variables with",
        "call it `outputs`": "output returns return captures pass_to_context",
        "call it `actions`": "steps tasks",
        "write the action itself as an entry of `actions`": "type assert cleanup retry until",
    },
    "Assertion": {
        "call it `path`": "jsonpath field key property selector expression",
        "call it `equals`": "is value expected expect eq equal_to should_be be == to_be",
        "call it `not_equals`": "ne neq is_not not_equal !=",
        "call it `greater_than`": "gt > more_than above min_exclusive",
        "call it `greater_or_equal`": "gte ge >= at_least min minimum",
        "call it `less_than`": "lt < below under",
        "call it `less_or_equal`": "lte le <= at_most max maximum",
        "call it `matches_regex`": "regex regexp match_regex pattern re",
        "call it `matches`": "match like",
        "call it `one_of`": "in any_of is_in",
        "call it `contains`": "has includes include contain",
        "call it `length`": "size count len length_equals",
        "call it `exists`": "present is_present defined not_null is_defined",
        "write `equals: null`": "null is_null",
        "call it `type`": "is_type type_of kind",
        "call it `json_schema`": "schema",
        "call it `name`": "message description msg comment title",
        "write the status as `{path: $.status, equals: 200}`": "status status_code statuscode",
        "write the place as `path`: `{path: $.body.id, equals: 3}`": "body headers header json",
    },
    "type": {
        "`http_call` sends requests": "rest api request requests https get post put delete patch graphql url "
        "fetch curl http_request webhook",
        "`aws_api` calls every service: `params: {service: sqs, operation: send_message, params: {...}}`": "aws "
        "boto3 ses ssm secretsmanager cognito rds ecs cloudwatch",
        "call it `wait`": "sleep delay pause timer",
        "call it `state_machine`": "stepfunctions sfn step_functions states workflow",
        "call it `eventbridge`": "events event_bus put_events",
        "call it `lambda_invoke`": "lambda invoke function invoke_lambda",
        "call it `dynamodb`": "dynamo ddb",
        "call it `choice`": "if switch condition conditional branch",
        "call it `parallel`": "concurrent all group",
        "awsit runs no code of yours in a scenario; `awsit` is also a plugin of pytest": "script shell python bash "
        "exec command javascript run",
    },
}
"""For each model, by the name of its class, what its users should write in place of which keys."""

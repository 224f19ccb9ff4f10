"""Errors in the logs of functions, as each Lambda runtime writes them (AWS Lambda developer guide, "Logging")."""

import time

import pytest

from awsit.diagnosis.log_errors import LoggedLine, errors_in, last_words

ID = "8f507cfc-xmpl-4697-b07a-ac58fc914c95".replace("xmpl", "aaaa")
DENIED = (
    "User: arn:aws:sts::123456789012:assumed-role/r/f is not authorized to perform: dynamodb:PutItem on resource: t"
)


def errors(*messages: str) -> list[tuple[str, str]]:
    lines = [LoggedLine(number, "stream", message) for number, message in enumerate(messages)]
    return [(str(error.kind), error.text) for error in errors_in(lines)]


ONE_EVENT = {
    "python": (
        (
            "[ERROR] KeyError: 'price'\nTraceback (most recent call last):\n"
            '  File "/var/task/app.py", line 4, in handler\n    price = order["price"]\n'
            '  File "/opt/python/lib/x/site-packages/lib.py", line 9, in get\n    raise KeyError(name)'
        ),
        "KeyError: 'price'\napp.py line 4, in handler",
    ),
    "python import": (
        (
            "[ERROR] Runtime.ImportModuleError: Unable to import module 'app': No module named 'boto4'\nTraceback "
            "(most recent call last):"
        ),
        "Runtime.ImportModuleError: Unable to import module 'app': No module named 'boto4'",
    ),
    "node": (
        (
            f"2026-11-28T09:30:00.805Z\t{ID}\tERROR\tInvoke Error \t"
            '{"errorType":"TypeError","errorMessage":"order is undefined","stack":["TypeError: order is undefined",'
            '"    at store (file:///var/task/index.mjs:3:9)","    at file:///var/runtime/index.mjs:1:1"]}'
        ),
        "TypeError: order is undefined\nindex.mjs line 3, in store",
    ),
    "json": (
        (
            '{"timestamp":"2026-11-28T09:30:00Z","level":"ERROR","message":"order?","errorType":"TypeError",'
            '"errorMessage":"order is undefined","stackTrace":["    at store (/var/task/index.js:3:9)"]}'
        ),
        "TypeError: order is undefined\nindex.js line 3, in store",
    ),
    "java": (
        (
            "order is undefined: java.lang.NullPointerException\njava.lang.NullPointerException: order\n"
            "\tat shop.Worker.handle(Worker.java:12)"
        ),
        "order is undefined: java.lang.NullPointerException\nWorker.java line 12, in shop.Worker.handle",
    ),
    "time-out": (
        f"2026-11-28T09:30:00.805Z {ID} Task timed out after 3.00 seconds",
        "Task timed out after 3.00 seconds",
    ),
    "exit": (
        f"RequestId: {ID} Error: Runtime exited with error: exit status 1\nRuntime.ExitError",
        "Runtime exited with error: exit status 1",
    ),
    "out of memory": (
        f"REPORT RequestId: {ID}\tDuration: 99 ms\tMemory Size: 128 MB\tStatus: error\tError Type: Runtime.OutOfMemory",
        "the function ended with Runtime.OutOfMemory",
    ),
    "init": (
        "INIT_REPORT Init Duration: 9999.1 ms\tPhase: init\tStatus: timeout",
        "the initialization timed out",
    ),
    "platform time-out": (
        '{"time":"2026-11-28T09:30:00Z","type":"platform.report","record":{"requestId":"a","status":"timeout"}}',
        "the function timed out",
    ),
    "platform error": (
        '{"time":"t","type":"platform.initReport","record":{"status":"error","errorType":"Runtime.Unknown"}}',
        "the function ended with Runtime.Unknown",
    ),
    "go": (
        "panic: runtime error: index out of range [3] with length 0",
        "panic: runtime error: index out of range [3] with length 0",
    ),
}


@pytest.mark.parametrize("name", ONE_EVENT)
def test_an_error_in_one_event(name: str) -> None:
    message, text = ONE_EVENT[name]

    ((_, found),) = errors(message)

    assert found == text


def test_an_error_that_was_raised_comes_before_one_that_was_only_logged() -> None:
    ((raised, _),) = errors(ONE_EVENT["python"][0])
    ((logged, text),) = errors(f"[ERROR]\t2026-11-28T09:30:00.805Z\t{ID}\tno such order")

    assert (raised, logged) == ("function_error", "error_logged")
    assert text.endswith("no such order")


def test_a_level_may_be_a_number() -> None:
    assert errors('{"level":50,"msg":"no such order"}') == [("error_logged", "no such order")]
    assert errors('{"level":30,"msg":"an order"}') == []


def test_a_line_of_a_console_is_shown_without_its_time_and_request() -> None:
    assert errors(f"2026-11-28T09:30:00.805Z\t{ID}\tERROR\tno such order") == [("error_logged", "ERROR no such order")]


def test_a_powertools_record_with_its_exception() -> None:
    record = (
        '{"level":"ERROR","location":"handler:5","message":"could not store","service":"orders","exception_name":'
        '"KeyError","exception":"Traceback (most recent call last):\\n  File \\"/var/task/app.py\\", line 7, in st\\n'
        "    x\\nKeyError: 'id'\"}"
    )

    assert errors(record) == [("error_logged", "could not store: KeyError: 'id'\napp.py line 7, in st")]


def test_a_trace_that_came_a_line_at_a_time_is_one_error() -> None:
    found = errors(
        "START RequestId: a Version: $LATEST",
        "ERROR:root:could not store the order",
        "Traceback (most recent call last):",
        '  File "/var/task/app.py", line 5, in handler',
        "    store(order)",
        "KeyError: 'id'",
        "",
        "During handling of the above exception, another exception occurred:",
        "",
        "Traceback (most recent call last):",
        '  File "/var/task/app.py", line 7, in handler',
        "    report(order)",
        "app.StoreError: not stored",
        "END RequestId: a",
        "REPORT RequestId: a\tDuration: 1 ms",
    )

    text = "ERROR:root:could not store the order: app.StoreError: not stored\napp.py line 7, in handler"
    assert found == [("error_logged", text)]


def test_lines_of_two_streams_are_told_apart() -> None:
    lines = [
        LoggedLine(1, "a", "Traceback (most recent call last):"),
        LoggedLine(1, "b", "all is well"),
        LoggedLine(1, "a", "ValueError: bad"),
        LoggedLine(1, "b", "still well"),
    ]

    assert [error.text for error in errors_in(lines)] == ["ValueError: bad"]


def test_a_java_trace_of_several_events() -> None:
    found = errors(
        "java.lang.NullPointerException: order is null",
        "\tat shop.Worker.handle(Worker.java:12)",
        "\tat java.base/java.lang.Thread.run(Thread.java:840)",
        "Caused by: shop.NoOrder: 7",
    )

    assert found == [
        ("function_error", "java.lang.NullPointerException: order is null\nWorker.java line 12, in shop.Worker.handle")
    ]


@pytest.mark.parametrize("level", ["level=ERROR", "level=error", 'level="fatal"', "lvl=panic"])
def test_a_level_among_keys_and_values(level: str) -> None:
    message = f'time=2026-11-28T09:30:00.805Z {level} msg="no such table" table=orders'

    assert errors(message) == [("error_logged", message)]


@pytest.mark.parametrize(
    "message",
    [
        f"[ERROR] ClientError: An error occurred (AccessDeniedException) when calling the PutItem operation: {DENIED}",
        f'{{"level":"ERROR","message":"{DENIED}"}}',
        f"failed: {DENIED}",
    ],
)
def test_a_denied_permission_is_a_kind_of_its_own(message: str) -> None:
    ((kind, text),) = errors(message)

    assert kind == "access_denied"
    assert "dynamodb:PutItem" in text


def test_a_time_out_is_told_once() -> None:
    assert errors(
        "2026-11-28T09:30:00.805Z a Task timed out after 3.00 seconds",
        "REPORT RequestId: a\tDuration: 3000.00 ms\tStatus: timeout",
    ) == [("function_error", "Task timed out after 3.00 seconds")]


@pytest.mark.parametrize(
    "message",
    [
        "START RequestId: a Version: $LATEST",
        "REPORT RequestId: a\tDuration: 3 ms\tMemory Size: 128 MB\tMax Memory Used: 40 MB",
        "INFO no error, errors: 0",
        "2026-11-28T09:30:00.805Z\ta\tINFO\tErrorCount=0",
        '{"level":"INFO","message":"0 errors"}',
        '{"_aws":{},"Errors":0}',
        "time=2026-11-28T09:30:00.805Z level=INFO msg=errors count=0",
        "{not json",
        "",
    ],
)
def test_what_is_no_error(message: str) -> None:
    assert errors(message) == []


def test_a_log_of_blank_lines_is_read_in_no_time() -> None:
    blank = "\n" * 200_000

    assert errors(f"panic: bad{blank}end") == [("error_logged", "panic: bad")]
    assert errors(*["Traceback (most recent call last):", *[" " * 1000] * 2000])


def test_the_last_words_are_those_of_the_function_itself() -> None:
    messages = ["START RequestId: a", "one", "two", '{"time":"t","type":"platform.report","record":{}}', "REPORT x"]
    lines = [LoggedLine(number, "s", message) for number, message in enumerate(messages)]

    assert last_words(lines, 3) == ["one", "two"]
    assert last_words(lines, 1) == ["two"]


@pytest.mark.parametrize("text", ["Exception ", "Status: error Error Type: ", "A.", "\tInvoke ", "1."])
def test_a_line_of_256_kb_is_read_at_once(text: str) -> None:
    start = time.thread_time()

    errors(text * (256 * 1024 // len(text)))

    assert time.thread_time() - start < 0.7

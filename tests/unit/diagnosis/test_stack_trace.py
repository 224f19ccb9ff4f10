"""Stack traces: where they lead to in the function's own code."""

from awsit.diagnosis.stack_trace import LONGEST_TRACE, code_position, is_continued, last_line


def test_the_position_is_the_innermost_frame_of_the_own_code() -> None:
    trace = (
        "Traceback (most recent call last):\n"
        '  File "/var/task/app.py", line 3, in handler\n    inner()\n'
        '  File "/var/task/store.py", line 8, in inner\n    client.put_item()\n'
        '  File "/var/lang/lib/python3.13/site-packages/botocore/client.py", line 606, in _api_call\n    x\n'
        "ValueError: no"
    )

    assert code_position(trace) == "store.py line 8, in inner"
    assert last_line(trace) == "ValueError: no"


def test_a_trace_of_libraries_alone_has_no_position() -> None:
    assert code_position('  File "/opt/python/lib/a.py", line 3, in f') == ""
    assert code_position("") == last_line("") == ""


def test_a_trace_that_never_ends_is_not_joined_without_end() -> None:
    text = "Traceback (most recent call last):" + "\n  x" * LONGEST_TRACE

    assert not is_continued(text, "  y")

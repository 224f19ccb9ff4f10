"""The function's log lines of a step that failed."""

from types import SimpleNamespace

from tests.unit.reporting.results import ERROR, FAILED, LEFT

from awsit.aws.logs.step_log import step_log
from awsit.model import json
from awsit.records import replace

RUN_MS = 1_893_456_000_000  # when the results of these tests began


class Logs:
    """CloudWatch Logs with these records."""

    exceptions = SimpleNamespace(ResourceNotFoundException=KeyError)

    def __init__(self, *records):
        self.events = [
            {"eventId": str(number), "timestamp": RUN_MS + number, "message": json.dumps(record)}
            for number, record in enumerate(records)
        ]
        self.asked = {}

    def client(self, _service):
        return self

    def get_paginator(self, _name):
        return SimpleNamespace(paginate=self.filter)

    def filter(self, **asked):
        self.asked = asked
        return [{"events": self.events}]


def line(call, message, level="INFO", **more):
    return {"level": level, "message": message, "run_id": "run-1", "request_id": call, **more}


def test_a_step_has_the_lines_of_its_calls_and_of_no_other():
    logs = Logs(
        line("call-0", "task done", task="execute", index=0, sequence=1),
        line("call-1", "step ended", "ERROR", action="OrderIsStored", phase="actions", attempt=1, error="not equal"),
        line("call-1", "a warning of a library", "WARNING"),
        line("call-1", "task done", task="execute", index=1, sequence=1),
        line("call-2", "task failed", "ERROR", task="execute", index=1, sequence=2, exception="Traceback"),
        line("call-3", "something else", "WARNING"),
    )
    assert step_log(logs, "/function", FAILED) == {
        ("actions", 1): (
            "00:00:00.001 ERROR step ended request_id=call-1 attempt=1",
            "00:00:00.002 WARNING a warning of a library request_id=call-1",
            "00:00:00.004 ERROR task failed request_id=call-2 exception=Traceback",
        )
    }
    assert logs.asked["startTime"] == RUN_MS - 60_000
    assert logs.asked["endTime"] == RUN_MS + 60_000


def test_a_clean_up_step_has_its_lines_too():
    item = {"kind": "cleanup", "index": 0}
    logs = Logs(
        line("call-1", "task failed", "ERROR", task="cleanup", item=item), line("call-1", "task done", item=item)
    )
    assert step_log(logs, "/function", LEFT) == {("cleanup", 0): ("00:00:00.000 ERROR task failed request_id=call-1",)}


def test_lines_that_are_not_there_yet_are_no_error():
    assert step_log(Logs(), "/function", ERROR) == {}
    text = Logs()
    text.events = [{"eventId": "1", "timestamp": RUN_MS, "message": "no JSON"}]
    assert step_log(text, "/function", replace(ERROR)) == {}

import json

import pytest

from awsit.sandbox.state_machines import Nested, retried_first, with_concurrency_paths, with_objects
from awsit.system.clock import FakeClock

CHILD = {"executionArn": "child", "mapRunArn": "map"}


class Emulator(dict):
    """The emulator's module with one execution `nested`, which ends after some looks at it."""

    def __init__(self, looks=3, kind="STANDARD"):
        self.looks, self.stopped = looks, []
        self.parent = {"status": "RUNNING"}
        super().__init__(
            _run_sub_machine=lambda *given: given,
            _start_sync_execution=lambda request: (200, {}, b"express"),
            _state_machines={"m": {"type": kind}},
            _start_execution=lambda request: (200, {}, json.dumps({"executionArn": "nested"}).encode()),
            _stop_execution=self.stop,
            _describe_execution=lambda named: (200, {}, json.dumps(named).encode()),
            _map_runs={"map": {"executionArn": "parent"}},
            _ExecutionError=RuntimeError,
        )

    def __getitem__(self, name):
        return self if name == "_executions" else self.parent if name == "parent" else self.nested(name)

    def nested(self, name):
        if name != "nested":
            return super().__getitem__(name)
        self.looks -= 1
        return {"status": "RUNNING" if self.looks > 0 and not self.stopped else "SUCCEEDED"}

    def stop(self, named):
        self.stopped.append(named["executionArn"])


def test_a_standard_execution_that_is_waited_for_is_one_of_its_own():
    emulator, clock = Emulator(), FakeClock()

    answer = Nested(emulator, clock).run_to_the_end({"stateMachineArn": "m"})

    assert json.loads(answer[2]) == {"executionArn": "nested"}
    assert len(clock.slept) == 2
    assert emulator.stopped == []


def test_an_express_one_is_left_to_the_emulator():
    assert Nested(Emulator(kind="EXPRESS"), FakeClock()).run_to_the_end({"stateMachineArn": "m"})[2] == b"express"


def test_a_name_that_is_taken_is_refused():
    emulator = Emulator()
    emulator["_start_execution"] = lambda _: (400, {}, b"taken")

    assert Nested(emulator, FakeClock()).run_to_the_end({"stateMachineArn": "m"}) == (400, {}, b"taken")


def test_with_the_map_s_execution_its_nested_ones_are_stopped():
    emulator = Emulator(looks=1000)

    def states(*_):
        emulator.parent["status"] = "ABORTED"
        return nested.run_to_the_end({"stateMachineArn": "m"})

    emulator["_run_sub_machine"] = states
    nested = Nested(emulator, FakeClock())
    nested.run_states({}, "First", {}, CHILD, {})

    assert emulator.stopped == ["nested"]
    with pytest.raises(RuntimeError, match="stopped"):
        nested.run_states({}, "First", {}, CHILD, {})


def test_a_path_limits_the_items_that_run_at_once():
    run = with_concurrency_paths(lambda state, *_: state.get("MaxConcurrency"), lambda path, data, _: data[path])

    assert run({"MaxConcurrencyPath": "$.n"}, {"$.n": 3}, {}, {}) == 3
    assert run({"MaxConcurrency": 2}, {}, {}, {}) == 2
    assert run({}, {}, {}, {}) is None


def test_a_task_reads_an_object_and_its_headers():
    objects = {"/b/a/1.json": b'{"n": 1}'}
    calls = []

    def dispatch(_, name, action, params):
        calls.append((name, action))
        return {"ETag": "1"}

    run = with_objects(dispatch, lambda _, path: (200 if path in objects else 404, {}, objects.get(path, b"")))

    assert run({}, "s3", "getObject", {"Bucket": "b", "Key": "a/1.json"}) == {"ETag": "1", "Body": '{"n": 1}'}
    for action, params in (("getObject", {"Bucket": "b", "Key": "none"}), ("putObjectTagging", {})):
        assert run({}, "s3", action, params) == {"ETag": "1"}
    assert calls == [("s3", "headObject"), ("s3", "getObject"), ("s3", "putObjectTagging")]


def test_a_mocked_error_is_caught_once_its_retries_are_used_up():
    state = {"Retry": [{"ErrorEquals": ["Slow"]}], "Catch": [{"Next": "Failed"}]}
    request = {"stateName": "S", "definition": json.dumps({"States": {"S": state}})}
    run = retried_first(
        lambda given: "Catch" in json.loads(given["definition"])["States"]["S"],
        lambda _, error, used: (None, -1) if error != "Slow" or used[0] >= 3 else ({}, 0),
    )

    def is_caught(error, retries):
        configuration = {"retrierRetryCount": retries}
        return run({**request, "mock": {"errorOutput": {"error": error}}, "stateConfiguration": configuration})

    assert [is_caught("Slow", 2), is_caught("Slow", 3), is_caught("Other", 0)] == [False, True, True]
    assert run(request)

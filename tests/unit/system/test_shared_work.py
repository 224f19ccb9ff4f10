"""Work that is waited for no longer than somebody wants to."""

from __future__ import annotations

import threading

import pytest

from awsit.system.shared_work import SharedWork


def test_work_is_done_once_for_all_who_ask_meanwhile() -> None:
    work, let_go, calls = SharedWork[int]("test"), threading.Event(), list[int]()

    def slow() -> int:
        calls.append(1)
        let_go.wait(20)
        return 7

    for _ in range(2):
        with pytest.raises(TimeoutError):
            work.result("a", slow, 0.01)
    let_go.set()

    assert work.result("a", slow, None) == 7
    assert len(calls) == 1


def test_where_there_is_no_thread_nobody_waits_for_it_later(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(_: object) -> None:
        raise RuntimeError("can't start new thread")

    work = SharedWork[int]("test")
    with monkeypatch.context() as limited:
        limited.setattr("threading.Thread.start", refuse)
        with pytest.raises(RuntimeError):
            work.result("a", lambda: 7, 10)

    assert work.result("a", lambda: 7, 10) == 7


def test_what_is_over_is_done_anew_and_other_keys_are_other_works() -> None:
    work = SharedWork[int]("test")

    assert [work.result(key, lambda number=number: number, 10) for number, key in enumerate("aab")] == [0, 1, 2]


@pytest.mark.parametrize("error", [ValueError("no"), SystemExit("no")], ids=repr)
def test_an_error_is_raised_by_those_who_wait_and_keeps_nobody_from_trying_again(error: BaseException) -> None:
    def broken() -> int:
        raise error

    work = SharedWork[int]("test")
    for _ in range(2):
        with pytest.raises(type(error), match="no"):
            work.result("a", broken, 10)

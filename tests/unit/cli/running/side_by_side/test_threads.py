"""Threads that carry out one task after the other."""

from __future__ import annotations

from queue import SimpleQueue
from threading import Barrier, Thread, current_thread

import pytest

from awsit.cli.running.side_by_side import threads as threads_module
from awsit.cli.running.side_by_side.threads import Threads


def test_a_thread_takes_the_next_task_and_ends_when_there_is_none() -> None:
    done: SimpleQueue[tuple[int, Thread]] = SimpleQueue()
    threads = Threads[int](lambda task: done.put((task, current_thread())))
    seen = []
    for task in range(3):
        threads.begin(task)
        seen.append(done.get(timeout=10))
        threads.is_over()
    assert [task for task, _ in seen] == [0, 1, 2]
    [thread] = {each for _, each in seen}
    threads.close()
    thread.join(10)
    assert not thread.is_alive()
    assert thread.daemon


def test_tasks_that_go_on_at_once_have_threads_of_their_own() -> None:
    all_go_on, done = Barrier(3), SimpleQueue[Thread]()

    def carry_out(_: int) -> None:
        all_go_on.wait(10)
        done.put(current_thread())

    threads = Threads(carry_out)
    for task in range(3):
        threads.begin(task)
    assert len({done.get(timeout=10) for _ in range(3)}) == 3
    threads.close()


def limit_threads(monkeypatch: pytest.MonkeyPatch, most: int) -> None:
    """Give so many further threads, as a machine does whose limit of processes is reached."""
    started: list[Thread] = []

    class Limited(Thread):
        def start(self) -> None:
            if len(started) == most:
                raise RuntimeError("can't start new thread")
            started.append(self)
            super().start()

    monkeypatch.setattr(threads_module, "Thread", Limited)


def test_where_the_machine_gives_no_further_thread_tasks_wait_for_those_that_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    limit_threads(monkeypatch, 1)
    done = SimpleQueue[int]()
    threads = Threads(done.put)
    for task in range(3):
        threads.begin(task)
    assert [done.get(timeout=10) for _ in range(3)] == [0, 1, 2]
    threads.close()


def test_where_the_machine_gives_no_thread_at_all_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    limit_threads(monkeypatch, 0)
    with pytest.raises(RuntimeError, match="can't start new thread"):
        Threads(print).begin(1)

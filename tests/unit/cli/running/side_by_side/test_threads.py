"""Threads that carry out one task after the other."""

from __future__ import annotations

from queue import SimpleQueue
from threading import Barrier, Thread, current_thread

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

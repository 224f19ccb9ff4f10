"""Threads that carry out one task after the other: to start one takes longer than many a step."""

from __future__ import annotations

from collections.abc import Callable
from queue import SimpleQueue
from threading import Thread
from typing import Generic, TypeVar

T = TypeVar("T")


class Threads(Generic[T]):
    """As many threads as tasks go on at once; none of them keeps the process from ending.

    One thread begins the tasks, and says when each is over. `carry_out` raises no error.
    """

    def __init__(self, carry_out: Callable[[T], None]) -> None:
        self._carry_out = carry_out
        self._tasks: SimpleQueue[T | None] = SimpleQueue()
        self._threads = self._going_on = 0

    def begin(self, task: T) -> None:
        """Carry out a task, in a thread that has ended another one, if there is any.

        Where the machine gives no further thread, the task waits for one of those that there are. Raises RuntimeError
        when there is none.
        """
        if self._going_on >= self._threads:
            self._start_thread()
        self._going_on += 1
        self._tasks.put(task)

    def _start_thread(self) -> None:
        try:
            Thread(target=self._work, name=f"awsit-run-{self._threads + 1}", daemon=True).start()
        except RuntimeError:  # limits of processes (setrlimit(2), cgroups) and of memory
            if not self._threads:
                raise
        else:
            self._threads += 1

    def is_over(self) -> None:
        """A task has come to its end."""
        self._going_on -= 1

    def close(self) -> None:
        """Let each thread end after its task."""
        for _ in range(self._threads):
            self._tasks.put(None)

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            self._carry_out(task)
            del task  # what it holds is not to wait for the next one

"""Work that nothing can interrupt, done in a thread, so that nobody waits longer for it than they want to."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Lock, Thread
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from concurrent.futures import Future

T = TypeVar("T")


class SharedWork(Generic[T]):
    """Works by their keys. A thread whose work takes too long is left to itself.

    Whoever asks for the same work meanwhile waits for the same thread, so that no more threads hang than there are
    keys.
    """

    def __init__(self, name: str) -> None:
        """The threads are called `awsit-NAME-KEY`."""
        self._name = name
        self._lock = Lock()
        self._going: dict[str, Future[T]] = {}

    def result(self, key: str, work: Callable[[], T], seconds: float | None) -> T:
        """What `work` returns, or the work with this key that goes on already. Raises what it raises.

        TimeoutError after `seconds`; without a limit (None) it is waited for to its end. RuntimeError when there is no
        thread for it.
        """
        from concurrent.futures import Future  # slow to import, and most processes have no such work

        with self._lock:
            future = self._going.get(key)
            if future is None:
                future = Future()
                Thread(target=self._do, args=(key, work, future), name=f"awsit-{self._name}-{key}", daemon=True).start()
                self._going[key] = future
        return future.result(seconds)

    def _do(self, key: str, work: Callable[[], T], future: Future[T]) -> None:
        """Do the work, and let those who wait for it go on."""
        settle: Callable[[], None]
        try:
            settle = partial(future.set_result, work())
        except BaseException as error:  # noqa: BLE001 - raised again by those who wait
            settle = partial(future.set_exception, error)
        with self._lock:
            del self._going[key]
        settle()

"""The marks of this machine and user on what awsit writes to a state folder, which may come with a cloned repository.

A mark is an HMAC (RFC 2104) with SHA-256 of a name and a text. Its key is the user's own and is in no project.
"""

from __future__ import annotations

import errno
import hmac
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from pathlib import Path

from awsit.errors import EnvironmentFailure
from awsit.system.files import read_regular

KEY_FILE = "state.key"
KEY_BYTES = 32
MAX_KEY_BYTES = 4096


class Marks:
    """Makes and checks marks. The key is read when the first mark is made or checked: most commands need none.

    Where no key can be kept (a container without a home), one of this process is used: its runs go on and clean up,
    and a later command takes what they wrote for a stranger's.
    """

    def __init__(self, key: Callable[[], bytes]) -> None:
        """`key` returns the key, or raises OSError."""
        self._kept_key = key

    def of(self, name: str, text: bytes) -> str:
        """The mark of a text under a name, in hexadecimal digits."""
        mark = self._keyed.copy()  # a fifth of the time that `hmac.digest` takes, which begins with the key
        mark.update(name.encode() + b"\0" + text)
        return mark.hexdigest()

    def is_right(self, name: str, text: bytes, mark: str) -> bool:
        """Whether a mark was made with this key."""
        return hmac.compare_digest(self.of(name, text).encode(), mark.encode())

    def check_kept(self) -> None:
        """Raise EnvironmentFailure when a mark that is made now is worth nothing to a later command."""
        try:
            self._kept_key()
        except OSError as error:
            raise EnvironmentFailure(
                f"the key of your marks cannot be kept: {error.filename}: {error.strerror}",
                hint=f"set AWSIT_STATE_KEY to a secret of at least {KEY_BYTES} characters",
            ) from error

    @cached_property
    def _keyed(self) -> hmac.HMAC:
        try:
            key = self._kept_key()
        except OSError:
            key = os.urandom(KEY_BYTES)
        return hmac.new(key, digestmod="sha256")


def user_key(folder: Path) -> bytes:
    """The key in a user's own folder. Both are made on first need, for this user only. Raises OSError.

    Of two processes that make it at once, both have the key of the first: a link to a whole file takes its name, or
    fails. On a file system without such links, the key of the later one stays.
    """
    path = folder / KEY_FILE
    with suppress(FileNotFoundError):
        return _whole_key(path)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = folder / f".{KEY_FILE}.{os.urandom(8).hex()}"
    try:
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(os.urandom(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        _give_name(beside, path)
    finally:
        with suppress(OSError):
            beside.unlink()
    return _whole_key(path)


def _give_name(beside: Path, path: Path) -> None:
    """Have a file take its name, unless there is one of that name."""
    try:
        os.link(beside, path)
    except FileExistsError:
        return
    except OSError:  # FAT and some network file systems have no hard links
        beside.rename(path)


def _whole_key(path: Path) -> bytes:
    """The key of a file. Raises OSError for a shorter one, with which anybody could make the same marks."""
    key = read_regular(path, MAX_KEY_BYTES)
    if len(key) < KEY_BYTES:
        raise OSError(errno.EINVAL, f"it has fewer than {KEY_BYTES} bytes and is no key: remove it", str(path))
    return key

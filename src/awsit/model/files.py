"""Files of a scenario: how large they may be, and how one that is stored is named."""

from __future__ import annotations

import hashlib
from typing import Protocol

from awsit.errors import ActionError, ErrorKind
from awsit.patterns import lazy_pattern

MAX_FILE_BYTES = 20 * 1024 * 1024
MAX_FILES = 100
DIGEST = lazy_pattern(r"sha256:[0-9a-f]{64}")


def digest_of(content: bytes) -> str:
    """The name of a content: `sha256:` and its SHA-256 in hexadecimal."""
    return f"sha256:{hashlib.sha256(content).hexdigest()}"


class FileSource(Protocol):
    """The files of one scenario."""

    def read(self, name: str) -> bytes:
        """The content of a file, by the name that a param has for it. Raises ActionError of kind validation."""


class FileStore(Protocol):
    """Where the files of scenarios are: the disk, or a bucket."""

    def read(self, reference: str) -> bytes:
        """The content at a path, or with a digest such as `sha256:2cf2…`. Raises AwsitError."""


class NoFiles:
    """The files of an action that belongs to no scenario: there are none."""

    def read(self, name: str) -> bytes:
        """Raise ActionError of kind validation."""
        raise ActionError(
            f"the file {name} cannot be read: the action belongs to no scenario",
            kind=ErrorKind.VALIDATION,
            hint="give the content itself",
        )


NO_FILES = NoFiles()

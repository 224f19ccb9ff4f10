"""Files of this machine."""

from __future__ import annotations

from pathlib import Path

from awsit.errors import InvalidInputError
from awsit.model.files import MAX_FILE_BYTES


class DiskFiles:
    """The `FileStore` whose references are paths."""

    def read(self, reference: str) -> bytes:
        """The content of a regular file of at most `MAX_FILE_BYTES`. Raises InvalidInputError."""
        try:
            if Path(reference).exists() and not Path(reference).is_file():  # opening a pipe would wait for its writer
                raise _unusable(f"{reference} is not a regular file", "name a file")
            with Path(reference).open("rb") as file:
                content = file.read(MAX_FILE_BYTES + 1)
        except FileNotFoundError:
            raise _unusable(f"there is no file {reference}", "check the path") from None
        except OSError as error:
            raise _unusable(f"{reference} cannot be read: {error.strerror}", "check its permissions") from error
        if len(content) > MAX_FILE_BYTES:
            limit = f"the limit is {MAX_FILE_BYTES // 1024 // 1024} MiB"
            raise _unusable(f"{reference} is too large; {limit}", "use a smaller file")
        return content


def _unusable(message: str, hint: str) -> InvalidInputError:
    return InvalidInputError(message, code="bad_file", hint=hint)

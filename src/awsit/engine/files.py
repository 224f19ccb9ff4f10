"""The files that the params of a run's steps name."""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct

from awsit.errors import ActionError, AwsitError, ErrorKind
from awsit.model.files import FileStore


class RunFiles(Struct, frozen=True):
    """The `FileSource` of one run. `references` are `Plan.files`."""

    references: Mapping[str, str]
    store: FileStore

    def read(self, name: str) -> bytes:
        """The content of a file that the plan knows. Raises ActionError of kind validation."""
        if name not in self.references:
            raise ActionError(
                f"the file {name} did not come with the scenario",
                kind=ErrorKind.VALIDATION,
                hint="run or push the scenario's file with awsit, which finds and stores what it names; "
                "a name that a variable gives must be known by then",
            )
        try:
            return self.store.read(self.references[name])
        except AwsitError as error:
            raise ActionError(
                f"the file {name} cannot be read: {error.message}", kind=ErrorKind.VALIDATION, hint=error.hint
            ) from error

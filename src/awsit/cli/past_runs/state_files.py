"""Small documents in the state folder that drive a later command, with a mark of this machine and user."""

from __future__ import annotations

import errno
import os

from awsit.cli.path_names import shown
from awsit.config import Settings, environment
from awsit.errors import EnvironmentFailure
from awsit.model import json
from awsit.model.json import Json
from awsit.system.files import make_own, read_regular, write_own
from awsit.user_folders import marks

LAST_RUN, SANDBOX_STACKS = "last-run.json", "sandbox-stacks.json"
MAX_BYTES = 10 * 1024 * 1024
_MARK = "mark"


class ForeignFileError(EnvironmentFailure):
    """A file of the state folder that this user's awsit has not written on this machine."""


def keep(settings: Settings, name: str, document: dict[str, Json]) -> None:
    """Write a document, with its mark. Raises OSError."""
    from awsit.cli.logs.logfile import keep_out_of_git

    make_own(settings.state_folder)
    mark = marks(environment()).of(name, _text(document))
    write_own(settings.state_folder / name, json.dumps({**document, _MARK: mark}, indent=2) + "\n")
    keep_out_of_git(settings.state_folder)


def read(settings: Settings, name: str) -> Json:
    """A document that `keep` has written.

    Raises ForeignFileError for one without a right mark, OSError, and ValueError or TypeError when it is no object.
    """
    document = _document(settings, name)
    mark = document.pop(_MARK, "")
    if isinstance(mark, str) and marks(environment()).is_right(name, _text(document), mark):
        return document
    raise ForeignFileError(
        f"{shown(settings.state_folder / name)} has no mark of this machine and user, and is not obeyed",
        code="foreign_file",
        hint="it may have come with a cloned repository, or be of a version before; if it is yours: "
        "`awsit cleanup --adopt`",
    )


def adopt_files(settings: Settings) -> list[str]:
    """Mark the foreign documents as this user's, and return their paths.

    Raises EnvironmentFailure when there is no place for the key, and OSError.
    """
    adopted = []
    for name in (LAST_RUN, SANDBOX_STACKS):
        try:
            read(settings, name)
        except ForeignFileError:
            document = _document(settings, name)
            document.pop(_MARK, None)
            marks(environment()).check_kept()
            keep(settings, name, document)
            adopted.append(shown(settings.state_folder / name))
        except (OSError, ValueError, TypeError):
            continue
    return adopted


def _document(settings: Settings, name: str) -> dict[str, Json]:
    path = settings.state_folder / name
    if path.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path))
    document = json.loads(read_regular(path, MAX_BYTES))
    if not isinstance(document, dict):
        raise TypeError("it is not an object")
    return document


def _text(document: dict[str, Json]) -> bytes:
    return json.dumps(document).encode("utf-8", "surrogatepass")

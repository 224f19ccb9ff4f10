"""Where a draft is going to lie, and how it names files from there."""

from __future__ import annotations

import os
from pathlib import Path

from msgspec import Struct


class Destination(Struct, frozen=True):
    """The folder of a scenario to be written, and that of its project, if there is one."""

    folder: Path
    root: Path | None = None

    def path_to(self, name: str) -> str | None:
        """The path by which the scenario names a file of this machine; None outside of the project."""
        home, file = self.folder.resolve(), Path(name).resolve()
        root = self.root.resolve() if self.root else home
        if not file.is_relative_to(root if home.is_relative_to(root) else home):
            return None
        return Path(os.path.relpath(file, home)).as_posix()

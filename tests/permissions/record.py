"""Write what awsit calls today into `recorded.json`: `python -m tests.permissions.record`."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.deployed import sandboxed
from tests.permissions import records, tours

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, sandboxed(Path(folder, "sandbox")) as deployed:
        of_the_commands = tours.of_the_commands(deployed, Path(folder))
    records.save(of_the_commands | tours.of_the_function())

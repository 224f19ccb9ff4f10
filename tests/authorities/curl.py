"""The real curl, as the authority on what a client does."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from tests.authorities.programs import required


def run(*arguments: str, environment: dict[str, str] | None = None) -> subprocess.CompletedProcess[bytes]:
    """curl, without a configuration file or proxies but those of `environment`."""
    return subprocess.run(
        [required("curl"), "-q", "-s", "--max-time", "5", *arguments],
        capture_output=True,
        check=False,
        timeout=20,
        env={"PATH": os.environ["PATH"], **(environment or {})},
    )


def bodies(urls: Sequence[str], folder: Path, *options: str) -> list[tuple[int, int, bytes]]:
    """Exit code, status and body of each URL, asked for one after the other by one curl, on one connection."""
    files = [folder / f"body-{number}" for number in range(len(urls))]
    outputs = [word for file, url in zip(files, urls, strict=True) for word in ("-o", str(file), url)]
    done = run("-w", "\n%{urlnum} %{exitcode} %{http_code}\n", *options, *outputs)
    ends = {number: (code, status) for number, code, status in map(_numbers, done.stdout.splitlines()) if status >= 0}
    contents = [file.read_bytes() if file.exists() else b"" for file in files]
    return [(*ends.get(number, (done.returncode, 0)), content) for number, content in enumerate(contents)]


def _numbers(line: bytes) -> tuple[int, int, int]:
    words = line.split()
    return (int(words[0]), int(words[1]), int(words[2])) if len(words) == 3 else (-1, -1, -1)

"""`make audit`, with a pip-audit that prints what it is told to."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[2] / "scripts" / "audit_dependencies.py"
SOUND = {"name": "sound", "version": "1", "vulns": []}
SKIPPED = {"name": "skipped", "skip_reason": "not found on PyPI"}
BAD = {"name": "bad", "version": "2", "vulns": [{"id": "PYSEC-1", "fix_versions": ["2.1"], "aliases": []}]}


def audit(folder: Path, *packages: object, error: str = "") -> subprocess.CompletedProcess[str]:
    output = json.dumps({"dependencies": packages}) if packages else ""
    (folder / "pip_audit.py").write_text(f"import sys; print({output!r}, end=''); sys.exit({error!r} or 0)")
    return subprocess.run([sys.executable, SCRIPT], cwd=folder, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("packages", "error", "code", "said"),
    [
        ([SOUND, SKIPPED], "", 0, "No vulnerability is known in 1 packages; 1 not looked up.\n"),
        ([SOUND, BAD], "found 1", 1, "bad 2: PYSEC-1 (mended in 2.1)\n"),
        ([SKIPPED], "", 0, "Nothing was looked up, for want of advisories: not found on PyPI\n"),
        ([], "ERROR: no network", 0, "Nothing was looked up, for want of advisories: ERROR: no network\n"),
    ],
)
def test_a_known_vulnerability_fails_and_a_missing_advisory_is_told(tmp_path, packages, error, code, said):
    done = audit(tmp_path, *packages, error=error)

    assert (done.returncode, done.stdout + done.stderr) == (code, said)

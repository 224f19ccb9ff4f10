"""What every test starts from: no AWS account, no configuration of the person who runs the tests, a plain terminal."""

import os
from pathlib import Path

import pytest

OWNED_PREFIXES = ("AWS_", "AWSIT_")
COLOUR_SWITCHES = ("FORCE_COLOR", "CLICOLOR_FORCE", "PY_COLORS")
NOWHERE = Path(__file__).parent / "no-such-folder"


def pytest_configure() -> None:
    """Before any fixture of any scope: a test that reaches for a real account fails at once, and loudly."""
    for name in [name for name in os.environ if name.startswith(OWNED_PREFIXES) or name in COLOUR_SWITCHES]:
        del os.environ[name]
    os.environ.update(
        AWS_CONFIG_FILE=str(NOWHERE / "config"),
        AWS_SHARED_CREDENTIALS_FILE=str(NOWHERE / "credentials"),
        AWS_EC2_METADATA_DISABLED="true",
        NO_COLOR="1",
        TERM="dumb",
        COLUMNS="120",
    )


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Each test works in a folder of its own, so that no `awsit.toml` or journal of another is found."""
    monkeypatch.chdir(tmp_path)

"""Where every test starts: no AWS account, no configuration of the person who runs it, a plain terminal."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings
from tests.not_tested import NotTested

if TYPE_CHECKING:
    from tests.deployed import Deployed

OWNED_PREFIXES = ("AWS_", "AWSIT_")
COLOUR_SWITCHES = ("FORCE_COLOR", "CLICOLOR_FORCE", "PY_COLORS")
GC_THRESHOLDS = (20_000, 20, 20)
NOWHERE = Path(__file__).parent / "no-such-folder"

# `make test` tries the same hundred examples or more (`examples`) at each run, `make nightly` a thousand new ones.
PATIENT = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("repeatable", derandomize=True, **PATIENT)
settings.register_profile("random", max_examples=1000, print_blob=True, **PATIENT)
settings.load_profile("repeatable")  # `--hypothesis-profile` comes later, and wins


def pytest_configure(config: pytest.Config) -> None:
    """Clear the environment before any fixture: a test that calls a real account fails at once."""
    if not hasattr(config, "workerinput"):  # in the process that hears of every test
        config.pluginmanager.register(NotTested())
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


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over modules and collected tests, which stay to the end, and come less often."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)


@pytest.fixture(autouse=True)
def own_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Run each test in a folder of its own, so that it finds no `awsit.toml`, journal or lock of another."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Deployed"]:
    """A sandbox with the stacks `awsit` and `orders`, in the environment of this process while a module's tests run."""
    from tests.deployed import with_orders  # few tests need what this imports

    with with_orders(tmp_path_factory.mktemp("deployed")) as made, made.entered():
        yield made


@pytest.fixture(scope="session")
def sandbox_of_the_process(tmp_path_factory: pytest.TempPathFactory) -> Iterator["Deployed"]:
    from tests.deployed import with_orders

    with with_orders(tmp_path_factory.mktemp("shared")) as made:
        yield made


@pytest.fixture(scope="module")
def shared(sandbox_of_the_process: "Deployed") -> Iterator["Deployed"]:
    """The same, which modules share whose tests look at nothing but what they made: a sandbox takes seconds to make."""
    with sandbox_of_the_process.entered():
        yield sandbox_of_the_process

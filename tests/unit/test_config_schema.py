"""The schema of awsit.toml says what the configuration itself accepts."""

from pathlib import Path

import jsonschema
import pytest

from awsit import config, config_values
from awsit.config_schema import DESCRIPTIONS, config_schema
from awsit.errors import InvalidInputError

ACCEPTED = [
    'engine = "local"',
    'stack = "awsit"\nregion = "eu-west-1"\nprofile = "dev"',
    "sandbox = true",
    'sandbox = "yes"',
    'scenarios = "tests"',
    'scenarios = ["tests", "more"]\nstate_folder = ".state"\nreport_folder = "out"',
    'log_level = "info"',
    "keep_reports = 0",
    "jobs = 4",
    'jobs = "100"',
    'jobs = "auto"',
    'keep_reports = "200"',
    "[sandbox]\nuse = true",
    "[sandbox]\ntemplates = []",
    '[[sandbox.templates]]\npath = "a.yaml"\nstack = "a"',
    '[[sandbox.templates]]\npath = "a"\nstack = "a"\nallow_unsupported = true\nparameters = {P = "1"}',
]
REFUSED = [
    'engine = "lambda"',
    "stack = 1",
    'sandbox = "perhaps"',
    "scenarios = [1]",
    'state_folder = ""',
    'log_level = "loud"',
    "keep_reports = -1",
    "jobs = 0",
    "jobs = 101",
    'jobs = "0"',
    'jobs = "all"',
    "jobs = true",
    "keep_reports = 1.5",
    "keep_reports = true",
    'keep_reports = "all"',
    'stak = "awsit"',
    '[sandbox]\nuse = "perhaps"',
    "[sandbox]\ntemplate = []",
    '[[sandbox.templates]]\npath = "a.yaml"',
    '[[sandbox.templates]]\npath = ""\nstack = "a"',
    '[[sandbox.templates]]\npath = "a"\nstack = "my_stack"',
    '[[sandbox.templates]]\npath = "a"\nstack = "a"\nparameters = {P = 1}',
    '[[sandbox.templates]]\npath = "a"\nstack = "a"\nparametres = {}',
]


def accepted_by_awsit(text: str, folder: Path) -> bool:
    (folder / "awsit.toml").write_text(text, encoding="utf-8")
    try:
        config.load({}, {}, folder)
    except InvalidInputError:
        return False
    return True


def accepted_by_schema(text: str) -> bool:
    import tomllib

    return jsonschema.Draft202012Validator(config_schema()).is_valid(tomllib.loads(text))


@pytest.mark.parametrize("text", ACCEPTED)
def test_what_is_accepted_fits_the_schema(text, tmp_path):
    assert accepted_by_awsit(text, tmp_path)
    assert accepted_by_schema(text)


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_refused_does_not_fit_the_schema(text, tmp_path):
    assert not accepted_by_awsit(text, tmp_path)
    assert not accepted_by_schema(text)


def test_every_setting_is_described():
    assert set(DESCRIPTIONS) == set(config_values.KINDS)

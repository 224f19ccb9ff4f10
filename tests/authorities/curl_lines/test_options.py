"""curl's options are those that curl itself lists (`curl --help all`)."""

import re
import subprocess

import pytest
from tests.authorities.programs import required

from awsit.cli.drafts.curl.options import read_options
from awsit.errors import UsageError

LISTED = re.compile(r"\s+(?:-(?P<letter>\S), )?--(?P<name>\S+) ?(?P<value>[<\[]\S+)?")
REFUSED = "the curl command cannot be translated: {}: "


@pytest.fixture(scope="module")
def listed() -> list[re.Match[str]]:
    lines = subprocess.run([required("curl"), "--help", "all"], capture_output=True, text=True, check=True).stdout
    return [match for line in lines.splitlines() if (match := LISTED.match(line))]


def takes_value(option: str) -> bool | None:
    """Whether the option takes the word behind it; None for one that is refused."""
    try:
        return len(read_options([option, "word", "url"]).all("url")) < len(["word", "url"])
    except UsageError as error:
        return None if error.message.startswith(REFUSED.format(option)) else pytest.fail(error.message)


def test_each_option_of_curl_is_known_with_its_value(listed: list[re.Match[str]]) -> None:
    assert len(listed) > 200
    for option in listed:
        names = [f"--{option['name']}", *([f"-{option['letter']}"] if option["letter"] else [])]
        for name in names if option["name"] != "url" else []:
            assert takes_value(name) in {bool(option["value"]), None}, name

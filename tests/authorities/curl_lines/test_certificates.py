"""A curl line with a client certificate: what `new --from-curl` writes shows the server the same one."""

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.authorities import curl
from tests.authorities.pki import PASSWORD, authority, serving_tls

from awsit.cli.main import cli
from awsit.cli.session import Session

ADA = authority().issue("ada")
FILES = {
    "ada.pem": ADA.certificate,
    "ada.key": ADA.key,
    "locked.key": ADA.locked,
    "both.pem": ADA.certificate + ADA.key,
    "a:b.pem": ADA.certificate + ADA.locked,
    "ca.pem": authority().pem,
}
LINES = [
    "--cert ada.pem --key ada.key",
    "-E both.pem",
    f"--cert ada.pem --key locked.key --pass '{PASSWORD}'",
    f"--cert ada.pem:'{PASSWORD}' --key locked.key --key-type pem",
    rf"--cert 'a\:b.pem:{PASSWORD}'",
]


@pytest.mark.parametrize("in_project", [True, False])
@pytest.mark.parametrize("options", LINES)
def test_the_server_sees_the_same_client(options: str, in_project: bool, tmp_path: Path) -> None:
    for name, content in FILES.items():
        (tmp_path / name).write_text(content)
    if in_project:
        (tmp_path / "awsit.toml").touch()
    with serving_tls() as url:
        seen_of_curl = curl.run("--cacert", "ca.pem", *shlex.split(options), url).stdout.decode()
        drafted = awsit("new", "scenario", "it", "--from-curl", f"curl --cacert ca.pem {options} {url}")
        text = Path("scenarios/it.yaml").read_text()
        Path("scenarios/it.yaml").write_text(f"{text}    assert: [{{path: $.body, equals: {seen_of_curl}}}]\n")
        result = awsit("run", "scenarios/it.yaml", env=environment(drafted.stderr))
    assert seen_of_curl == "ada"
    assert (result.exit_code, PASSWORD in text) == (0, False), result.output


def awsit(*arguments: str, env: dict[str, str] | None = None):
    return CliRunner().invoke(cli, list(arguments), env=env, obj=Session(), prog_name="awsit", catch_exceptions=False)


def environment(notes: str) -> dict[str, str]:
    """What the notes ask for: the password, and the contents of the files that are outside of the project."""
    lines = (note.split() for note in notes.splitlines() if " is the content of " in note)
    contents = {words[1].removeprefix("$"): FILES[words[6].rstrip(",")] for words in lines}
    return {"CLIENT_KEY_PASSWORD": PASSWORD, **contents}

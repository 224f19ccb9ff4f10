"""Redirects, cookie jars and certificates of a curl line. That they do what curl does, `tests/authorities` shows."""

from pathlib import Path

import pytest

from awsit.cli.drafts.curl.scenario import draft_of_curl
from awsit.cli.drafts.destination import Destination
from awsit.errors import NotFoundError, UsageError

KEPT = ("follow_redirects", "keep_method", "cookies", "client_certificate")


def said(options: str, root: Path | None = None) -> tuple[dict, tuple[str, ...]]:
    draft = draft_of_curl(f"curl https://api.test/ {options}", "", Destination(Path("scenarios"), root))
    params = draft.document["actions"][0]["params"]
    return {name: params[name] for name in KEPT if name in params}, draft.notes


@pytest.mark.parametrize(
    ("options", "params", "note"),
    [
        ("-X DELETE", {"follow_redirects": False}, ""),
        ("--post301 --post302 --post303 -d a=1", {"follow_redirects": False}, ""),
        ("-L", {}, ""),
        ("-L -X DELETE", {"keep_method": True}, ""),
        ("-L -X head", {}, "capitals"),
        ("-L -d a=1", {}, ""),
        ("-L -d a=1 --post301 --post302 --post303", {"keep_method": True}, ""),
        ("-L -X PUT -d a=1 --post301 --post302 --post303", {"keep_method": True}, ""),
        ("-L -d a=1 --post301 --post303", {}, "alike: --post301, --post303"),
        ("-L -d a=1 -X POST", {}, "by 301 to 303, curl would send POST without the body"),
        ("--location-trusted", {}, "--location-trusted: credentials"),
        ("-L -c jar", {"cookies": "keep"}, ""),
        ("-L -b '' -H 'Cookie: a=1'", {}, "COOKIE"),
        ("-L -c jar -b a=1", {}, "--cookie-jar"),
        ("-L -b jar", {"cookies": "keep"}, "the cookies in the file jar"),
        ("-L --key k.pem", {}, "no --cert: --key"),
    ],
)
def test_what_the_options_become(options: str, params: dict, note: str) -> None:
    found, notes = said(options)
    assert found == params
    assert note in " ".join(notes)
    assert bool(note) == bool(notes)


def test_a_certificate_of_the_project_is_named(tmp_path: Path) -> None:
    (tmp_path / "me.pem").write_text("certificate")
    (tmp_path / "me.key").write_text("key")
    found, notes = said("-L -E me.pem --key me.key --pass secret", tmp_path)
    password = "{{ env.CLIENT_KEY_PASSWORD }}"
    assert found["client_certificate"] == {
        "certificate_file": "../me.pem",
        "key_file": "../me.key",
        "password": password,
    }
    assert notes == ("no credential was copied: set CLIENT_KEY_PASSWORD in the environment before a run",)


def test_another_one_is_a_variable(tmp_path: Path) -> None:
    (tmp_path / "me.pem").write_text("certificate and key")
    found, notes = said("-L -E me.pem")
    assert found["client_certificate"] == {"certificate": "{{ env.CLIENT_CERTIFICATE }}"}
    assert notes[0] == "$CLIENT_CERTIFICATE is the content of me.pem, which is outside of the scenario's project"


@pytest.mark.parametrize("options", ["--cert-type DER", "--key k --key-type ENG", "--cert-type p12"])
def test_a_certificate_in_another_format_is_refused(options: str) -> None:
    with pytest.raises(UsageError, match="in PEM"):
        said(f"--cert me.pem {options}")


def test_a_certificate_that_is_not_there_is_named() -> None:
    with pytest.raises(NotFoundError, match=r"me\.pem, which does not exist"):
        said("--cert me.pem")

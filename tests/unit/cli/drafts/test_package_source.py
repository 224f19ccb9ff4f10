"""What CI is told to install."""

from pathlib import Path

import pytest

from awsit.cli.drafts import package_source
from awsit.cli.drafts.package_source import from_origin, installed_from, requirement
from awsit.errors import UsageError
from awsit.model.json import Json

WHEEL = "awsit-1.0-py3-none-any.whl"


@pytest.mark.parametrize(
    ("source", "argument"),
    [
        ("awsit", "awsit[sandbox]"),
        ("awsit==1.0", "awsit[sandbox]==1.0"),
        ("acme-awsit >=1,<2", "acme-awsit[sandbox]>=1,<2"),
        ("awsit[contracts]~=1.0", "awsit[contracts,sandbox]~=1.0"),
        ("awsit[sandbox]", "awsit[sandbox]"),
        ("git+https://git.test/awsit.git@v1", "awsit[sandbox] @ git+https://git.test/awsit.git@v1"),
        ("awsit @ git+ssh://git@git.test/awsit.git", "awsit[sandbox] @ git+ssh://git@git.test/awsit.git"),
        (f"https://files.test/{WHEEL}", f"awsit[sandbox] @ https://files.test/{WHEEL}"),
    ],
)
def test_a_name_or_a_url_gets_the_extra_of_the_sandbox(tmp_path: Path, source: str, argument: str) -> None:
    assert requirement(source, tmp_path) == argument


def test_a_path_is_seen_from_the_project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    project = tmp_path / "shop"
    (project / "tools" / "awsit").mkdir(parents=True)
    (project / WHEEL).touch()
    monkeypatch.chdir(tmp_path)
    assert requirement(f"shop/{WHEEL}", Path("shop")) == f"./{WHEEL}[sandbox]"
    assert requirement("./shop/tools/awsit", Path("shop")) == "./tools/awsit[sandbox]"
    monkeypatch.chdir(project)
    assert requirement(WHEEL, Path()) == f"./{WHEEL}[sandbox]"


def test_a_name_is_a_name_although_a_folder_is_called_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "awsit").mkdir()
    monkeypatch.chdir(tmp_path)
    assert requirement("awsit", Path()) == "awsit[sandbox]"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("./missing", "there is no ./missing"),
        (WHEEL, f"there is no {WHEEL}"),
        ("two words", "there is no two words"),
        ("file:///awsit", "a CI server does not have file:///awsit"),
        ("awsit @ file:///awsit", "a CI server does not have file:///awsit"),
        ("https://me:word@files.test/awsit.whl", "the URL holds a credential"),
        ("git+https://token@git.test/awsit.git", "the URL holds a credential"),
        ("awsit @ git+ssh://git:word@git.test/awsit.git", "the URL holds a credential"),
        ("../awsit", "outside of"),
    ],
)
def test_what_a_ci_server_has_not_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, source: str, message: str
) -> None:
    (tmp_path / "awsit").mkdir()
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    with pytest.raises(UsageError, match=message):
        requirement(source, Path())


@pytest.mark.parametrize(
    ("origin", "argument"),
    [
        (
            {"url": "https://git.test/awsit.git", "vcs_info": {"vcs": "git", "commit_id": "1f2e"}},
            "awsit[sandbox] @ git+https://git.test/awsit.git@1f2e",
        ),
        (
            {"url": "ssh://git.test/mono.git", "vcs_info": {"vcs": "git", "commit_id": "1f"}, "subdirectory": "awsit"},
            "awsit[sandbox] @ git+ssh://git.test/mono.git@1f#subdirectory=awsit",
        ),
        ({"url": f"https://files.test/{WHEEL}", "archive_info": {}}, f"awsit[sandbox] @ https://files.test/{WHEEL}"),
        ({"url": "file:///somewhere/else", "dir_info": {"editable": True}}, ""),
        ({"url": "file:///somewhere/repo", "vcs_info": {"vcs": "git", "commit_id": "1f2e"}}, ""),
        ({"url": "git.test:awsit.git"}, ""),
        ({"url": f"https://${{TOKEN}}@files.test/{WHEEL}", "archive_info": {}}, ""),
        ({}, ""),
    ],
)
def test_the_origin_that_pip_noted_is_used_where_others_have_it(
    tmp_path: Path, origin: dict[str, Json], argument: str
) -> None:
    assert from_origin(origin, tmp_path) == argument


def test_an_origin_in_the_project_is_a_path_of_it(tmp_path: Path) -> None:
    url = (tmp_path / "my tools" / WHEEL).as_uri()
    assert from_origin({"url": url, "archive_info": {}}, tmp_path) == f"./my tools/{WHEEL}[sandbox]"


def test_an_origin_that_is_in_the_project_by_a_link_only_is_on_this_machine(tmp_path: Path) -> None:
    (tmp_path / "project").mkdir()
    (tmp_path / "project" / "tools").symlink_to(tmp_path)
    assert from_origin({"url": (tmp_path / "project" / "tools").as_uri()}, tmp_path / "project") == ""


class FakeDistribution:
    version = "1.0"

    def __init__(self, origin: str | None) -> None:
        self.origin = origin

    def read_text(self, _: str) -> str | None:
        return self.origin


@pytest.mark.parametrize(("origin", "argument"), [(None, "awsit[sandbox]==1.0"), ('{"url": "file:///else"}', "")])
def test_without_an_origin_it_came_from_an_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, origin: str | None, argument: str
) -> None:
    monkeypatch.setattr(package_source, "distribution", lambda _: FakeDistribution(origin))
    assert installed_from(tmp_path) == argument

import pwd
from pathlib import Path

import pytest

from awsit import user_folders
from awsit.errors import EnvironmentFailure, UsageError


@pytest.mark.parametrize(
    ("variables", "folder"),
    [
        ({"XDG_CACHE_HOME": "/caches", "HOME": "/people/me"}, "/caches/awsit"),
        ({"XDG_CACHE_HOME": "caches", "HOME": "/people/me"}, "/people/me/.cache/awsit"),
        ({"HOME": "/people/me"}, "/people/me/.cache/awsit"),
    ],
)
def test_what_can_be_built_again_is_in_the_users_cache_and_not_in_a_project(variables, folder):
    assert user_folders.user_cache_folder(variables) == Path(folder)


def test_the_key_of_a_machine_without_a_home_is_a_variable(tmp_path):
    variables = {"HOME": str(tmp_path / "home"), "AWSIT_STATE_KEY": "k" * 32}
    mark = user_folders.marks(variables).of("a", b"text")

    assert user_folders.marks(variables | {"HOME": "/nowhere"}).of("a", b"text") == mark
    assert user_folders.marks({"HOME": variables["HOME"]}).of("a", b"text") != mark
    assert (tmp_path / "home" / ".config" / "awsit" / "state.key").is_file()


def test_a_key_that_can_be_guessed_is_refused():
    with pytest.raises(UsageError, match="fewer than 32"):
        user_folders.marks({"AWSIT_STATE_KEY": "secret"})


def test_a_user_whom_the_machine_does_not_know_has_marks_of_the_process(monkeypatch):
    monkeypatch.delenv("HOME")
    monkeypatch.setattr(pwd, "getpwuid", {}.__getitem__)
    assert user_folders.user_state_folder({"XDG_STATE_HOME": "/states"}) == Path("/states/awsit")
    with pytest.raises(NotADirectoryError):
        user_folders.user_state_folder({}).mkdir(parents=True)
    marks = user_folders.marks({})

    assert marks.is_right("a", b"text", marks.of("a", b"text"))
    with pytest.raises(EnvironmentFailure, match="Not a directory"):
        marks.check_kept()

import os

import pytest

from awsit.aws.deployment.builds import cache
from awsit.errors import EnvironmentFailure


def test_the_folder_is_closed_to_others(tmp_path):
    folder = tmp_path / "caches" / "awsit"
    folder.mkdir(parents=True, mode=0o777)
    cache.make(folder)

    assert folder.stat().st_mode & 0o777 == 0o700


def test_a_folder_of_somebody_else_is_not_used(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "getuid", lambda: tmp_path.stat().st_uid + 1)

    with pytest.raises(EnvironmentFailure, match="another user's") as caught:
        cache.make(tmp_path)
    assert "XDG_CACHE_HOME" in caught.value.hint


def test_a_folder_that_cannot_be_made_is_told_with_the_variable_that_names_another(tmp_path):
    (tmp_path / "home").touch()

    with pytest.raises(EnvironmentFailure, match=r"cannot be made: .*home/.cache/awsit: Not a directory") as caught:
        cache.make(tmp_path / "home" / ".cache" / "awsit")
    assert "XDG_CACHE_HOME" in caught.value.hint


def test_a_package_without_a_digest_is_not_as_it_was_made(tmp_path):
    package = tmp_path / "function.zip"
    package.write_bytes(b"1")

    assert not cache.is_as_made(package, cache.digest(package))
    cache.note(package, cache.digest(package))
    assert cache.is_as_made(package, cache.digest(package))
    package.write_bytes(b"2")
    assert not cache.is_as_made(package, cache.digest(package))

import json
from stat import S_IMODE

import pytest

from awsit import config
from awsit.cli.past_runs import state_files
from awsit.cli.past_runs.state_files import ForeignFileError


@pytest.fixture
def settings(tmp_path):
    return config.load({}, {}, tmp_path)


def test_a_document_is_read_as_it_was_kept_and_is_for_its_user_only(settings):
    state_files.keep(settings, "last-run.json", {"runs": 1, "text": "\u00e4\ud83d"})

    assert state_files.read(settings, "last-run.json") == {"runs": 1, "text": "\u00e4\ud83d"}
    modes = [S_IMODE(each.stat().st_mode) for each in (settings.state_folder, *settings.state_folder.iterdir())]
    assert modes == [0o700, 0o600, 0o600]


@pytest.mark.parametrize("mark", [{}, {"mark": "0" * 64}, {"mark": 1}, {"mark": None}])
def test_a_document_of_somebody_else_is_not_obeyed_until_it_is_adopted(settings, mark):
    settings.state_folder.mkdir()
    (settings.state_folder / "last-run.json").write_text(json.dumps({"runs": 1} | mark))

    with pytest.raises(ForeignFileError, match="no mark of this machine and user"):
        state_files.read(settings, "last-run.json")
    assert state_files.adopt_files(settings) == [".awsit/last-run.json"]
    assert state_files.read(settings, "last-run.json") == {"runs": 1}
    assert state_files.adopt_files(settings) == []


def test_a_mark_is_of_one_file(settings):
    state_files.keep(settings, "last-run.json", {"runs": 1})
    (settings.state_folder / "last-run.json").rename(settings.state_folder / "sandbox-stacks.json")

    with pytest.raises(ForeignFileError):
        state_files.read(settings, "sandbox-stacks.json")


@pytest.mark.parametrize("content", ["[]", "{", "1", '"text"'])
def test_what_is_no_document_is_not_adopted(settings, content):
    settings.state_folder.mkdir()
    (settings.state_folder / "last-run.json").write_text(content)

    assert state_files.adopt_files(settings) == []
    with pytest.raises((TypeError, ValueError)):
        state_files.read(settings, "last-run.json")


def test_a_link_is_never_read(settings):
    settings.state_folder.mkdir()
    (settings.state_folder / "last-run.json").symlink_to("/dev/zero")

    with pytest.raises(OSError, match="symbolic links"):
        state_files.read(settings, "last-run.json")

import tracemalloc

import pytest

from awsit.cli.past_runs.interrupted import is_lost, notices, origin_in
from awsit.engine.store import lines
from awsit.user_folders import marks

RUN = "run-01ARZ3NDEKTSV4RRFFQ69G5FAV"
OTHER = "run-01ARZ3NDEKTSV4RRFFQ69G5FAW"
VARIABLES = {"AWSIT_STATE_KEY": "k" * 32}
CUT_OFF = {run: lines.line({"write": "create"}, run, marks(VARIABLES)) for run in (RUN, OTHER)}


@pytest.fixture
def journals(tmp_path):
    folder = tmp_path / ".awsit" / "journal"
    folder.mkdir(parents=True)
    return folder


def test_the_name_of_a_file_that_is_no_run_is_never_shown(journals, tmp_path):
    for name in ("run-\x1b]0;evil\x07", "run-x; rm -r ~", "run-1", RUN.lower()):
        (journals / f"{name}.jsonl").write_text('{"write":"create"}\n')

    assert notices(VARIABLES, tmp_path) == []
    (journals / f"{RUN}.jsonl").write_bytes(CUT_OFF[RUN])
    assert notices(VARIABLES, tmp_path) == [
        f"{RUN} was cut off before its clean-up: awsit cleanup {RUN} removes what it made"
    ]


def test_a_run_of_somebody_else_is_told_apart(journals, tmp_path):
    (journals / f"{RUN}.jsonl").write_bytes(CUT_OFF[RUN])
    (journals / f"{OTHER}.jsonl").write_text('{"write":"create"}\n')

    own, foreign = notices(VARIABLES, tmp_path)
    assert own.startswith(f"{RUN} was cut off")
    assert foreign.startswith(f"the journal of {OTHER} has no mark of this machine and user")
    assert foreign.endswith(f"awsit cleanup --adopt {OTHER}")
    assert notices(VARIABLES, tmp_path, foreign_only=True) == [foreign]


def test_several_are_told_in_one_line(journals, tmp_path):
    for run, line in CUT_OFF.items():
        (journals / f"{run}.jsonl").write_bytes(line)

    assert notices(VARIABLES, tmp_path) == [
        "2 runs were cut off before their clean-up: awsit cleanup --all removes what they made"
    ]
    (foreign,) = notices({"AWSIT_STATE_KEY": "o" * 32}, tmp_path)
    assert foreign.startswith("2 journals have no mark")
    assert "they came with a repository" in foreign
    assert foreign.endswith("if they are yours: awsit cleanup --adopt")


def test_a_link_is_not_opened(journals, tmp_path):
    (journals / f"{RUN}.jsonl").symlink_to("/dev/zero")

    assert notices(VARIABLES, tmp_path) == []


def test_without_a_run_that_was_cut_off_no_key_is_made(journals, tmp_path):
    assert notices({"HOME": str(tmp_path / "home")}, tmp_path) == []
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize(
    "kept", [None, [], "x", {"profile": 7, "region": None, "state_folder": "/etc", "sandbox": "yes"}]
)
def test_nothing_but_its_region_and_profile_is_taken_from_a_journal(kept):
    assert origin_in(kept) == {}
    assert origin_in({"region": "eu-west-1", "profile": "dev", "sandbox": False, "engine": "x"}) == {
        "profile": "dev",
        "region": "eu-west-1",
        "sandbox": False,
    }


def test_a_line_that_is_longer_than_what_is_read_at_once_hides_no_end(journals, tmp_path):
    path = journals / f"{RUN}.jsonl"
    path.write_bytes(b'{"x":"' + b"x" * 200_000 + b'"}\n' + b"y" * 65_536 + b'{"write":"end"\n')
    assert is_lost(path)

    path.write_bytes(path.read_bytes() + b'{"write":"end"}\n')
    assert not is_lost(path)


def test_a_line_that_never_ends_takes_no_memory(journals, tmp_path):
    path = journals / f"{RUN}.jsonl"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    tracemalloc.start()
    assert is_lost(path)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 1_000_000

from awsit.cli.past_runs.interrupted import notice

RUN = "run-01ARZ3NDEKTSV4RRFFQ69G5FAV"


def test_the_name_of_a_file_that_is_no_run_is_never_shown(tmp_path):
    journals = tmp_path / ".awsit" / "journal"
    journals.mkdir(parents=True)
    for name in ("run-\x1b]0;evil\x07", "run-x; rm -r ~", "run-1", RUN.lower()):
        (journals / f"{name}.jsonl").write_text('{"write":"create"}\n')

    assert notice({}, tmp_path) == ""
    (journals / f"{RUN}.jsonl").write_text('{"write":"create"}\n')
    assert notice({}, tmp_path) == f"{RUN} was cut off before its clean-up: awsit cleanup {RUN} removes what it made"

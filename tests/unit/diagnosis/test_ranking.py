"""Evidence in the order in which it explains a failure."""

from awsit.diagnosis.ranking import LONGEST, MOST, MOST_OF_RESOURCE, explains, ranked
from awsit.model.evidence import Evidence, EvidenceKind

WORKER = "function worker"


def shown(*evidence: Evidence) -> list[tuple[str, str, str, int]]:
    return [(str(each.kind), each.resource, each.text, each.count) for each in ranked(evidence, str)]


def kinds(*each: EvidenceKind) -> list[str]:
    return [
        kind for kind, *_ in shown(*(Evidence(kind, f"resource {number}", "text") for number, kind in enumerate(each)))
    ]


def test_a_denied_permission_comes_before_errors_and_errors_before_queues() -> None:
    assert kinds(
        EvidenceKind.DEAD_LETTERS,
        EvidenceKind.ERROR_LOGGED,
        EvidenceKind.FUNCTION_ERROR,
        EvidenceKind.ACCESS_DENIED,
    ) == ["access_denied", "function_error", "error_logged", "dead_letters"]


def test_the_same_error_is_told_once_with_its_first_time() -> None:
    late = Evidence(EvidenceKind.FUNCTION_ERROR, WORKER, "no order 8", "2030-01-01T00:00:02Z")
    early = Evidence(EvidenceKind.FUNCTION_ERROR, WORKER, "no order 7", "2030-01-01T00:00:01Z")

    assert shown(late, early) == [("function_error", WORKER, "no order 7", 2)]


def test_what_explains_nothing_is_shown_only_where_nothing_explains() -> None:
    pattern = Evidence(EvidenceKind.EVENT_PATTERN, "rule placed", "it passes on only what matches {}")
    error = Evidence(EvidenceKind.FUNCTION_ERROR, WORKER, "bad")

    assert shown(pattern) == [("event_pattern", "rule placed", "it passes on only what matches {}", 1)]
    assert [kind for kind, *_ in shown(pattern, error)] == ["function_error"]
    assert explains([pattern, error])
    assert not explains([pattern])


def test_one_rule_that_matches_the_event_clears_the_others() -> None:
    other = Evidence(EvidenceKind.EVENT_NOT_MATCHED, "rule other", "does not match")
    matching = Evidence(EvidenceKind.EVENT_MATCHED, "rule placed", "matches")

    assert [kind for kind, *_ in shown(other, matching)] == ["event_matched"]
    assert [kind for kind, *_ in shown(other)] == ["event_not_matched"]


def test_a_queue_that_nothing_reads_is_told_where_nothing_else_explains() -> None:
    assert kinds(EvidenceKind.NO_CONSUMER, EvidenceKind.DEAD_LETTERS) == ["dead_letters"]
    assert kinds(EvidenceKind.NO_CONSUMER, EvidenceKind.LOG_LINE) == ["no_consumer"]


def test_a_dead_letter_queue_needs_no_consumer() -> None:
    letters = Evidence(EvidenceKind.DEAD_LETTERS, "queue dlq", "3 messages")
    unread = Evidence(EvidenceKind.NO_CONSUMER, "queue dlq", "3 messages")

    assert [kind for kind, *_ in shown(unread, letters)] == ["dead_letters"]


def test_a_log_that_came_late_was_not_empty() -> None:
    empty, line = Evidence(EvidenceKind.NO_LOG, WORKER, "nothing"), Evidence(EvidenceKind.LOG_LINE, WORKER, "hello")

    assert [text for _, _, text, _ in shown(empty, line)] == ["hello"]


def test_few_lines_are_shown() -> None:
    many = [Evidence(EvidenceKind.FUNCTION_ERROR, f"function {n % 4}", "abcdefghijkl"[n]) for n in range(12)]
    of_one = [Evidence(EvidenceKind.FUNCTION_ERROR, WORKER, letter) for letter in "abcdefgh"]

    assert len(ranked(many, str)) == MOST
    assert len(ranked(of_one, str)) == MOST_OF_RESOURCE


def test_a_missing_permission_is_one_line_whatever_it_is_missing_on() -> None:
    missing = [Evidence(EvidenceKind.NOT_READ, "", f"logs:FilterLogEvents on /aws/lambda/{name}") for name in "abc"]

    assert [text for _, _, text, _ in shown(*missing)] == ["logs:FilterLogEvents on /aws/lambda/a, and on 2 more"]


def test_texts_are_masked_before_they_are_cut() -> None:
    secret = "hush-hush"
    text = "x" * (LONGEST - 4) + secret + "\napp.py line 4"

    (each,) = ranked([Evidence(EvidenceKind.FUNCTION_ERROR, WORKER, text)], lambda text: text.replace(secret, "***"))

    assert "hush" not in each.text
    assert each.text.endswith("…\napp.py line 4") or each.text.endswith("***\napp.py line 4")

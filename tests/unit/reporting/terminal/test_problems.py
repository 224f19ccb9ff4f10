"""Errors with the line of the file and a caret under the spot."""

import pytest
from tests.unit.reporting.results import plain_console, text_of

from awsit.errors import Position, Problem
from awsit.reporting.terminal.problems import print_error, print_problems
from awsit.reporting.terminal.source_frame import frame, lines_of

LINE = "  - {name: A, typ: wait}"


def shown(problem, sources):
    console = plain_console()
    print_problems(console, [problem], sources)
    return text_of(console)


def test_a_problem_shows_its_line_and_what_to_do():
    problem = Problem(
        "unknown_key", "there is no key `typ`", "actions[0].typ", "did you mean `type`?", Position("-", 2, 15, 3)
    )
    assert shown(problem, {"-": f"actions:\n{LINE}\n"}) == (
        "\nthere is no key `typ`\n"
        " --> -:2:15\n"
        "  |\n"
        "2 |   - {name: A, typ: wait}\n"
        "  |               ^^^\n"
        "hint: did you mean `type`?\n"
    )


def test_a_problem_without_a_text_shows_its_path():
    assert shown(Problem("x", "is wrong", "actions[0].typ"), {}) == "\nis wrong\n --> actions[0].typ\n"


def test_a_file_that_is_gone_leaves_the_place():
    problem = Problem("x", "is wrong", "actions[0]", position=Position("gone.yaml", 3, 7))
    assert "gone.yaml:3:7 actions[0]" in shown(problem, {})


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r", "\x85", "\u2028"])
def test_lines_are_those_of_yaml(line_break):
    text = f"\ufeffone{line_break}typ: wait"
    assert "2 | typ: wait" in shown(Problem("x", "is wrong", position=Position("-", 2, 1, 3)), {"-": text})


def test_a_byte_order_mark_has_no_column(tmp_path):
    file = tmp_path / "marked.yaml"
    file.write_bytes(b"\xef\xbb\xbftyp: wait")
    assert "1 | typ: wait\n  | ^^^" in shown(Problem("x", "is wrong", position=Position(str(file), 1, 1, 3)), {})


def test_a_position_after_the_end_of_the_text_is_shown_too():
    assert "5 | \n" in shown(Problem("x", "ends too early", position=Position("-", 5, 1)), {"-": "a\nb\n"})


@pytest.mark.parametrize(
    ("line", "column", "length", "under"),
    [
        ("\ttyp: wait", 2, 3, "typ"),
        ("name: 注文, typ: wait", 11, 3, "typ"),
        ("x" * 300 + " typ: " + "y" * 300, 302, 3, "typ"),
        ("typ: " + "y" * 300, 1, 3, "typ"),
        ("\x1b[31m typ", 7, 3, "typ"),
    ],
)
def test_the_caret_stands_under_the_spot(line, column, length, under):
    from awsit.reporting.terminal.text import cell_len

    text = frame(Position("f", 1, column, length), line, 80).plain.splitlines()
    source, carets = text[2], text[3]
    start = carets.index("^")
    cells = ""
    for character in source:
        cells += character + "\0" * (cell_len(character) - 1)
    assert cells[start : start + carets.count("^")].replace("\0", "") == under
    assert cell_len(source) <= 80


def test_an_error_is_wrapped_with_its_hint():
    console = plain_console(width=40)
    print_error(console, "something that is rather long to say went wrong", "do this")
    assert text_of(console) == ("error: something that is rather long to\n       say went wrong\nhint: do this\n")


@pytest.mark.parametrize("name", ["gone.yaml", "folder", "no\0name"])
def test_a_file_that_cannot_be_read_has_no_lines(tmp_path, name):
    (tmp_path / "folder").mkdir()
    assert lines_of(str(tmp_path / name), {}) is None


def test_a_text_that_is_known_is_not_read():
    assert lines_of("gone.yaml", {"gone.yaml": "a\r\nb"}) == ["a", "b"]

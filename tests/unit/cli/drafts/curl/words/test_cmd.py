"""Words of a command line of cmd.exe, by Microsoft's rules: "Parsing C command-line arguments" has the first table."""

import pytest

from awsit.cli.drafts.curl.words.cmd import cmd_words, is_for_cmd
from awsit.cli.drafts.curl.words.variables import variable
from awsit.errors import UsageError


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (r'"abc" d e', ["abc", "d", "e"]),
        (r'a\\b d"e f"g h', [r"a\\b", "de fg", "h"]),
        (r"a\\\"b c d", [r"a\"b", "c", "d"]),
        (r'a\\\\"b c" d e', [r"a\\b c", "d", "e"]),
        (r'a"b"" c d', ['ab" c d']),
    ],
)
def test_arguments_are_those_of_the_c_runtime(line, words):
    assert cmd_words(line) == words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('curl ^"a^&b^"', ["curl", "a&b"]),
        ('curl "a^&b"', ["curl", "a^&b"]),
        ("curl ^\n -s ^\r\n x", ["curl", "-s", "x"]),
        ('curl ^"a^\n\nb^"', ["curl", "a\nb"]),
        ('curl ^"50^%^ ^%^20^"', ["curl", "50% %20"]),
        ('curl "%API_KEY%" %20 100%', ["curl", variable("API_KEY"), "%20", "100%"]),
        ("curl 'a b'", ["curl", "'a", "b'"]),
        ('curl "" x', ["curl", "", "x"]),
    ],
)
def test_carets_and_variables_are_those_of_cmd(line, words):
    assert cmd_words(line) == words


@pytest.mark.parametrize("line", ["curl a & b", "curl a > out.txt", "curl a\ncurl b"])
def test_a_second_command_is_refused(line):
    with pytest.raises(UsageError, match="more follows"):
        cmd_words(line)


@pytest.mark.parametrize(
    ("command", "is_cmd"),
    [
        ('curl ^"http://a^"', True),
        ('curl "http://a" ^\n -s', True),
        ("curl 'a^\"b' -d '^'", False),
        ('curl http://a \\\n -d \'{"re": "^"}\'', False),
        ("curl -d a^b http://a", False),
    ],
)
def test_a_line_for_cmd_is_known_by_its_carets(command, is_cmd):
    assert is_for_cmd(command) is is_cmd

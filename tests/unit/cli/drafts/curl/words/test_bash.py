"""Words of a bash command line; `tests/authorities/curl_lines/test_words.py` holds them to bash itself."""

import pytest

from awsit.cli.drafts.curl.words.bash import bash_words
from awsit.cli.drafts.curl.words.variables import variable
from awsit.errors import UsageError


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (r"""curl 'a\b' "c\d\$e" f\ g""", ["curl", r"a\b", r"c\d$e", "f g"]),
        (r"curl $'it\'s \u20ac\n' $'\xc3\xa9' $'a\0b'c", ["curl", "it's €\n", "é", "ac"]),
        ("curl \"$A\" '$A' \\$A ${A}b", ["curl", variable("A"), "$A", "$A", f"{variable('A')}b"]),
        ("curl ~/a b~ '~'", ["curl", f"{variable('HOME')}/a", "b~", "~"]),
        ("curl a 2>/dev/null b >out c2> x >&2 &>y d", ["curl", "a", "b", "c2", "d"]),
        ("# first\n\ncurl a # last\n", ["curl", "a"]),
        ("curl a \\\n  b \\\r\n  c;", ["curl", "a", "b", "c"]),
        ("curl '' \"\"", ["curl", "", ""]),
        ("curl {} {a} '{a,b}' \"{1..2}\"", ["curl", "{}", "{a}", "{a,b}", "{1..2}"]),
    ],
)
def test_quotes_are_taken_off(line, words):
    assert bash_words(line) == (words, "")


def test_a_pipe_is_what_follows():
    assert bash_words("curl a | jq '.b | c' > d") == (["curl", "a"], "jq '.b | c' > d")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("curl $(date)", r"what \$\( stands for"),
        ('curl "`date`"', "what ` stands for"),
        ("curl <(date)", r"what <\( stands for"),
        ("curl $1", r"what \$1 stands for"),
        ("curl $RANDOM", r"what \$RANDOM stands for"),
        ("curl ${A:-b}", "no plain variable"),
        ("curl ${A", r"what \$\{ stands for"),
        ("curl {a,b}", "several words"),
        ("curl 'a", "No closing quotation"),
        ("curl $'a\\'", "No closing quotation"),
        ("curl a; curl b", "more follows after `;`"),
        ("curl a || true", r"more follows after `\|\|`"),
        ("(curl a)", r"more follows after `\(`"),
        ("curl -d @- <<< x", "reads a text with <<<"),
        ("curl $'\\ud800'", "no character for a shell"),
    ],
)
def test_what_only_a_shell_can_say_is_refused(line, words):
    with pytest.raises(UsageError, match=words) as raised:
        bash_words(line)
    assert raised.value.hint

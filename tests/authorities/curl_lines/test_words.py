"""The words of a command line are those that bash itself makes of it."""

import subprocess
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from tests.authorities.programs import required
from tests.examples import at_least

from awsit.cli.drafts.curl.words.bash import bash_words
from awsit.cli.drafts.curl.words.variables import pieces, variable, variables_of
from awsit.errors import UsageError

VALUES = {"A": "one", "b_2": "t'w\"o$"}
WHOLE = ["'a $A b'", '"$A ${b_2} \\" \\$A \\n"', "$'a b\\n'", "\\\n", "'{a,b}'", "# note\n"]
PIECES = ["'", '"', "\\", "$'", "$", "$A", "${b_2}", " ", "\n", "a", "{", "}", ",", "#", "é", "!", "x=", "~", "%", "\t"]
ESCAPES = [r"\n", r"\'", r"\\", r"\x41", r"\xe9", r"\101", r"\u20ac", r"\cA", r"\q", r"\"", r"\e", r"\0", r"\U1F600"]


@pytest.fixture(scope="module")
def bash() -> Callable[[str], list[bytes] | None]:
    """The words that bash makes of a text, None for what it does not accept."""
    found = required("bash")

    def words(text: str) -> list[bytes] | None:
        program = f"set -f; printf '%s\\0' curl {text}"
        env = {**VALUES, "HOME": "/home", "LC_ALL": "C.UTF-8"}
        done = subprocess.run([found, "-c", program], env=env, capture_output=True, timeout=180, check=False)
        return None if done.returncode or done.stderr else done.stdout.split(b"\0")[:-1]

    return words


def with_values(word: str) -> bytes:
    known = {variable(name): value for name, value in {**VALUES, "HOME": "/home"}.items()}
    return "".join(known.get(piece, piece) for piece in pieces(word)).encode("utf-8", "surrogateescape")


@pytest.mark.parametrize("text", ["$\\\n$", "$TO\\\nKEN", '"$TO\\\nKEN"', "$\\\nTOKEN"])
def test_a_variable_that_a_line_cuts_is_refused(text: str) -> None:
    with pytest.raises(UsageError, match="a line ends within the name of a variable"):
        bash_words(f"curl {text}")


@settings(at_least(400), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.lists(st.sampled_from(PIECES + ESCAPES + WHOLE), max_size=14).map("".join))
def test_words_are_those_of_bash(bash: Callable[[str], list[bytes] | None], text: str) -> None:
    try:
        words, _ = bash_words(f"curl {text}")
    except UsageError:
        return  # what is refused is never written
    assume(set().union(*map(variables_of, words)) <= {*VALUES, "HOME"})  # an unset variable leaves no word behind
    assume(not text.endswith("\\"))  # bash keeps the last backslash of a text, or does not
    expected = bash(text)
    assert expected is not None
    assert [with_values(word) for word in words] == expected

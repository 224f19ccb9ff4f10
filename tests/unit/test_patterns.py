"""A lazy pattern is one of `re` that is compiled for its first use."""

import re
import subprocess
import sys

import pytest

from awsit.patterns import lazy_pattern

METHODS = ("match", "fullmatch", "search", "findall", "split")


@pytest.mark.parametrize("method", METHODS)
def test_its_methods_are_those_of_the_compiled_pattern(method: str) -> None:
    mine, theirs = lazy_pattern(r"(?P<key>\w)=", re.ASCII), re.compile(r"(?P<key>\w)=", re.ASCII)
    for text in ("a=1, b=2", "a=", "\N{LATIN SMALL LETTER E WITH ACUTE}="):
        for _ in range(2):
            assert str(getattr(mine, method)(text)) == str(getattr(theirs, method)(text))


def test_what_takes_more_arguments_takes_them_too() -> None:
    mine = lazy_pattern("b+")
    assert mine.sub("c", "abba") == "aca"
    assert mine.subn("c", "abbab", count=1) == ("acab", 1)
    assert [found.span() for found in mine.finditer("abbab", 2)] == [(2, 3), (4, 5)]
    assert lazy_pattern(rb"\d").findall(b"a1") == [b"1"]


def test_what_is_known_of_the_pattern_is_known_of_it() -> None:
    mine = lazy_pattern("(?P<key>a)", re.IGNORECASE)
    assert mine.pattern == "(?P<key>a)"
    assert mine.groupindex == {"key": 1}
    assert mine.match("A")
    assert mine.groups == 1


def test_one_that_is_wrong_is_told_at_its_use() -> None:
    with pytest.raises(re.error, match="unterminated"):
        lazy_pattern("[").match("")


def test_importing_one_compiles_nothing() -> None:
    program = (
        "import re\nfrom awsit.patterns import lazy_pattern\ncompiled, compile = [], re.compile\n"
        "re.compile = lambda *args: (compiled.append(args[0]), compile(*args))[1]\n"
        "PART = lazy_pattern('a')\nBOTH = lazy_pattern(PART.pattern + 'b')\n"
        "assert compiled == [], compiled\nassert BOTH.match('ab') and BOTH.fullmatch('ab')\n"
        "assert compiled == ['ab'], compiled"
    )
    subprocess.run([sys.executable, "-c", program], check=True)

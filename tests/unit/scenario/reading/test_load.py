from __future__ import annotations

import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from awsit.errors import InvalidInputError, NotFoundError, Problem
from awsit.scenario.limits import MAX_DEPTH
from awsit.scenario.reading import nodes
from awsit.scenario.reading.load import load_file, load_text


def refused(text: str, file: str = "s.yaml") -> tuple[Problem, ...]:
    with pytest.raises(InvalidInputError) as caught:
        load_text(text, file)
    assert caught.value.problems
    return caught.value.problems


def place(problem: Problem) -> tuple[int, int, int]:
    assert problem.position is not None
    return problem.position.line, problem.position.column, problem.position.length


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("1", 1),
        ("-7", -7),
        ("1.50", Decimal("1.50")),
        ("1e3", Decimal("1e3")),
        ("true", True),
        ("False", False),
        ("~", None),
        ("", None),
        ("null", None),
        ("yes", "yes"),
        ("off", "off"),
        ("2024-01-31", "2024-01-31"),
        ("2024-01-31T10:00:00Z", "2024-01-31T10:00:00Z"),
        ("1:30", "1:30"),
        ("012345678901", "012345678901"),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("+49301234", "+49301234"),
        ("'1'", "1"),
        ("!!str 1", "1"),
        ('!!int "1"', 1),
        ("=", "="),
        ("ünï", "ünï"),
    ],
)
def test_plain_values_have_the_types_of_json(written: str, read: object) -> None:
    value = load_text(f"a: {written}").document["a"]
    assert value == read
    assert type(value) is type(read)


def test_the_digits_of_a_number_are_kept() -> None:
    assert str(load_text("a: 1.10").document["a"]) == "1.10"
    assert str(load_text('{"a": 1.10}', "s.json").document["a"]) == "1.10"


def test_words_that_yaml_1_1_takes_for_booleans_are_keys_like_any_other() -> None:
    assert load_text("on: 1\nno: 2").document == {"on": 1, "no": 2}


def test_anchors_aliases_and_merge_keys() -> None:
    text = "base: &base {a: 1, b: 2}\none: {<<: *base, b: 3}\ntwo:\n  <<: [*base, {c: 4}]\nlist: [*base]"
    document = load_text(text).document
    assert document["one"] == {"a": 1, "b": 3}
    assert document["two"] == {"a": 1, "b": 2, "c": 4}
    assert document["list"] == [{"a": 1, "b": 2}]


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ("a: 1\na: 2", (2, 1, 1), "the key `a` is given twice; the first is in line 1"),
        ("a: 1\n1: x", (2, 1, 1), "the key `1` is not text"),
        ("true: x", (1, 1, 4), "the key `true` is not text"),
        ("? [a]\n: x", (1, 3, 1), "a key is not text"),
        ("a: .inf", (1, 4, 4), "`.inf` is not a number in JSON"),
        ("a: -.INF", (1, 4, 5), "`-.INF` is not a number in JSON"),
        ("a: .nan", (1, 4, 4), "`.nan` is not a number in JSON"),
        ("a: 1e99999999999999999999", (1, 4, 22), "this number cannot be read"),
        ("a: !Ref b", (1, 4, 6), "the YAML tag `!Ref` is not supported"),
        ("a: !!binary aGk=", (1, 4, 13), "the YAML tag `!!binary` is not supported"),
        ("a: !!set {b}", (1, 4, 1), "the YAML tag `!!set` is not supported"),
        ("a: {<<: 1}", (1, 9, 1), "a merge key (`<<`) takes a mapping or a list of mappings"),
        ("a:\n\tb: 1", (2, 1, 1), "a tab is used here; YAML is indented with spaces"),
        ("a: b: c", (1, 5, 1), "not valid YAML: a second `:` in one line, or an indentation that does not fit"),
        ("---\na: 1\n---\nb: 2", (3, 1, 1), "a second YAML document starts here"),
        ("# nothing", (1, 1, 1), "holds only comments"),
        ("a: [1,\nb: 2", (1, 4, 1), "not valid YAML: this list is not closed"),
        ("a: {b: 1", (1, 4, 1), "not valid YAML: this mapping is not closed"),
        ("a: 'x\nb: c", (1, 4, 1), "not valid YAML: this quote is never closed"),
        ("a: *x", (1, 4, 1), "not valid YAML: no such anchor is defined before this place"),
        ("a: &a [*a]", (1, 4, 1), "an alias refers to what holds it"),
        ("a: &a {<<: *a}", (1, 4, 1), "an alias refers to what holds it"),
        ("a: @x", (1, 4, 1), "not valid YAML: a text cannot start with this character"),
        ('a: "\\q"', (1, 5, 1), "not valid YAML: unknown escape in a double-quoted text"),
        ("a: b\x07", (1, 5, 1), "the control character U+0007 is not allowed in YAML"),
        ("a: {{ vars.x }}", (1, 5, 1), "a template needs quotes in YAML"),
        ("a: {{ vars.x }}/orders", (1, 4, 19), "a template needs quotes in YAML"),
        ("[" * 70 + "]" * 70, (1, 61, 1), "nested more than 60 levels deep"),
        ("a: [", (1, 5, 1), "not valid YAML: expected a value here"),
        ("a: 1\rb: {a: 1\r", (2, 4, 1), "not valid YAML: this mapping is not closed"),
        ("a: 'x\u2028 y'\nb: 1\n2: 3", (4, 1, 1), "the key `2` is not text"),
        ("a: 1\rb: \x07", (2, 4, 1), "the control character U+0007 is not allowed in YAML"),
        ("  \n", (1, 1, 1), "s.yaml is empty"),
        ("a: [{path: $.b[0].c, d: 1}]", (1, 12, 4), "a text with `[` needs quotes here"),
        ("a: [$.b{0}, c]", (1, 5, 4), "a text with `{` needs quotes here"),
        ("a: {x: [1] y}", (1, 4, 1), "not valid YAML: this mapping is not closed"),
        ("a:\n  b: c\n\u00a0 d: e: f", (3, 1, 1), "the character U+00A0 is no space, and looks like one"),
        ("a:\n  b:\u202fc\n  d: e", (2, 5, 1), "the character U+202F is no space, and looks like one"),
        ("a:\n  -\u00a0{name: A, type: wait}", (2, 4, 1), "the character U+00A0 is no space, and looks like one"),
    ],
)
def test_yaml_that_cannot_be_read(text: str, at: tuple[int, int, int], message: str) -> None:
    problem, *more = refused(text)
    assert (place(problem), problem.message, more) == (at, message, [])


def test_every_duplicate_is_found_at_once() -> None:
    assert [place(problem)[:2] for problem in refused("a: 1\na: 2\nb: {c: 1, c: 2}")] == [(2, 1), (3, 11)]


def test_nesting_that_would_overflow_the_stack_is_refused() -> None:
    assert refused("[" * 200_000)[0].code == "limit"
    assert refused("[" * 200_000, "s.json")[0].code == "limit"
    assert refused("- " * 200_000)[0].code == "limit"


def test_aliases_that_expand_to_billions_are_refused() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    assert "more than 100000 values" in refused("\n".join(lines))[0].message


def test_json_with_too_many_values_is_refused() -> None:
    (problem,) = refused(f"[{'[1],' * 60_000}1]", "s.json")
    assert (problem.code, problem.message, place(problem)) == ("limit", "more than 100000 values", (1, 1, 1))


def test_merge_keys_that_expand_to_billions_are_refused() -> None:
    lines = ["a0: &a0 {x: 1, y: 2}"]
    lines += [f"a{n}: &a{n} {{<<: [{', '.join([f'*a{n - 1}'] * 10)}]}}" for n in range(1, 12)]
    assert "more than 100000 values" in refused("\n".join(lines))[0].message


@pytest.mark.parametrize(
    ("text", "at", "message"),
    [
        ('{"a": 1,\n}', (1, 8, 1), "not valid JSON: illegal trailing comma before end of object"),
        ('{"a" 1}', (1, 6, 1), "not valid JSON: expecting ':' delimiter"),
        ("a: 1", (1, 1, 1), "not valid JSON: expecting value"),
        ('{"a": NaN}', (1, 7, 1), "not valid JSON: `NaN` is not a number in JSON"),
        ('{"a": 1} x', (1, 10, 1), "not valid JSON: extra data"),
        ('{"a":\r 1} x', (2, 5, 1), "not valid JSON: extra data"),
        ('{"a": 1,\n "a": 2}', (2, 2, 3), "the key `a` is given twice; the first is in line 1"),
        (f'{{"a": {"9" * 5000}}}', (1, 1, 1), "the scenario holds a number of more than 4300 digits"),
    ],
)
def test_json_that_cannot_be_read(text: str, at: tuple[int, int, int], message: str) -> None:
    problem = refused(text, "s.json")[0]
    assert (place(problem), problem.message) == (at, message)


def test_json_keeps_its_places_where_yaml_is_stricter() -> None:
    source = load_text('{\n\t"smile": "\\ud83d\\ude00\\/",\n\t"rest": [1,\t"\x7f"]\n}', "s.json")
    assert source.document == {"smile": "😀/", "rest": [1, "\x7f"]}
    assert (source.position("rest[1]").line, source.position("rest[1]").column) == (3, 14)


def test_keys_that_differ_only_in_escapes_are_no_duplicates() -> None:
    assert load_text('{"\\ud83d\\ude00": 1, "\\ud83d\\ude01": 2}', "s.json").document == {"😀": 1, "😁": 2}


def test_standard_input_may_be_yaml_or_json() -> None:
    assert load_text("a: 1").document == {"a": 1}
    assert load_text('{"a": "\\ud83d\\ude00"}').document == {"a": "😀"}
    assert load_text("{a: 1}").document == {"a": 1}
    with pytest.raises(InvalidInputError, match="the standard input could not be read"):
        load_text('{"a": 1, "a": 2}')


def test_a_byte_order_mark_is_no_part_of_the_text(tmp_path: Path) -> None:
    file = tmp_path / "s.yaml"
    file.write_bytes(b"\xef\xbb\xbfname: a\n")
    source = load_file(file)
    assert source.document == {"name": "a"}
    assert source.position("name", key=True).column == 1


@pytest.mark.parametrize(
    ("content", "message", "line"),
    [
        ("name: a".encode("utf-16"), "is UTF-16 text", 1),
        (b"name: a\nb: caf\xe9", "the byte 0xE9 is not UTF-8 text", 2),
    ],
)
def test_text_in_another_encoding(tmp_path: Path, content: bytes, message: str, line: int) -> None:
    file = tmp_path / "s.yaml"
    file.write_bytes(content)
    with pytest.raises(InvalidInputError) as caught:
        load_file(file)
    problem = caught.value.problems[0]
    assert message in problem.message
    assert problem.hint == "save it as UTF-8"
    assert place(problem)[0] == line


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    with pytest.raises(NotFoundError, match="there is no file"):
        load_file(tmp_path / "no.yaml")
    with pytest.raises(InvalidInputError) as caught:
        load_file(tmp_path)
    assert "is a folder" in caught.value.problems[0].message
    large = tmp_path / "large.yaml"
    large.write_text("a" * (1024 * 1024 + 1))
    with pytest.raises(InvalidInputError) as caught:
        load_file(large)
    assert "is larger than 1024 KiB" in caught.value.problems[0].message
    assert place(caught.value.problems[0]) == (1, 1, 1)
    with pytest.raises(InvalidInputError):
        load_text("é" * (1024 * 512 + 1))


def test_a_device_and_a_pipe_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError) as caught:
        load_file("/dev/zero")
    assert "device or a pipe" in caught.value.problems[0].message
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with pytest.raises(InvalidInputError):
        load_file(pipe)


def test_pyyaml_without_libyaml_reads_the_same() -> None:
    import yaml

    from awsit.scenario.reading import yaml_nodes

    class Plain(yaml.SafeLoader):
        yaml_implicit_resolvers = yaml_nodes.ScenarioLoader.yaml_implicit_resolvers

    text = "a: {b: [1, 1.5, yes, 2024-01-01], c: ~}\nd: &x {e: true}\nf: {<<: *x}"
    document = nodes.NodeReader("s.yaml").read(yaml.compose(text, Loader=Plain))
    assert document == load_text(text).document


@pytest.mark.parametrize("depth", [MAX_DEPTH + 1, 100, 101])
def test_json_that_is_nested_too_deeply_is_refused(depth: int) -> None:
    text = "[" * depth + "]" * depth
    assert refused(text, "s.json")[0].code == "limit"
    assert load_text(text[depth - MAX_DEPTH : depth + MAX_DEPTH], "s.json").document


def test_json_is_read_without_pyyaml() -> None:
    program = (
        "import sys\nfrom awsit.scenario.reading.load import load_text\n"
        'assert load_text(\'{"a": {"b": [1.5, "x"]}, "c": {"b": null}}\', \'s.json\').document\n'
        "assert 'yaml' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize(
    ("text", "is_twice"),
    [(r'{"a": "\":", "b": 1}', False), (r'{"a": "\":", "a": 1}', True), (r'{"a\":": {"a" : 1, "a": 2}}', True)],
)
def test_quotes_and_colons_in_a_text_are_no_keys(text: str, *, is_twice: bool) -> None:
    if is_twice:
        with pytest.raises(InvalidInputError, match="could not be read"):
            load_text(text, "a.json")
    else:
        assert load_text(text, "a.json").document == {"a": '":', "b": 1}

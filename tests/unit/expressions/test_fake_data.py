"""Fake data: made up, the same for the same seed, and of no real person."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Mapping

import pytest

from awsit.errors import ExpressionError
from awsit.expressions.fake_data import PROVIDERS, FakeData
from awsit.expressions.templates import template
from awsit.model.json import Json, dumps


def render(text: str, seed: str = "1", variables: Mapping[str, Json] | None = None) -> Json:
    return template.render(text, {"fake": FakeData(seed), "vars": variables or {}})


@pytest.mark.parametrize("name", PROVIDERS)
def test_each_gives_json_and_the_same_for_the_same_seed(name: str) -> None:
    drawn = render(f"{{{{ fake.{name}() }}}}")
    assert dumps(drawn) == dumps(render(f"{{{{ fake.{name}() }}}}"))
    assert drawn not in (None, "", [])


def test_each_call_and_each_seed_gives_another_value() -> None:
    text = "{{ fake.name() }}"
    assert len({*render("{{ [fake.name(), fake.name(), fake.name()] }}"), render(text, "2"), render(text, "3")}) == 5


def test_no_person_is_reached() -> None:
    emails = [FakeData(str(seed))["email"]() for seed in range(50)]
    assert all(re.fullmatch(r"[\w.]+@example\.(com|net|org)", str(email)) for email in emails)
    numbers = [FakeData(str(seed))["phone_number"]() for seed in range(50)]
    assert all(re.fullmatch(r"\+1[1-9]\d\d55501\d\d", str(number)) for number in numbers)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ fake.nane() }}", "`fake` has no `nane`; did you mean `name`"),
        ("{{ fake.name }}", "`fake.name` is a function; call it with `()`"),
        ("{{ fake() }}", "`fake` is no value; write `fake.name()`"),
        ("{{ fake | items }}", "`fake` is no value"),
        ("{{ fake.__class__() }}", "out of reach"),
    ],
)
def test_what_is_wrong_is_told_before_anything_runs(text: str, message: str) -> None:
    assert any(message in problem.message for problem in template.problems(text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{ fake[vars.which]() }}", "unknown name `nane`; did you mean `name`"),
        ("{{ fake.name(3) }}", "too many values in its parentheses"),
        ("{{ fake.name(locale='de') }}", "takes no `locale`"),
    ],
)
def test_what_is_wrong_is_told_when_it_is_drawn(text: str, message: str) -> None:
    with pytest.raises(ExpressionError, match=re.escape(message)):
        render(text, variables={"which": "nane"})


def test_faker_is_imported_when_something_is_drawn() -> None:
    program = "import sys, awsit.expressions.templates.analysis\nsys.exit('faker' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0

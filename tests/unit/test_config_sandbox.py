"""The table `[sandbox]` of awsit.toml."""

from pathlib import Path

import pytest

from awsit import config
from awsit.config_sandbox import SandboxTemplate
from awsit.errors import InvalidInputError, Problem

HEADER = "[[sandbox.templates]]\n"


def load(folder: Path, text: str, **flags: object) -> config.Settings:
    (folder / "awsit.toml").write_text(text, encoding="utf-8")
    return config.load(flags, {}, folder)


def problems(folder: Path, text: str) -> tuple[Problem, ...]:
    with pytest.raises(InvalidInputError) as caught:
        load(folder, text)
    assert caught.value.code == "invalid_configuration"
    return caught.value.problems


def without_positions(templates: tuple[SandboxTemplate, ...]) -> list[tuple[Path, str, dict[str, str], bool]]:
    return [(each.path, each.stack, dict(each.parameters), each.allow_unsupported) for each in templates]


def test_templates_keep_their_order_and_their_paths_are_seen_from_the_file(tmp_path):
    text = f"""
{HEADER}path = "network/template.yaml"
stack = "network"

{HEADER}path = "/built/template.json"
stack = "orders"
parameters = {{Stage = "test"}}
allow_unsupported = true
"""
    assert without_positions(load(tmp_path, text).sandbox_templates) == [
        (tmp_path / "network" / "template.yaml", "network", {}, False),
        (Path("/built/template.json"), "orders", {"Stage": "test"}, True),
    ]


@pytest.mark.parametrize(
    "text",
    [
        'sandbox = {templates = [{path = "a.yaml", stack = "a", parameters = {P = "1"}}]}',
        '[sandbox]\ntemplates = [{path = "a.yaml", stack = "a", parameters = {P = "1"}}]',
        f'{HEADER}path = "a.yaml"\nstack = "a"\n[sandbox.templates.parameters]\nP = "1"',
        f'{HEADER}path = "a.yaml"\nstack = "a"\nparameters.P = "1"',
    ],
    ids=["inline", "list", "table", "dotted"],
)
def test_each_way_that_toml_has_to_write_them_means_the_same(tmp_path, text):
    assert without_positions(load(tmp_path, text).sandbox_templates) == [(tmp_path / "a.yaml", "a", {"P": "1"}, False)]


def test_a_template_alone_makes_nothing_run_in_the_sandbox(tmp_path):
    text = f'{HEADER}path = "a.yaml"\nstack = "a"\n'
    assert (load(tmp_path, text).sandbox, load(tmp_path, text).engine) == (False, "local")
    assert load(tmp_path, f"[sandbox]\nuse = true\n{text}").sandbox


def test_a_flag_that_names_an_account_hides_the_sandbox_and_keeps_the_templates(tmp_path):
    settings = load(tmp_path, f'[sandbox]\nuse = true\n{HEADER}path = "a.yaml"\nstack = "a"\n', stack="mine")
    assert (settings.sandbox, settings.stack, len(settings.sandbox_templates)) == (False, "mine", 1)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        (f'{HEADER}pth = "a"\npath = "a"\nstack = "a"', (2, 1, 3), "no `pth` in [[sandbox.templates]]; did you mean"),
        (f'{HEADER}path = "a"', (1, 1, 21), "has no `stack`: the name of the stack"),
        (f'{HEADER}stack = "a"', (1, 1, 21), "has no `path`: the template's file"),
        (f'{HEADER}path = 3\nstack = "a"', (2, 8, 1), "path: 3 is not a file"),
        (f'{HEADER}path = "~no-such-user/a"\nstack = "a"', (2, 8, 17), "a user that this machine does not have"),
        (f"sandbox = true\n{HEADER}", (2, 20, 1), "instead of `sandbox = true`, write `use = true` below a header"),
        (f'{HEADER}path = ""\nstack = "a"', (2, 8, 2), "path: '' is not a file"),
        (f'{HEADER}path = "a"\nstack = "my_stack"', (3, 9, 10), "stack: 'my_stack' is not a name for a stack: letters"),
        (f'{HEADER}path = "a"\nstack = ["a"]', (3, 9, 5), "stack: ['a'] is not a name for a stack"),
        (f'{HEADER}path = "a"\nstack = "awsit"', (3, 9, 7), "called awsit: it is the stack of awsit itself"),
        (f'{HEADER}path = "a"\nstack = "a"\nregion = "x"', (4, 1, 6), "setting of the whole file: write it above"),
        (f'{HEADER}path = "a"\nstack = "a"\nparameters = "P=1"', (4, 14, 5), "is not a table, such as {Stage ="),
        (f'{HEADER}path = "a"\nstack = "a"\nparameters = {{N = 3}}', (4, 19, 1), 'N: 3 is not text; write "3"'),
        (f'{HEADER}path = "a"\nstack = "a"\nparameters = {{F = true}}', (4, 19, 4), 'True is not text; write "true"'),
        (f'{HEADER}path = "a"\nstack = "a"\nparameters.L = ["a", 2]', (4, 16, 8), 'is not text; write "a,2"'),
        (f'{HEADER}path = "a"\nstack = "a"\nallow_unsupported = "x"', (4, 21, 3), "'x' is not true or false"),
        ('[sandbox.templates]\npath = "a"\nstack = "a"', (1, 2, 7), "not a list of tables; begin each template with"),
        ("[sandbox]\ntemplates = [3]", (1, 2, 7), "is not a list of tables"),
        ("[sandbox]\ntemplate = []", (1, 2, 7), "no setting `sandbox.template`; did you mean `templates`?"),
        ("[sandbox]\nconcurrency = 4", (1, 2, 7), "the setting is `sandbox_concurrency`, above the first"),
        ("[sandbox]\nregion = 'x'", (1, 2, 7), "`region` is a setting of the whole file"),
        ("[sandbox]\nuse = 'perhaps'", (1, 2, 7), "sandbox.use: 'perhaps' is not true or false"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_place(tmp_path, text, place, message):
    (problem,) = problems(tmp_path, text)
    assert problem.position is not None
    assert (problem.position.line, problem.position.column, problem.position.length) == place
    assert message in problem.message


def test_a_problem_of_the_second_template_is_shown_there(tmp_path):
    text = f'{HEADER}path = "a"\nstack = "a"\n\n{HEADER}path = "b"\nstack = "a"\n'
    (problem,) = problems(tmp_path, text)
    assert problem.position is not None
    assert (problem.position.line, problem.message) == (
        7,
        "stack: two stacks cannot be called a: a has the name already",
    )


def test_a_project_whose_own_stack_has_another_name_may_call_one_awsit(tmp_path):
    text = f'stack = "tests"\n{HEADER}path = "a"\nstack = "awsit"\n'
    assert len(load(tmp_path, text).sandbox_templates) == 1
    assert "the stack of awsit itself" in problems(tmp_path, text.replace('"awsit"', '"tests"'))[0].message


def test_all_that_is_wrong_is_told_at_once(tmp_path):
    found = problems(tmp_path, f"regoin = 'x'\n{HEADER}path = 3\n{HEADER}stack = 'b'\n")
    assert [problem.path for problem in found] == ["sandbox.templates[0]"] * 2 + ["sandbox.templates[1]", "regoin"]

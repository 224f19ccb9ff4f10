"""`use` and `defaults`: what comes out of them, and what is said where they are wrong."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from awsit.actions import registry
from awsit.errors import Problem
from awsit.model.action.abilities import FollowsAction
from awsit.model.action.protocol import Action
from awsit.model.json import Json, dumps
from awsit.scenario.checks.validate import validate
from awsit.scenario.compile.compile import needed_env
from awsit.scenario.library import use
from awsit.scenario.library.expand import expand
from awsit.scenario.library.files import Libraries
from awsit.scenario.reading.load import load_file
from awsit.scenario.reading.source import Source

AUTH = """\
library: auth
defaults:
  http_call: {params: {headers: {accept: json}, verify: false}, retry: {max_attempts: 3}}
actions:
  login:
    inputs:
      base: {type: string}
      user: {type: string, default: tester}
      options: {type: object, default: {}}
    outputs: {token: "{{ context.t }}", session: sid}
    actions:
      - name: Authenticate
        type: http_call
        params:
          url: "{{ inputs.base }}/login/{{ inputs.user | upper }}"
          headers: {accept: text}
          body: {user: "{{ inputs.user }}", options: "{{ inputs.options }}"}
        pass_to_context: {t: $.body.token, sid: $.body.session, refresh: $.body.refresh}
        redact: [t, refresh, $.body.token]
      - use: check
        name: Look
        with: {token: "{{ context.t }}", base: "{{ inputs.base }}", code: "{{ actions.Authenticate.result.status }}"}
  check:
    inputs: {token: {type: string}, base: {type: string}, code: {type: integer}}
    actions:
      - name: See
        type: http_call
        params: {url: "{{ inputs.base }}/me", headers: {authorization: "Bearer {{ inputs.token }}"}}
        when: "{{ inputs.code == 200 }}"
"""
HEAD = "name: s\nvariables: {api: 'http://x'}\nlibraries: [../lib/auth.yaml]\n"
Made = Callable[..., Source]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Made:
    def made(scenario: str, **libraries: str) -> Source:
        (tmp_path / "lib").mkdir(exist_ok=True)
        (tmp_path / "scenarios").mkdir(exist_ok=True)
        for name, text in {"auth": AUTH, **libraries}.items():
            (tmp_path / "lib" / f"{name}.yaml").write_text(text)
        (tmp_path / "scenarios" / "s.yaml").write_text(scenario)
        return expand(load_file("scenarios/s.yaml"), Libraries([Path("lib")]))

    monkeypatch.chdir(tmp_path)
    return made


def places(problems: list[Problem]) -> list[str]:
    assert all(problem.position for problem in problems)
    return [
        f"{each.position.file}:{each.position.line}:{each.position.column} {each.message}"
        for each in problems
        if each.position
    ]


def test_a_use_becomes_the_actions_of_the_library(make: Made, actions: Mapping[str, Action]) -> None:
    source = make(
        HEAD
        + "actions:\n"
        + "  - {use: login, name: Admin, with: {base: '{{ vars.api }}/v1', options: {a: '{{ vars.api }}'}},"
        + " outputs: {token: admin}}\n"
        + "  - {name: Read, type: wait, params: {seconds: 1}, when: '{{ context.admin == context.session }}'}\n"
    )
    assert validate(source, actions) == []
    first, second, _ = source.document["actions"]
    assert first == {
        "name": "Admin_Authenticate",
        "type": "http_call",
        "params": {
            "url": '{{ vars.api }}/v1/login/{{ "tester" | upper }}',
            "headers": {"accept": "text"},
            "body": {"user": "tester", "options": {"a": "{{ vars.api }}"}},
            "verify": False,
        },
        "pass_to_context": {"admin": "$.body.token", "session": "$.body.session", "Admin_refresh": "$.body.refresh"},
        "redact": ["admin", "Admin_refresh", "$.body.token"],
        "retry": {"max_attempts": 3},
    }
    assert second["name"] == "Admin_Look_See"
    assert second["params"]["headers"] == {"authorization": "Bearer {{ context.admin }}", "accept": "json"}
    assert second["when"] == "{{ (actions.Admin_Authenticate.result.status) == 200 }}"
    assert source.document.keys() == {"name", "variables", "actions"}


def test_a_condition_and_a_clean_up(make: Made, actions: Mapping[str, Action]) -> None:
    source = make(
        HEAD
        + "actions:\n  - {use: auth.login, when: '{{ vars.api != 1 }}', with: {base: 'http://x'}}\n"
        + "cleanup:\n  - {type: wait, params: {seconds: 1}}\n  - {use: twice}\n",
        more="library: more\nactions: {twice: {actions: ["
        "{name: A, type: wait, params: {seconds: 1}}, {name: B, type: wait, params: {seconds: 2}}]}}",
    )
    assert validate(source, actions) == []
    (choice,) = source.document["actions"]
    assert (choice["name"], choice["type"], choice["params"]["when"]) == ("login", "choice", "{{ vars.api != 1 }}")
    assert [each["name"] for each in choice["params"]["then"]] == ["login_Authenticate", "login_Look_See"]
    assert [each.get("name") for each in source.document["cleanup"]] == [None, "twice_B", "twice_A"]


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        ("use: logn", "scenarios/s.yaml:5:11 no library has an action `logn`; did you mean `login`?"),
        ("use: aut.login", "scenarios/s.yaml:5:11 no library has an action `aut.login`; did you mean `auth.login`?"),
        ("use: login", "scenarios/s.yaml:5:11 the input `base` is missing"),
        ("use: login, with: {base: 1}", "scenarios/s.yaml:5:31 `base` must be a string, not 1"),
        ("use: login, with: {base: x, usr: y}", "scenarios/s.yaml:5:34 there is no input `usr`; did you mean `user`?"),
        ("use: login, with: {base: x, options: []}", "scenarios/s.yaml:5:34 `options` must be an object"),
        ("use: login, with: {base: x, options: 'a{{ vars.api }}'}", "`options` must be an object, not"),
        ("use: login, with: {base: '{{ uuid() }}'}", "`uuid()` would give another value at each place that uses it"),
        ("use: login, with: {base: '{{ foo }}'}", "scenarios/s.yaml:5:35 unknown name `foo`"),
        ("use: login, with: {base: x}, outputs: {tokn: a}", "5:45 there is no output `tokn`; did you mean `token`?"),
        ("use: login, wth: {base: x}", "scenarios/s.yaml:5:18 unknown key `wth`; did you mean `with`?"),
        ("use: login, name: a-b, with: {base: x}", "scenarios/s.yaml:5:24 `name` must start with a letter"),
        ("use: 1", "scenarios/s.yaml:5:11 `use` must be text, not 1"),
    ],
)
def test_a_use_that_is_wrong(make: Made, actions: Mapping[str, Action], use: str, expected: str) -> None:
    source = make(f"{HEAD}actions:\n  - {{{use}}}\n  - {{name: R, type: wait, when: '{{{{ context.token }}}}'}}\n")
    messages = [each for each in places(validate(source, actions)) if "needs `seconds`" not in each]
    assert len(messages) == 1
    assert expected in messages[0]


def test_names_that_meet(make: Made, actions: Mapping[str, Action]) -> None:
    entry = "  - {use: login, with: {base: x}}\n"
    assert places(validate(make(f"{HEAD}actions:\n{entry}{entry}"), actions)) == [
        "scenarios/s.yaml:6:11 `context.token` is an output of `actions[0]` already",
        "scenarios/s.yaml:6:11 `context.session` is an output of `actions[0]` already",
        "scenarios/s.yaml:6:11 the name `login` is taken by the `use` at `actions[0]`",
    ]
    branches = f"{HEAD}actions:\n  - name: C\n    type: choice\n    params:\n      when: '{{{{ vars.api == 1 }}}}'\n"
    inner = "      then: [{use: login, with: {base: x}}]\n      else: [{use: login, name: Other, with: {base: y}}]\n"
    assert validate(make(branches + inner), actions) == []


def test_mistakes_inside_a_library_are_shown_there(make: Made, actions: Mapping[str, Action]) -> None:
    library = """\
library: more
defaults: {htp_call: {}, http_call: {tmeout_seconds: 1}}
actions:
  bad:
    inputs: {n: {type: integer, default: 3}}
    outputs: {x: nothing}
    actions:
      - {name: A, type: http_call, params: {url: "{{ inputs.m }}"}}
      - {name: B, type: http_call, params: {urll: "{{ context.token }}"}}
"""
    source = make(f"{HEAD}actions: [{{use: bad}}]\n", more=library)
    assert "lib/more.yaml:2:38 unknown key `tmeout_seconds`; did you mean `timeout_seconds`?" in places(
        validate(source, actions)
    )
    good = library.replace("tmeout", "timeout").replace("htp_call: {}, ", "")
    assert places(validate(make(f"{HEAD}actions: [{{use: bad}}]\n", more=good), actions)) == [
        "lib/more.yaml:6:18 its actions do not capture `nothing`",
        "lib/more.yaml:8:50 there is no input `m`; known here: `n`",
        "lib/more.yaml:9:36 `http_call` needs `url`",
        "lib/more.yaml:9:45 unknown key `urll`; did you mean `url`?",
        "lib/more.yaml:9:51 nothing captures `context.bad_token`; nothing is captured by then",
    ]


def test_what_is_wrong_with_a_use_hides_nothing_else(make: Made, actions: Mapping[str, Action]) -> None:
    text = f"{HEAD}actions:\n  - {{use: login, with: {{user: 1, x: 2}}}}\n"
    messages = places(validate(make(f"{text}  - {{name: R, type: wait, when: '{{{{ context.tokn }}}}'}}\n"), actions))
    assert [each.split(" ", 1)[1] for each in messages if "s.yaml:5" in each] == [
        "the input `base` is missing",
        "`user` must be a string, not 1",
        "there is no input `x`; known here: `base`, `options`, `user`",
    ]
    assert any("s.yaml:6" in each and "did you mean `token`?" in each for each in messages), messages


def test_circles_show_the_chain(make: Made, actions: Mapping[str, Action]) -> None:
    library = """\
library: more
actions:
  one: {actions: [{use: two}]}
  two: {actions: [{use: three}]}
  three: {actions: [{use: one}]}
"""
    (message,) = places(validate(make(f"{HEAD}actions: [{{use: one}}]\n", more=library), actions))
    assert message == "lib/more.yaml:5:27 `more.one` uses itself: more.one → more.two → more.three → more.one"


def test_uses_that_grow_beyond_measure(make: Made, actions: Mapping[str, Action]) -> None:
    doubled = "".join(
        f"  a{n}: {{actions: [{', '.join(f'{{use: a{n + 1}, name: U{k}}}' for k in range(9))}]}}\n" for n in range(8)
    )
    library = (
        f"library: more\nactions:\n{doubled}  a8: {{actions: [{{name: W, type: wait, params: {{seconds: 1}}}}]}}\n"
    )
    problems = validate(make(f"{HEAD}actions: [{{use: a0}}]\n", more=library), actions)
    assert any("it has more than 1000 actions" in problem.message for problem in problems)
    nine = ", ".join(['"{{ inputs.v }}"'] * 9)
    values = "".join(
        f"  a{n}: {{inputs: {{v: {{type: array}}}}, actions: [{{use: a{n + 1}, with: {{v: [{nine}]}}}}]}}\n"
        for n in range(8)
    )
    last = (
        "  a8: {inputs: {v: {type: array}}, actions: "
        "[{name: W, type: http_call, params: {url: x, body: '{{ inputs.v }}'}}]}\n"
    )
    library = f"library: more\nactions:\n{values}{last}"
    problems = validate(make(f"{HEAD}actions: [{{use: a0, with: {{v: [1]}}}}]\n", more=library), actions)
    assert any("100000 values" in problem.message for problem in problems)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("../lib/no.yaml", "scenarios/s.yaml:2:13 there is no file lib/no.yaml"),
        ("s.yaml", "scenarios/s.yaml:2:13 scenarios/s.yaml is not a library"),
        ("../lib/broken.yaml", "lib/broken.yaml:3:1 not valid YAML"),
        ('"x\\0y"', "s.yaml:2:13 there is no file scenarios/x"),
        ("x" * 300, "s.yaml:2:13 scenarios/" + "x" * 300 + " cannot be opened: File name too long"),
    ],
)
def test_libraries_that_cannot_be_read(make: Made, actions: Mapping[str, Action], entry: str, expected: str) -> None:
    text = f"name: s\nlibraries: [{entry}]\nactions: [{{name: W, type: wait, params: {{seconds: 1}}}}]\n"
    assert any(expected in message for message in places(validate(make(text, broken="library: [\n\n"), actions)))


def test_two_libraries_with_the_same_action(make: Made, actions: Mapping[str, Action]) -> None:
    more = "library: more\nactions: {login: {actions: [{name: W, type: wait, params: {seconds: 1}}]}}\n"
    both = "name: s\nactions: [{use: login}]\n"
    (message,) = places(validate(make(both, more=more), actions))
    assert "the libraries `auth` (lib/auth.yaml) and `more` (lib/more.yaml) both have an action `login`" in message
    assert validate(make(both.replace("use: login", "use: more.login"), more=more), actions) == []
    (problem,) = validate(make(both, more=more), actions)
    assert problem.hint == "write `auth.login`, or give the libraries names of their own"
    (problem,) = validate(make(both, more=more.replace("library: more", "library: auth")), actions)
    assert problem.hint == "give the libraries names of their own"


def test_without_libraries_a_use_is_told(actions: Mapping[str, Action]) -> None:
    document: Json = {"name": "s", "actions": [{"use": "login"}]}
    (problem,) = validate(document, actions)
    assert (problem.code, problem.path) == ("not_expanded", "actions[0]")
    assert "awsit push" in problem.hint


def test_what_inputs_become_in_expressions(make: Made) -> None:
    library = """\
library: more
actions:
  act:
    inputs: {o: {type: object}, n: {type: number}, s: {type: string}, b: {type: boolean, default: true}}
    actions:
      - name: A
        type: http_call
        timeout_seconds: "{{ inputs.n }}"
        params:
          url: "{{ stack(inputs.s).Url }}{{ inputs.n }}{{ inputs.b }}-{{ inputs['o'].k[0] ~ inputs.n * 2 }}"
          body: {"{{ inputs.s }}": "{ {{ inputs.s }} }", e: "{{ env[inputs.s] }}"}
"""
    use = "{use: act, with: {o: {k: ['{{ env.K }}', 1.50]}, n: 2.50, s: 'quote \" é'}}"
    source = make(f"{HEAD}actions: [{use}]\n", more=library)
    assert source.problems == ()
    (action,) = source.document["actions"]
    assert dumps(action["timeout_seconds"]) == "2.50"
    literal = '"quote \\" é"'
    assert action["params"]["url"] == (
        f'{{{{ stack(({literal})).Url }}}}2.50true-{{{{ {{"k": [(env.K), (1.50)]}}.k[0] ~ (2.50) * 2 }}}}'
    ).replace(f"({literal})", literal)
    assert action["params"]["body"]["e"] == f"{{{{ env[{literal}] }}}}"
    assert needed_env({"name": "s", "actions": [action]}) == {"K", 'quote " é'}


def test_parallel_with_params_that_are_none(make: Made, actions: Mapping[str, Action]) -> None:
    text = "name: s\ndefaults: {}\nactions:\n  - {name: P, type: parallel, params: [{branches: [[{use: login}]]}]}\n"
    assert any("`params` must be a mapping" in message for message in places(validate(make(text), actions)))


LOOKING = """\
library: look
actions:
  look:
    inputs:
      id: {type: string, default: "it's"}
      n: {type: integer, default: 2}
      field: {type: string, default: total}
      path: {type: string, default: $.status}
    outputs: {of: of}
    actions:
      - name: Read
        type: http_call
        params: {url: "http://x", body: "$ {{ inputs.id }}"}
        pass_to_context:
          of: "$.body.{{ inputs.field }}"
          in: {path: "$.body[{{ inputs.n }}]", json_path: ["$[{{ inputs.id }}]"]}
        redact: ["$.body[{{ inputs.id }}]"]
        assert:
          - {path: "$.a[?@.id == {{ inputs.id }}]", equals: "$ {{ inputs.id }}"}
          - path: "{{ inputs.path }}"
            any: {not: {or: [{json_path: "$[{{ inputs.n }}]['{{ inputs.id }}']", exists: true}]}}
          - {path: "$.a[{{ inputs.id }}][{{ run.id }}]", exists: true}
"""


def test_inputs_are_literals_of_paths(make: Made) -> None:
    source = make("name: s\nlibraries: [../lib/look.yaml]\nactions: [{use: look}]\n", look=LOOKING)
    (action,) = expand(source).document["actions"]

    assert action["params"]["body"] == "$ it's"
    assert action["pass_to_context"]["of"] == "$.body.total"
    assert action["pass_to_context"]["look_in"] == {"path": "$.body[2]", "json_path": [r"$['it\'s']"]}
    assert action["redact"] == [r"$.body['it\'s']"]
    paths = [action["assert"][0]["path"], action["assert"][1]["path"], action["assert"][2]["path"]]
    assert paths == [r"$.a[?@.id == 'it\'s']", "$.status", '$.a[{{ "it\'s" }}][{{ run.id }}]']
    assert action["assert"][0]["equals"] == "$ it's"
    assert action["assert"][1]["any"]["not"]["or"][0]["json_path"] == r"$[2]['it\'s']"


FALSE_FRIENDS = """
library: audit
actions:
  send:
    inputs: {id: {type: string}}
    actions:
      - name: Send
        type: http_call
        params:
          url: http://x
          body:
            pass_to_context: {note: "n {{ inputs.id }}"}
            redact: ["$ {{ inputs.id }}"]
            assert: [{path: "orders/{{ inputs.id }}"}]
        assert: [{matches: {assert: [{path: "orders/{{ inputs.id }}"}]}}]
      - name: Both
        type: parallel
        params:
          branches:
            - [{name: A, type: http_call, params: {url: http://x}, redact: ["$['{{ inputs.id }}']"]}]
            - actions:
                - name: B
                  type: choice
                  params:
                    if: true
                    then:
                      - name: C
                        type: http_call
                        params: {url: http://x}
                        until: {assert: [{path: "$['{{ inputs.id }}']", exists: true}]}
                        cleanup:
                          - {name: D, type: http_call, params: {url: http://x}, redact: ["$['{{ inputs.id }}']"]}
"""


def test_only_the_paths_of_an_action_take_inputs_as_literals(make: Made) -> None:
    text = 'name: s\nlibraries: [../lib/audit.yaml]\nactions: [{use: send, with: {id: "it\'s"}}]\n'
    (send, both) = expand(make(text, audit=FALSE_FRIENDS)).document["actions"]

    assert send["params"]["body"] == {
        "pass_to_context": {"note": "n it's"},
        "redact": ["$ it's"],
        "assert": [{"path": "orders/it's"}],
    }
    assert send["assert"][0]["matches"] == {"assert": [{"path": "orders/it's"}]}
    inner, outer = both["params"]["branches"]
    assert inner[0]["redact"] == [r"$['it\'s']"]
    deepest = outer["actions"][0]["params"]["then"][0]
    assert deepest["until"]["assert"][0]["path"] == r"$['it\'s']"
    assert deepest["cleanup"][0]["redact"] == [r"$['it\'s']"]


def test_an_input_that_would_be_syntax_of_a_path_is_refused(make: Made, actions: Mapping[str, Action]) -> None:
    text = "name: s\nlibraries: [../lib/look.yaml]\nactions: [{use: look, with: {field: 'a[0]'}}]\n"
    (problem,) = validate(expand(make(text, look=LOOKING)), actions)

    assert '"a[0]" is no name that may stand after a dot' in problem.message
    assert problem.position is not None
    assert problem.position.file.endswith("look.yaml")


def test_the_name_of_a_tap_or_mock_is_that_of_the_library_where_it_has_such_an_action(make: Made) -> None:
    hearing = """\
library: hearing
actions:
  heard:
    actions:
      - {name: Tap, type: listen, params: {topic: "arn:aws:sns:eu-west-1:123456789012:t"}}
      - {name: Own, type: receive, params: {from: Tap}}
      - {name: Outer, type: receive, params: {from: Around}}
      - {name: Mock, type: mock, params: {routes: []}}
      - {name: Called, type: receive, params: {mock: Mock}}
"""
    source = make(
        "name: s\nlibraries: [../lib/hearing.yaml]\nactions: [{use: hearing.heard, name: One}]\n", hearing=hearing
    )

    named = [action["params"] for action in source.document["actions"] if action["type"] == "receive"]

    assert named == [{"from": "One_Tap"}, {"from": "Around"}, {"mock": "One_Mock"}]


def test_the_params_of_every_type_that_name_another_action_are_known() -> None:
    of_types = {kind: action for kind, action in registry.BY_TYPE.items() if isinstance(action, FollowsAction)}
    assert {kind: tuple(action.followed) for kind, action in of_types.items()} == use._FOLLOWED


def test_an_input_is_no_part_of_a_regular_expression(make: Made) -> None:
    text = LOOKING.replace('"$.body.{{ inputs.field }}"', '{path: $.body, regex: "{{ inputs.field }}=(.)"}')
    source = make("name: s\nlibraries: [../lib/look.yaml]\nactions: [{use: look}]\n", look=text)

    captured = expand(source).document["actions"][0]["pass_to_context"]["of"]
    assert captured == {"path": "$.body", "regex": "{{ inputs.field }}=(.)"}
    (problem,) = [each for each in validate(source, registry.BY_TYPE) if each.code == "bad_regex"]
    assert problem.message == "a regular expression takes no template here"

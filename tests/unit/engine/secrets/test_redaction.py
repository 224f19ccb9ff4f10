import base64
import html
import json as plain_json
import quopri
import random
import re
from decimal import Decimal
from urllib.parse import quote, quote_plus, unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.engine.world import RUN_ID, World, answer

from awsit.engine.secrets.redaction import MAX_ITEMS, MAX_TEXT, MAX_VALUES, Redactor
from awsit.expressions.jsonpath import query
from awsit.model import json


@pytest.mark.parametrize(
    "name",
    [
        *("Authorization", "authorization", "Cookie", "set-cookie", "X-Api-Key", "password", "client_secret", "token"),
        *("SecretAccessKey", "secret_access_key", "SecretString", "SessionToken"),
    ],
)
def test_what_is_called_a_secret_is_masked(name: str) -> None:
    assert Redactor().shown({"headers": {name: "abc"}}) == {"headers": {name: "***"}}


@pytest.mark.parametrize("name", ["author", "tokens", "passed", "order_token_count"])
def test_what_only_sounds_like_one_is_not(name: str) -> None:
    assert Redactor().shown({name: "abc"}) == {name: "abc"}


def test_secret_values_are_masked_inside_longer_texts_longest_first() -> None:
    shown = Redactor(["abcd", "abcdef"]).shown({"url": "http://x/?a=abcdef&b=abcd", "list": ["abcd"]})

    assert shown == {"url": "http://x/?a=***&b=***", "list": ["***"]}


def test_long_texts_and_lists_are_cut_and_say_by_how_much() -> None:
    shown = Redactor().shown({"text": "x" * (MAX_TEXT + 5), "list": list(range(MAX_ITEMS + 3))})

    assert shown["text"].endswith("(5 more characters left out)")
    assert shown["list"][-1] == "… (3 more left out)"


@pytest.mark.parametrize("name", ["data", "token"])
def test_of_a_tree_with_a_million_values_the_first_are_shown(name: str) -> None:
    tree: object = 1
    for _ in range(20):
        tree = [tree, tree]
    redactor = Redactor()

    assert json.dumps(redactor.shown({name: tree})).count("[") < MAX_VALUES
    assert "left out: there are too many values" in json.dumps(redactor.shown({"next": [1, 2]}))
    assert Redactor().shown({name: [[None] * MAX_ITEMS]}) == {name: [[None] * MAX_ITEMS]}


def test_numbers_stay_exact() -> None:
    assert Redactor().shown({"n": Decimal("1.10")}) == {"n": Decimal("1.10")}


def test_numbers_and_names_that_are_secret_are_masked_too() -> None:
    shown = Redactor(["4711.5", "hidden-name"]).shown({"n": Decimal("4711.5"), "hidden-name": 4711, "b": True})

    assert shown == {"n": "***", "***": 4711, "b": True}


def test_short_values_are_masked_where_they_are_named_and_stand_alone() -> None:
    redactor = Redactor(["abc"], ["17", "x"])

    assert redactor.shown({"pin": 17, "text": "17", "abc": "abc", "n": 170}) == {
        "pin": "***",
        "text": "***",
        "abc": "abc",
        "n": 170,
    }
    assert redactor.text('should be "17", not 1.17 or 17.5 or box') == 'should be "***", not 1.17 or 17.5 or box'


PASSWORD = 'p@ss/w%rd &é"q\\'


@pytest.mark.parametrize(
    "text",
    [
        f"http://x/?p={quote(PASSWORD, safe='')}",
        f"http://x/{quote(PASSWORD)}",
        quote(PASSWORD, safe="").lower(),
        f"a={quote_plus(PASSWORD)}",
        json.dumps({"given": [PASSWORD]}),
        plain_json.dumps(PASSWORD, ensure_ascii=False),
        repr(PASSWORD),
        html.escape(PASSWORD),
        base64.b64encode(PASSWORD.encode()).decode(),
        base64.urlsafe_b64encode(PASSWORD.encode()).decode(),
        *(base64.b64encode(f"{user}:{PASSWORD}:more".encode()).decode() for user in ("", "a", "ab", "abc")),
    ],
)
def test_a_secret_is_masked_however_it_is_written(text: str) -> None:
    shown = Redactor([PASSWORD]).text(text)
    assert "***" in shown
    for form in ("p@ss", "p%40ss", "ss/w", "w%25rd", base64.b64encode(PASSWORD.encode()).decode()[4:14]):
        assert form not in shown


def test_inside_base64_only_the_characters_that_depend_on_neighbours_stay() -> None:
    for before in range(3):
        text = base64.b64encode(b"x" * before + b"c4nary-canary" + b"yyy").decode()
        assert len(Redactor(["c4nary-canary"]).text(text).replace("***", "")) <= 10


def test_lines_of_a_key_are_masked_by_themselves() -> None:
    key = "-----BEGIN KEY-----\nMIIEvQIBADANBgkqhkiG\nshort\n-----END KEY-----"
    assert Redactor([key]).text("found MIIEvQIBADANBgkqhkiG in it") == "found *** in it"


NAMED = {
    "password": ({"password": "c4nary"}, "c4nary"),
    "inside": ({"credentials": {"user": "c4nary", "parts": ["c4nary-2"]}}, "c4nary-2"),
    "bearer": ({"headers": {"Authorization": "Bearer c4nary-token"}}, "c4nary-token"),
    "basic": ({"Authorization": "Basic " + base64.b64encode(b"user:c4nary").decode()}, "c4nary"),
    "cookie": ({"Set-Cookie": "session=c4nary; Path=/"}, "c4nary"),
    "number": ({"token": 4711471}, "4711471"),
    "query": ({"url": "http://x/?a=1&api_key=c4nary#b"}, "c4nary"),
    "encoded query": ({"url": "http://x/?access_token=c4%20nary"}, "c4 nary"),
    "user of a URL": ({"url": "https://user:c4nary@host/"}, "c4nary"),
    "pair": ({"Environment": [{"Name": "DB_PASSWORD", "Value": "c4nary"}]}, "c4nary"),
    "parameter": ({"Name": "/x", "Type": "SecureString", "Value": "c4nary"}, "c4nary"),
    "JSON in a text": ({"SecretString": '{"user": "somebody", "pin": "c4nary"}'}, "c4nary"),
    "JSON in a message": ({"Body": '{"user": "somebody", "password": "c4nary"}'}, "c4nary"),
    "JSON in JSON": ({"Body": '{"Message": "{\\"password\\": \\"c4nary\\"}"}'}, "c4nary"),
    "JSON in base64": ({"Data": base64.b64encode(b'{"password": "c4nary-9"}').decode()}, "c4nary-9"),
}


@pytest.mark.parametrize("name", NAMED)
def test_what_is_a_secret_by_its_name_is_one_everywhere(name: str) -> None:
    document, secret = NAMED[name]
    redactor = Redactor((), (), (document,))
    assert redactor.text(f"it was <{secret}>") == "it was <***>"
    assert secret not in json.dumps(redactor.shown(document))


def test_of_very_many_named_secrets_the_first_are_looked_for_everywhere() -> None:
    many = {"items": [{"token": f"c4nary-{number:05}"} for number in range(5000)]}
    redactor = Redactor((), (), (many,))
    assert redactor.text("c4nary-00000 and c4nary-00099") == "*** and ***"
    assert redactor.shown({"token": "c4nary-04999"}) == {"token": "***"}


@pytest.mark.parametrize(
    "text",
    ["basic authentication", "Basic functionality", "the bearer of this letter", "a=b&c=d", "see https://a.b/c:d"],
)
def test_ordinary_words_stay(text: str) -> None:
    assert Redactor().text(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abcdefgh12345678",
        "curl https://user:c4nary-pw@host/",
        "GET /x?token=c4nary",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c4nary-signature",
    ],
)
def test_what_looks_like_a_credential_is_masked_wherever_it_comes_from(text: str) -> None:
    shown = Redactor().text(text)
    assert "***" in shown
    assert "c4nary" not in shown
    assert "12345678" not in shown


def test_where_secrets_are_is_told_to_the_character() -> None:
    document = {
        "a": "say c4nary twice, c4nary",
        "it's": [{"token": 1}, "c4nary"],
        "b": "x",
        "n": None,
        "t": {"token": ""},
    }
    places = list(Redactor(["c4nary"]).hides(document))
    assert places == ["['a']#4:10", "['a']#18:24", "['it\\'s'][0]['token']", "['it\\'s'][1]#0:6"]


LATER = """
name: later
variables: {login: "{{ env.API_TOKEN }}:x", plain: ok, db_password: ""}
actions:
  - name: Echo
    type: http_call
    params: {url: "http://api.test/", body: {given: "{{ secret('login').password }}"}, method: POST}
    pass_to_context: {whole: $.body, echo: $.body.echo}
  - name: Use
    type: http_call
    params:
      url: "http://api.test/{{ context.echo }}?v={{ vars.login }}"
      body: ["{{ context.whole }}", "{{ vars.db_password }}", "{{ vars.plain }}"]
      method: POST
    when: "{{ context.echo }}"
"""


def test_a_secret_that_was_captured_or_given_is_one_in_later_steps_too() -> None:
    echo = answer(200, {"echo": "<c4nary>", "status": "created", "id_token": "c4nary-issued"})
    for condition in (True, False):
        shown = LATER if condition else LATER.replace('    when: "{{ context.echo }}"\n', "")
        world = World(echo, echo, secrets={"login": {"password": "c4nary"}})
        events = world.events(shown, {"db_password": "c4nary-db"}, API_TOKEN="c4nary-env")
        assert "c4nary" not in repr(events)
        assert "created" in repr(events)
        plan, run = world.store.plan(RUN_ID), world.store.run(RUN_ID)
        assert "c4nary" not in repr(plan)
        assert plan.variables == {"plain": "ok"}
        assert run.given.env == {"API_TOKEN": "c4nary-env"}


def test_a_scenario_that_cannot_be_compiled_tells_no_secret() -> None:
    text = LATER.replace("variables_are: here\n", "").replace('"{{ env.API_TOKEN }}:x"', '"{{ env.API_TOKEN | int }}"')
    world = World()
    events = world.events(text.replace("plain: ok}", 'plain: ok, db_password: ""}'), API_TOKEN="c4nary-env")
    assert "c4nary" not in repr(events)
    assert "login" in repr(events)


def test_variables_that_redact_names_are_secret() -> None:
    text = """
name: named
variables: {code: "", kind: book}
actions:
  - name: Send
    type: http_call
    params: {url: "http://api.test/{{ vars.code }}/{{ env.STAGE }}/{{ vars.kind }}"}
    redact: [vars.code, env.STAGE]
"""
    result = World(answer(200, {})).run(text, {"code": "c4nary"}, STAGE="c4nary-2")
    assert result.steps[0].request["url"] == "http://api.test/***/***/book"


SHARED = """
name: shared
actions:
  - name: Login
    type: http_call
    params: {url: "http://api.test/login", body: {given: "{{ secret('login').password }}"}, method: POST}
    pass_to_context: {echo: $.body.echo, pin: $.body.pin}
    redact: [pin]
assertions:
  - {path: $.context.pin, equals: 1}
  - {path: $.actions.Login.result.body.pin, equals: 2}
"""


def test_captures_and_final_assertions_show_no_secret() -> None:
    world = World(answer(200, {"echo": "<c4nary>", "pin": 4711}), secrets={"login": {"password": "c4nary"}})

    events = world.events(SHARED)

    told = repr(events)
    assert "c4nary" not in told
    assert "4711" not in told


@pytest.mark.parametrize("key", ["a", "a'b", "\\ud83d", "\udfaa", "line\nbreak", "\t\r\b\f\x7f\u2028", "\\'"])
def test_a_place_leads_to_the_secret_whatever_the_key_is_called(key: str) -> None:
    document = {"it": {key: [{"password": "hunter22"}]}}
    (place,) = Redactor().hides(document)
    assert query.find(f"${place}", document).values == ["hunter22"]


def test_a_secret_that_utf_8_cannot_hold_is_masked_as_it_is_and_as_its_escape() -> None:
    redactor = Redactor(["se\ud83dcret"])
    assert redactor.text("a se\ud83dcret b se\\ud83dcret") == "a *** b ***"


def test_where_no_path_leads_to_an_entry_the_whole_object_is_named() -> None:
    document = {"it": {"\x00": {"password": "hunter22", "token": "t0ken"}, "other": "open"}}
    assert [*Redactor().hides(document)] == ["['it']"]


def test_a_secret_whose_path_would_be_too_long_is_one_in_later_steps_all_the_same() -> None:
    body: dict[str, object] = {"password": "hunter22"}
    for number in range(60):
        body = {f"{number:0>90}": body}
    text = """
    name: long
    actions:
      - {name: Read, type: http_call, params: {url: "http://api.test/a"}, pass_to_context: {it: $.body}}
      - name: Show
        type: http_call
        params: {url: "http://api.test/b", method: POST, body: "{{ context.it | tojson }}"}
    """
    result = World(answer(200, body), answer(200, {})).run(text)
    assert result.status == "passed"
    assert "hunter22" not in repr(result)


INSIDE = """
name: inside
actions:
  - name: Receive
    type: http_call
    params: {url: "http://api.test/message"}
    redact: [$.body.text, quoted]
    pass_to_context:
      pin: {path: $.body.text, json_path: $.pin}
      quoted: $.body.quoted
    assert:
      - {path: $.body.text, json_path: $.pin, equals: other}
      - {path: "$.body[?@ == {{ context.quoted }}]", exists: false}
"""


def test_what_json_path_reads_in_a_redacted_text_is_redacted_too() -> None:
    world = World(answer(200, {"text": '{"pin": "c4nary"}', "quoted": "it's \\ th3 one"}))

    events = repr(world.events(INSIDE))

    assert "should equal" in events
    assert "[?@ == '***']" in events
    assert "c4nary" not in events
    assert "th3 one" not in events


SECRETS = st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=8, max_size=40).filter(
    lambda text: len(text.strip()) >= 8
)


@given(SECRETS, st.randoms())
def test_a_secret_is_masked_in_a_url_whatever_of_it_is_encoded_and_in_whatever_case(
    secret: str, chance: random.Random
) -> None:
    def byte(value: int) -> str:  # any may be written so: RFC 3986, section 2.1
        return "".join(chance.choice((each.upper(), each.lower())) for each in f"%{value:02x}")

    pieces = [each if chance.random() < 0.5 else "".join(map(byte, each.encode())) for each in secret]
    shown = Redactor([secret]).text(f"https://x.test/a?b=%20{''.join(pieces)}%20c")

    assert "***" in shown
    assert secret not in unquote(shown)


@pytest.mark.parametrize("is_lower", [False, True])
@pytest.mark.parametrize("safe", ["", "/"])
def test_a_long_secret_is_masked_in_a_url_to_its_end(safe: str, is_lower: bool) -> None:
    secret = '{"key": "' + "a/b c+" * 600 + '", "end": "the-end"}'
    encoded = quote(secret, safe=safe)
    if is_lower:
        encoded = re.sub("%[0-9A-F]{2}", lambda code: code[0].lower(), encoded)

    assert Redactor([secret]).text(f"https://x.test/?q={encoded}&ok=1") == "https://x.test/?q=***&ok=1"


@given(SECRETS)
def test_a_secret_is_masked_in_another_case_and_in_hex(secret: str) -> None:
    raw = secret.encode()
    for form in (secret.upper(), secret.lower(), raw.hex(), raw.hex().upper()):
        assert form not in Redactor([secret]).text(f"<<{form}>>")


@given(SECRETS)
def test_where_an_encoded_secret_is_is_told_to_the_character(secret: str) -> None:
    encoded = "".join(f"%{value:02x}" for value in secret.encode())
    (place,) = Redactor([secret]).hides(f"{encoded}-ok-%20")

    assert place == f"#0:{len(encoded)}"


OF_MAILS_AND_WINDOWS = {
    "base32": lambda text: base64.b32encode(text.encode()).decode(),
    "base32 of more": lambda text: base64.b32encode(b"abc" + text.encode() + b"zz").decode(),
    "base64 of UTF-16": lambda text: base64.b64encode(f'Write-Host "{text}";'.encode("utf-16-le")).decode(),
    "base64 of UTF-16, big-endian": lambda text: base64.b64encode(f"a{text}zz".encode("utf-16-be")).decode(),
    "base64 of UTF-16, marked": lambda text: base64.b64encode(text.encode("utf-16")).decode(),
    "base64 of UTF-16 with other letters": lambda text: base64.b64encode(f"grüße {text}".encode("utf-16-le")).decode(),
    "quoted-printable": lambda text: quopri.encodestring(text.encode()).decode(),
    "quoted-printable, blanks too": lambda text: quopri.encodestring(text.encode(), quotetabs=True).decode(),
    "quoted-printable in lines": lambda text: quopri.encodestring(b"x" * 66 + text.encode() + b"z" * 80).decode(),
    "quoted-printable in JSON": lambda text: json.dumps(
        quopri.encodestring(b"x" * 66 + text.encode() + b"z" * 80).decode()
    ),
}


@pytest.mark.parametrize("form", OF_MAILS_AND_WINDOWS)
@pytest.mark.parametrize("secret", ["s3cret-enough", "s3cret=enough&=/+", "s3cret ümlaut=", "s3cret in two\twords"])
def test_a_secret_is_masked_as_mails_and_programs_of_windows_write_it(secret: str, form: str) -> None:
    written = OF_MAILS_AND_WINDOWS[form](secret)
    shown = Redactor([secret]).text(f"it is {written} .")

    assert "***" in shown
    middle = len(written) // 2
    assert written[middle - 3 : middle + 3] not in shown.replace("xxx", "").replace("zzz", "")


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_secret_in_utf_16_that_was_read_as_another_encoding_is_masked(encoding: str) -> None:
    written = "my s3cret-enough !".encode(encoding).decode("latin-1")
    redactor = Redactor(["s3cret-enough"])

    assert redactor.text(written) == written.replace("\0".join("s3cret-enough"), "***")
    assert redactor.text(written).count("***") == 1
    assert "***" in redactor.text(json.dumps(written))
    assert "s\\u0000" not in redactor.text(json.dumps(written))


def test_where_a_secret_is_whose_lines_are_broken_is_told_to_the_character() -> None:
    redactor = Redactor(["s3cret-enough"])

    assert [*redactor.hides({"a": "xx=\ns3cret=\r\n-eno=\nugh=\n= s3cret-enough"})] == ["['a']#4:22", "['a']#26:39"]


@given(st.text("=\r\n\\nrab", max_size=200))
def test_breaks_of_lines_alone_change_nothing(text: str) -> None:
    assert Redactor(["s3cret-enough"]).text(text) == text

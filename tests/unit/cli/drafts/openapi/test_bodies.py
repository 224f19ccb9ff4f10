"""The bodies of drafted requests, by their media type."""

import base64

import pytest
from tests.unit.cli.drafts.openapi.documents import one

PAIR = {"type": "object", "required": ["a"], "properties": {"a": {"type": "string", "example": "x"}}}


@pytest.fixture
def sent(made):
    """The params of a request whose body is described so, without those that all requests have."""

    def draft(content, *, method="post", required=True, version="3.1.0"):
        operation = {"requestBody": {"required": required, "content": content}}
        text = one(operation, servers=[{"url": "https://a.test"}]).replace("3.1.0", version)
        found = made(text.replace('"post"', f'"{method}"'))
        params = found.document["actions"][0]["params"]
        return {key: value for key, value in params.items() if key not in ("url", "method")}, found.notes

    return draft


@pytest.mark.parametrize("kind", ["application/json", "Application/JSON; charset=utf-8", "*/*"])
def test_json_is_a_value(sent, kind):
    assert sent({kind: {"schema": PAIR}})[0]["body"] == {"a": "x"}


@pytest.mark.parametrize(
    "kind", ["application/vnd.api+json", "application/merge-patch+json", "application/problem+json; version=2"]
)
def test_json_of_a_vendor_names_its_type(sent, kind):
    assert sent({kind: {"schema": PAIR}})[0] == {"headers": {"Content-Type": kind}, "body": {"a": "x"}}


@pytest.mark.parametrize(("value", "text"), [("a", '"a"'), (5, "5"), (True, "true"), (None, "null")])
def test_json_that_is_no_object_is_text(sent, value, text):
    content = {"application/json": {"schema": {}, "example": value}}
    assert sent(content)[0] == {"headers": {"Content-Type": "application/json"}, "body": text}


@pytest.mark.parametrize(
    ("kinds", "chosen"),
    [
        (["application/xml", "application/json"], None),
        (["multipart/form-data", "application/vnd.a+json", "text/plain"], "application/vnd.a+json"),
        (["application/octet-stream", "text/csv"], "text/csv"),
        (["text/*"], None),
    ],
)
def test_json_is_preferred_then_what_can_be_written(sent, kinds, chosen):
    params, _ = sent({kind: {"schema": {"type": "string", "example": "a"}} for kind in kinds})
    if chosen:
        assert params["headers"]["Content-Type"] == chosen
    else:
        assert params["body"] in ("a", '"a"')


@pytest.mark.parametrize("kind", ["application/xml", "text/csv", "application/x-yaml"])
def test_text_of_another_type_names_it(sent, kind):
    content = {kind: {"schema": {"type": "object"}, "example": "<a/>"}}
    assert sent(content)[0] == {"headers": {"Content-Type": kind}, "body": "<a/>"}


def test_bytes_are_base64(sent):
    params, _ = sent({"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}})
    assert params == {
        "headers": {"Content-Type": "application/octet-stream"},
        "body_base64": base64.b64encode(b"text").decode(),
    }


def test_a_body_that_cannot_be_written_is_told(sent):
    params, notes = sent({"application/xml": {"schema": PAIR}})
    assert params == {}
    assert notes == ("the body of POST /a was left out: it is application/xml; write it yourself",)


def test_the_fields_of_a_form_are_written_by_their_encoding(sent):
    schema = {
        "type": "object",
        "required": ["tags", "meta", "ids", "plain", "list"],
        "properties": {
            "tags": {"type": "array", "items": {"type": "string"}, "example": ["x,1", "y"]},
            "meta": {"type": "object", "example": {"k": "v"}},
            "ids": {"type": "array", "items": {"type": "integer"}, "example": [1, 2]},
            "plain": {"type": "object", "example": {"a": [1]}},
            "list": {"type": "array", "items": {"type": "string"}, "example": ["a", "b"]},
        },
    }
    encoding = {
        "tags": {"explode": False},
        "meta": {"style": "deepObject"},
        "ids": {"style": "pipeDelimited", "explode": False},
    }
    assert sent({"application/x-www-form-urlencoded": {"schema": schema, "encoding": encoding}})[0] == {
        "form": {"tags": "x,1,y", "meta[k]": "v", "ids": "1|2", "plain": '{"a":[1]}', "list": ["a", "b"]}
    }


def test_a_field_that_no_style_describes_is_numbered_and_told(sent):
    items = {"type": "array", "items": {"type": "object", "example": {"price": 5}}}
    schema = {"type": "object", "required": ["items"], "properties": {"items": items, "more": items}}
    encoding = {"items": {"style": "deepObject", "explode": True}, "more": {"style": "deepObject", "explode": True}}
    params, notes = sent({"application/x-www-form-urlencoded": {"schema": schema, "encoding": encoding}})
    assert params == {"form": {"items[0][price]": 5}}
    assert notes == (
        "check items of POST /a: OpenAPI does not say how lists and objects are written inside a deepObject",
    )


def test_a_multipart_body_has_a_part_for_each_value(sent):
    schema = {
        "type": "object",
        "required": ["file", "meta", "n", "list"],
        "properties": {
            "file": {"type": "string", "format": "binary"},
            "meta": {"type": "object", "example": {"a": 1}},
            "n": {"type": "integer", "example": 7},
            "list": {"type": "array", "items": {"type": "string"}, "example": ["x", "y"]},
        },
    }
    encoding = {"file": {"contentType": "image/png, image/jpeg"}}
    params, _ = sent({"multipart/form-data": {"schema": schema, "encoding": encoding}})
    assert params["headers"] == {"Content-Type": "multipart/form-data; boundary=awsit-boundary"}
    assert params["body"].split("--awsit-boundary")[1:] == [
        '\r\nContent-Disposition: form-data; name="file"; filename="file"\r\nContent-Type: image/png\r\n\r\ntext\r\n',
        '\r\nContent-Disposition: form-data; name="meta"\r\nContent-Type: application/json\r\n\r\n{"a":1}\r\n',
        '\r\nContent-Disposition: form-data; name="n"\r\n\r\n7\r\n',
        '\r\nContent-Disposition: form-data; name="list"\r\n\r\nx\r\n',
        '\r\nContent-Disposition: form-data; name="list"\r\n\r\ny\r\n',
        "--\r\n",
    ]


def test_since_3_1_a_part_may_have_a_style(sent):
    schema = {"type": "object", "required": ["a"], "properties": {"a": {"type": "array", "example": [1, 2]}}}
    content = {"multipart/form-data": {"schema": schema, "encoding": {"a": {"style": "form", "explode": False}}}}
    assert "\r\n\r\n1,2\r\n" in sent(content)[0]["body"]
    assert "\r\n\r\n1,2\r\n" not in sent(content, version="3.0.3")[0]["body"]


@pytest.mark.parametrize(("required", "params"), [(False, {}), (True, {"body": {"a": "x"}})])
def test_a_get_has_a_body_only_where_it_must(sent, required, params):
    assert sent({"application/json": {"schema": PAIR}}, method="get", required=required)[0] == params


def test_an_example_that_its_schema_refuses_is_not_sent(sent):
    media = {"schema": PAIR, "example": {"a": 5}, "examples": {"no": {"value": []}, "yes": {"value": {"a": "good"}}}}
    assert sent({"application/json": media})[0]["body"] == {"a": "good"}


@pytest.mark.parametrize(
    ("required", "note"),
    [
        (True, "the body of POST /a may need a change: $: "),
        (False, "the body of POST /a was left out: no value was found that fits its schema; $: "),
    ],
)
def test_a_body_that_may_not_fit_is_told(sent, required, note):
    params, notes = sent({"application/json": {"schema": {"type": "object", "not": {}}}}, required=required)
    assert notes[0].startswith(note)
    assert params == ({"body": {}} if required else {})

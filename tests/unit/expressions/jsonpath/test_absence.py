import pytest

from awsit.errors import ExpressionError
from awsit.expressions.jsonpath.absence import Absence, explain, slip
from awsit.expressions.values import WithAbsences
from awsit.model.json import Json

DOCUMENT = {"items": [{"id": 1}, {"name": "b"}], "empty": {}, "none": [], "text": "abc", "nested": {"a b": {"c": None}}}


@pytest.mark.parametrize(
    ("path", "message", "mark"),
    [
        ("$.itmes[0]", "$ has no `itmes`; did you mean `items`?", "itmes"),
        ("$.items[*].idd", "$.items[*] has no `idd`; did you mean `id`?", "idd"),
        (
            "$.items.id",
            "$.items is an array of 2: name an element, as in `$.items[0]`, or all of them, `$.items[*]`",
            "id",
        ),
        ("$.items[5].id", "$.items has no element 5: it has 2", "[5]"),
        ("$.items[-3]", "$.items has no element -3: it has 2", "[-3]"),
        ("$.none[*]", "nothing in $.none is selected by the rest of the path", "[*]"),
        ("$.items[?@.id > 1].id", "nothing in $.items is selected by the rest of the path", "[?@.id > 1]"),
        ("$.empty.a", "$.empty has no `a`; it is empty", "a"),
        ("$.text.a", '$.text is string "abc", which has nothing inside', "a"),
        ("$['nested']['a b'].c.d", "$.nested['a b'].c is null, which has nothing inside", "d"),
        ("$..nowhere", "nothing in $ is selected by the rest of the path", "..nowhere"),
    ],
)
def test_where_a_path_leaves_the_document_is_told(path: str, message: str, mark: str) -> None:
    absence = explain(path, DOCUMENT)

    assert absence.message == message
    assert path[absence.offset : absence.offset + absence.length] == mark


@pytest.mark.parametrize(
    ("document", "message"), [("abc", '$ is string "abc", which'), ([1], "$ is an array of 1: name an")]
)
def test_documents_that_are_no_objects(document: Json, message: str) -> None:
    assert explain("$.a", document).message.startswith(message)


def test_what_the_path_selects_is_not_absent() -> None:
    assert explain("$.items", DOCUMENT) == Absence("there is nothing at $.items", 0, 7)


@pytest.mark.parametrize(
    ("path", "sentence"),
    [
        ("$.itmes[0]", "$ has no `itmes`; did you mean `items`?"),
        ("$.ITEMS", "$ has no `ITEMS`; did you mean `items`?"),
        ("$.items[*].nam", "$.items[*] has no `nam`; did you mean `name`?"),
        (
            "$.items.id",
            "$.items is an array of 2: name an element, as in `$.items[0]`, or all of them, `$.items[*]`",
        ),
        ("$.none[0].id", "$.none has no element 0: it has 0"),
        ("$.text.a", '$.text is no JSON, the parser stopped at character 1 (Expecting value): "abc"'),
        ("$.nested['a b'].c.d", "$.nested['a b'].c is null, which has nothing inside"),
        ("$.status", ""),
        ("$.empty.a", ""),
        ("$.items[?@.id > 1].id", ""),
        ("$..nowhere", ""),
        ("$.items", ""),
    ],
)
def test_only_what_helps_is_told_of_a_path_in_a_run(path: str, sentence: str) -> None:
    assert slip(path, DOCUMENT) == sentence


def test_a_null_that_stands_for_nothing_is_told_as_that() -> None:
    document = WithAbsences({"item": None}, frozenset({"$['item']"}))
    assert slip("$.item.status", document) == "$.item is not there"


def test_thousands_of_names_are_not_compared() -> None:
    assert slip("$.name_1x", {f"name_{number}": 1 for number in range(1001)}) == ""


def test_a_path_that_is_too_large_for_a_second_look_is_told_no_more() -> None:
    document: Json = [[[]] * 1200] * 1000
    with pytest.raises(ExpressionError):
        explain("$..a.b", document)
    assert slip("$..a.b", document) == ""

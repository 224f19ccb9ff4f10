import pytest

from awsit.expressions.jsonpath.absence import Absence, explain
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

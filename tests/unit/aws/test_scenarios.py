import pytest
from tests.unit.aws.fakes import FakeAws, FakeS3

from awsit.aws.scenarios import ScenarioStore, StoredScenario
from awsit.errors import EnvironmentFailure, InvalidInputError, NotFoundError
from awsit.model.json import loads

ORDER = {
    "name": "order_is_stored",
    "description": "An order is stored",
    "metadata": {"tags": ["orders", "smoke"]},
    "actions": [{"name": "Create", "type": "http_call"}, {"type": "wait"}],
}


@pytest.fixture
def s3():
    return FakeS3(buckets={"b": {}})


@pytest.fixture
def store(s3):
    return ScenarioStore(FakeAws(s3=s3), "b")


def test_what_was_pushed_can_be_read_exactly(store):
    document = loads('{"name": "x", "rate": 1.10}')

    assert store.push(document, "x") == "scenarios/x.json"
    assert store.get("x") == document
    assert str(store.get("x")["rate"]) == "1.10"


def test_each_command_writes_what_it_runs_once_so_that_it_does_not_expire(store, s3):
    first, second, third = store.put_by_hash(ORDER), store.put_by_hash(dict(ORDER)), store.put_by_hash(dict(ORDER))
    later = ScenarioStore(FakeAws(s3=s3), "b").put_by_hash(ORDER)

    assert first == second == third == later
    assert first.startswith("scenarios/sha256/")
    assert len(first) == len("scenarios/sha256/.json") + 64
    assert s3.calls == [f"put {first}"] * 2


def test_other_content_has_another_key(store):
    assert store.put_by_hash(ORDER) != store.put_by_hash(ORDER | {"name": "other"})


def test_the_list_shows_pushed_scenarios_only(store):
    store.push(ORDER, "order_is_stored")
    store.push({"name": "a"}, "a")
    store.put_by_hash(ORDER)

    assert store.list() == (
        StoredScenario("a", "", (), (), "scenarios/a.json"),
        StoredScenario(
            "order_is_stored",
            "An order is stored",
            ("orders", "smoke"),
            ("Create", "wait"),
            "scenarios/order_is_stored.json",
        ),
    )


def test_what_is_no_scenario_does_not_stop_the_list(store, s3):
    s3.put_object("b", "scenarios/broken.json", b"{")
    s3.put_object("b", "scenarios/text.json", b'"text"')

    assert [entry.name for entry in store.list()] == ["broken", "text"]
    with pytest.raises(InvalidInputError, match=r"scenarios/broken\.json in the bucket b is not JSON"):
        store.get("broken")


def test_a_scenario_that_is_gone_offers_the_near_names(store):
    store.push(ORDER, "order_is_stored")

    with pytest.raises(NotFoundError, match="there is no scenario order_is_store in the bucket b") as caught:
        store.get("order_is_store")
    assert caught.value.hint == "did you mean order_is_stored?"


def test_a_bucket_that_is_gone_is_the_environments_failure():
    store = ScenarioStore(FakeAws(s3=FakeS3()), "b")

    with pytest.raises(EnvironmentFailure, match="bucket does not exist"):
        store.get("x")
    with pytest.raises(EnvironmentFailure, match="could not upload the scenario x"):
        store.push(ORDER, "x")


@pytest.mark.parametrize("name", ["", "sha256/abc", "../x"])
def test_a_name_is_one_word(store, name):
    with pytest.raises(InvalidInputError, match="cannot be the name of a scenario"):
        store.push(ORDER, name)

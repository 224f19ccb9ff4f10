import io
import json

import pytest
from tests.functional.fakes import MemoryBucket

from awsit.aws.suites.manifest import Manifests, item_of, key_of
from awsit.errors import NotFoundError
from awsit.model.result import Repetition
from awsit.model.run import SuiteRun

SUITE = "suite-01J9ZK3M4N5P6Q7R8S9T0V1W2X"


class Account:
    def __init__(self):
        self.bucket = MemoryBucket()

    def client(self, _):
        return self.bucket


def test_a_manifest_is_an_array_that_a_distributed_map_reads_and_tells_of_its_runs():
    account = Account()
    manifests = Manifests(account, "b")
    first = {"label": "a[1]", "file": "a.yaml", "repetition": {"number": 2, "of": 3}, "variables": {"x": 1.5}}
    second = {"label": "b", "file": "", "repetition": None}

    manifests.put(SUITE, [item_of("run-1", first), item_of("run-2", second)])

    stored = json.load(io.BytesIO(account.bucket.objects[key_of(SUITE)]))
    assert stored == [{"run_id": "run-1", "input": first}, {"run_id": "run-2", "input": second}]
    assert manifests.get(SUITE) == (SuiteRun("run-1", "a[1]", "a.yaml", Repetition(2, 3)), SuiteRun("run-2", "b"))


def test_a_suite_that_is_not_there_is_said():
    with pytest.raises(NotFoundError, match=f"there is no suite {SUITE} in the bucket b"):
        Manifests(Account(), "b").get(SUITE)


@pytest.mark.parametrize("number", [0, 1, 2, 5])
@pytest.mark.parametrize("is_older", [False, True])
def test_manifests_are_read_whatever_is_in_their_items(number, is_older):
    account = Account()
    items = [item_of(f"run-{n}", {"label": 'a,\n"},{[x]', "file": "]", "n": n}) for n in range(number)]
    Manifests(account, "b").put(SUITE, items)
    assert json.loads(account.bucket.objects[key_of(SUITE)]) == items
    if is_older:
        account.bucket.objects[key_of(SUITE)] = json.dumps(items).encode()

    assert Manifests(account, "b").get(SUITE) == tuple(SuiteRun(f"run-{n}", 'a,\n"},{[x]', "]") for n in range(number))

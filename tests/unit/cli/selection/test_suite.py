"""Shards, repetitions and shuffling, for any list."""

from collections import Counter
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from awsit.cli.selection.requested_run import RequestedRun
from awsit.cli.selection.suite import Arrangement, Shard, arrange, shard_of, shuffled
from awsit.errors import UsageError
from awsit.model.run import RunRequest

NAMES = st.lists(st.text(min_size=1, max_size=8), max_size=40)
SECONDS = st.dictionaries(st.text(min_size=1, max_size=8), st.floats(0, 1e4), max_size=40)
SHARDS = st.integers(1, 12)


def key(item):
    return (item, "")


def shards(names, of, seconds):
    return [shard_of(names, Shard(number, of), key, seconds) for number in range(1, of + 1)]


@given(names=NAMES, of=SHARDS, seconds=SECONDS)
def test_shards_are_complete_and_disjoint(names, of, seconds):
    together = Counter(name for shard in shards(names, of, seconds) for name in shard)
    assert together == Counter(names)


@given(names=NAMES.map(lambda names: list(dict.fromkeys(names))), of=SHARDS, seconds=SECONDS, data=st.data())
def test_a_shard_does_not_depend_on_the_order_of_the_list(names, of, seconds, data):
    other = data.draw(st.permutations(names))
    assert [set(shard) for shard in shards(names, of, seconds)] == [set(shard) for shard in shards(other, of, seconds)]


@given(names=NAMES, of=SHARDS)
def test_without_durations_no_shard_has_more_than_one_run_more_than_another(names, of):
    sizes = [len(shard) for shard in shards(names, of, {})]
    assert max(sizes) - min(sizes) <= 1


@given(names=NAMES, of=SHARDS, seconds=SECONDS)
def test_no_shard_takes_longer_than_the_mean_and_the_longest_run_together(names, of, seconds):
    known = {name: seconds.get(name, 1.0) for name in names}
    loads = [sum(known[name] for name in shard) for shard in shards(names, of, known)]
    lengths = [known[name] for name in names]
    assert max(loads) <= (sum(lengths) / of + max(lengths, default=0.0)) * (1 + 1e-9)


def test_known_durations_balance_the_shards():
    seconds = {"long": 60, "a": 20, "b": 20, "c": 20}
    assert shards(["a", "b", "c", "long"], 2, seconds) == [["long"], ["a", "b", "c"]]


def test_a_scenario_of_unknown_length_counts_as_the_median():
    assert shards(["new", "short", "usual", "long"], 2, {"short": 1, "usual": 10, "long": 18}) == [
        ["short", "long"],
        ["new", "usual"],
    ]


@given(names=NAMES, seed=st.integers(0, 10**6))
def test_shuffling_keeps_every_run_and_gives_the_same_order_again(names, seed):
    once = shuffled(names, seed, key)
    assert Counter(once) == Counter(names)
    assert shuffled(names, seed, key) == once


def test_far_more_shards_than_runs_take_no_time_and_no_room():
    assert [shard_of(["a", "b"], Shard(n, 10**12), key, {}) for n in (1, 2, 3, 10**12)] == [["a"], ["b"], [], []]


def test_two_seeds_give_two_orders():
    names = [f"scenario_{number}" for number in range(20)]
    assert len({tuple(shuffled(names, seed, key)) for seed in range(5)}) == 5


def runs(*names):
    return [RequestedRun(RunRequest(f"run-{name}", name, {})) for name in names]


def ids():
    numbers = count()
    return lambda: f"run-again-{next(numbers)}"


def test_each_repetition_is_a_run_of_its_own():
    made = [run.request for run in arrange(runs("a", "b"), Arrangement(repeat=3), ids())]
    assert len({request.run_id for request in made}) == 6
    assert [(request.name, request.repetition.number) for request in made] == [
        (name, number) for name in "ab" for number in (1, 2, 3)
    ]


@given(names=NAMES, of=SHARDS, repeat=st.integers(1, 3), seed=st.none() | st.integers(0, 99))
def test_they_combine(names, of, repeat, seed):
    made = [
        arrange(runs(*names), Arrangement(Shard(number, of), {}, repeat, seed), ids()) for number in range(1, of + 1)
    ]
    together = Counter(run.request.name for shard in made for run in shard)
    assert together == Counter({name: number * repeat for name, number in Counter(names).items()})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("6/5", "there is no shard 6 of 5"),
        ("0/5", "there is no shard 0 of 5"),
        ("1/0", "at least one shard"),
        ("2", "not of the form N/TOTAL"),
        ("a/b", "not of the form N/TOTAL"),
        ("-1/5", "not of the form N/TOTAL"),
        ("", "not of the form N/TOTAL"),
    ],
)
def test_what_is_no_shard_is_refused(text, message):
    with pytest.raises(UsageError, match=message):
        Shard.parse(text)

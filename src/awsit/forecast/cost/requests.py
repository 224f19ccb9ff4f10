"""The requests that a run makes of the runs table and the bucket: read and write units, PUTs and GETs.

Counted from `awsit.aws.runs.store` and `awsit.lambdas.tasks`; `tests/conformance` holds the least numbers to what is
sent. A write unit is 1 KB of an item, a read unit 4 KB of an item, or of all that a query returns (Amazon DynamoDB
developer guide, "DynamoDB on-demand capacity mode"). An item that comes into an index, or leaves it, is written there
too ("Write operations and global secondary indexes").
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from msgspec import Struct

from awsit.engine.compact import only_looks
from awsit.engine.step.context import index_of
from awsit.engine.turns import limit_of
from awsit.expressions.templates import template
from awsit.forecast import attempts
from awsit.forecast.events import Tally
from awsit.model.plan import Plan, Step
from awsit.scenario.checks.usage import templates_of

READ_BYTES = 4096
SMALL_RECORD, SMALL_COMPENSATION, CALL, RUN = 850, 820, 180, 360
"""Bytes of the record of a step whose answer is small, of a compensation, of the calls of a step, and of the run."""
SINGLE_READS = 8
"""So many parts of a run are read one by one: as in `awsit.aws.runs.later`."""

RECORD_UNITS, VALUE_UNITS, COMPENSATION_UNITS = 257, 17, 5
"""Write units of the largest record, value and compensation that the table holds: larger ones go to S3."""


class Requests(Struct, frozen=True):
    """Write and read units of the runs table, PUTs and GETs of S3."""

    writes: int = 0
    reads: int = 0
    puts: int = 0
    gets: int = 0

    def times(self, number: int) -> Requests:
        """So many of them."""
        return Requests(self.writes * number, self.reads * number, self.puts * number, self.gets * number)


REQUESTS: Mapping[str, Requests] = {
    "PrepareAndExecuteActions": Requests(writes=2, puts=1, gets=1),
    "VerifyFinalAssertions": Requests(writes=2, reads=1),
    "CleanUpItem": Requests(writes=1, reads=4),
    "ReportRun": Requests(writes=4, reads=4, puts=1),
}
"""By state, with items as small as they can be; the queries of `VerifyFinalAssertions` and `ReportRun` come on top."""
STEP_CALL, REPEATED_CALL = Requests(writes=2, reads=3), Requests(reads=1)
"""Of a call of a step, and more for one that is not the first."""

GOES_ON, GOES_ON_ALONE, LOOKS_ALONE = Requests(reads=-1), Requests(reads=-2), Requests(reads=-1)
"""Less for a call of a step with which an invocation of a compact run goes on, and once more for one that only looks.

See `awsit.aws.runs.shared.round`: within a second after the run was read.
"""

COMPENSATION = Requests(writes=2, reads=5)
"""More for an action whose compensation is recorded: what was recorded is read before it acts and when it registers."""
COMPENSATION_UNDONE = Requests(reads=2)
COMPENSATIONS_ENDED = Requests(reads=1)
"""For a run that recorded any: which of them hold secrets."""
CACHED = Requests(writes=2, reads=1)
"""More for an action whose result is cached: looked for, kept, and removed with a run that is in no suite."""
CACHE_ENDED = Requests(reads=1)
SECRETS = Requests(writes=3, reads=1)
"""For a run with secret variables: kept when it begins, found and removed when it is over."""
SECRETS_READ = Requests(reads=1)
"""By each call of a step of such a run."""
TURN, LATER_TURN = Requests(writes=1), Requests(writes=2)
"""By each call of a step whose requests have a limit (`RunStore.take_turn`); a turn that is waited for."""
PLAN = Requests(gets=1)
"""Once in a worker, but for the one that made it."""


def least(plan: Plan, best: Tally, *, has_secrets: bool) -> Requests:
    """What is sent when all goes well, by one worker, with small answers. `has_secrets`: some variable is one."""
    recording = [step for step in plan.steps if step.auto_cleanup or step.restore]
    values = sum(len(step.captures) + len(step.let) for step in plan.steps)
    named = sum(_named(plan, step) for step in plan.steps)
    cached = sum(1 for step in plan.steps if step.cache_seconds)
    asserts = Requests(reads=3 if plan.assertions else 0)
    return _sum(
        *_of_states(best),
        Requests(writes=values, reads=named),
        _going_on(plan, best),
        COMPENSATION.times(len(recording)),
        COMPENSATION_UNDONE.times(len(recording)),
        TURN.times(sum(_has_limit(plan, step) for step in (*plan.steps, *plan.cleanup))),
        _compensations_reported(len(recording)),
        COMPENSATIONS_ENDED.times(int(bool(recording))),
        CACHED.times(cached),
        CACHE_ENDED.times(int(bool(cached))),
        _results_ended(plan, SMALL_RECORD),
        _secrets(_calls(best)) if has_secrets else Requests(),
        asserts,
        _queries(plan, SMALL_RECORD),
    )


def most(plan: Plan, worst: Tally, *, has_secrets: bool) -> Requests:
    """What is sent when everything is repeated, each time by another worker, with the largest answers."""
    attempted = [(step, attempts.policy(step).max_attempts) for step in plan.steps]
    recorded = sum(number for step, number in attempted if step.auto_cleanup or step.restore)
    values = sum(len(step.captures) + len(step.let) for step in plan.steps)
    calls = _calls(worst)
    read = math.ceil(RECORD_UNITS * 1024 / READ_BYTES)
    return _sum(
        *_of_states(worst),
        Requests(writes=(RECORD_UNITS - 1) * calls, reads=(read + 1) * calls),
        Requests(writes=VALUE_UNITS * values, reads=VALUE_UNITS * (values + 1) * calls),
        Requests(
            writes=(2 * COMPENSATION_UNITS + 3) * recorded,  # emptied at the end, where it holds secrets
            reads=(COMPENSATION.reads + COMPENSATION_UNDONE.reads + 3) * recorded,
            gets=recorded,
        ),
        _caching(plan),
        _results_ended(plan, RECORD_UNITS * 1024),
        Requests(writes=RECORD_UNITS, puts=1).times(sum(step.keep_result for step in plan.steps)),  # taken from records
        Requests(writes=(VALUE_UNITS + 1) * values),  # removed at the end, with the places of their secrets
        _secrets(calls).times(VALUE_UNITS) if has_secrets else Requests(),
        LATER_TURN.times(calls if plan.limits else 0),
        PLAN.times(worst.invocations),
        Requests(puts=calls + values + recorded),
        _queries(plan, RECORD_UNITS * 1024).times(2),
    )


def _caching(plan: Plan) -> Requests:
    """The most that caching comes to: each attempt looks for a result, and the largest is kept and removed."""
    number = sum(attempts.policy(step).max_attempts for step in plan.steps if step.cache_seconds)
    read = math.ceil(RECORD_UNITS * 1024 / READ_BYTES)
    return Requests(2 * RECORD_UNITS, 2 * read, puts=1, gets=1).times(number)


def _results_ended(plan: Plan, record_bytes: int) -> Requests:
    """The records of the actions, where results are kept for later ones: which of them show less than is kept."""
    is_needed = any(step.keep_result for step in plan.steps)
    return Requests(reads=_pages(len(plan.steps) * record_bytes)) if is_needed else Requests()


def _calls(tally: Tally) -> int:
    return tally.calls + tally.states["CleanUpItem"]


def _secrets(calls: int) -> Requests:
    return _sum(SECRETS, SECRETS_READ.times(calls))


def _of_states(tally: Tally) -> Iterator[Requests]:
    yield from (REQUESTS[name].times(count) for name, count in tally.states.items() if name in REQUESTS)
    yield from (STEP_CALL.times(tally.calls), REPEATED_CALL.times(tally.repeats))


def _going_on(plan: Plan, tally: Tally) -> Requests:
    """What the calls of a compact run do not read again; the most, where some branches go on alone."""
    if not plan.compact:
        return Requests()
    alone = [segment.branches[0] for segment in plan.segments if len(segment.branches) == 1]
    calls = tally.calls - tally.states["ExecuteAtomicAction"]
    looks = sum(map(_looks, [plan.steps[index] for branch in alone for index in branch.steps]))
    begins = sum(only_looks(plan.steps[branch.steps[0]]) for branch in alone)
    return _sum((GOES_ON_ALONE if alone else GOES_ON).times(calls), LOOKS_ALONE.times(looks - begins))


def _looks(step: Step) -> int:
    return attempts.first_calls(step) if only_looks(step) else 0


def _named(plan: Plan, step: Step) -> int:
    """The values that a step reads by their names, those of its own `let` among them, and the results.

    Of a list, it reads for each item whether its step was begun, and what that captured.
    """
    names = template.references(templates_of(step)).context | step.let.keys()
    items = [len(items) for name, items in index_of(plan).lists.items() if name in names]
    of_lists = sum(2 * min(number, SINGLE_READS) + 2 * int(number > SINGLE_READS) - 1 for number in items)
    return len(names - step.captures.keys()) + of_lists + len({*step.uses_results, *step.only_if})


def _queries(plan: Plan, record_bytes: int) -> Requests:
    """All items of the run, and all calls, read by the final check and by the report; and the values, by the latter."""
    steps = sum(len(branch.steps) for segment in plan.segments for branch in segment.branches)
    undone = len(plan.cleanup)
    values = sum(len(step.captures) + len(step.let) for step in plan.steps)
    calls = RUN + steps * CALL
    records = _pages(calls + steps * record_bytes) + _pages(calls + (steps + undone) * record_bytes)
    return Requests(reads=records + 2 * _pages(steps * CALL) + _pages(values * 100) - 1)


def _compensations_reported(number: int) -> Requests:
    """The report reads each compensation, with the calls of its action; all at once where there are many."""
    one_by_one = min(number, SINGLE_READS)
    return Requests(reads=2 * one_by_one + (_pages(number * SMALL_COMPENSATION) if number > one_by_one else 0))


def _pages(size: int) -> int:
    return max(1, math.ceil(size / READ_BYTES))


def _has_limit(plan: Plan, step: Step) -> bool:
    """Whether a run at best carries the step out, and takes a turn for it."""
    return step.is_certain and limit_of(plan.limits, step, step.params) is not None


def _sum(*all_requests: Requests) -> Requests:
    return Requests(
        writes=sum(each.writes for each in all_requests),
        reads=sum(each.reads for each in all_requests),
        puts=sum(each.puts for each in all_requests),
        gets=sum(each.gets for each in all_requests),
    )

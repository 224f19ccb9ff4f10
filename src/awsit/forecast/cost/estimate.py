"""An estimate of what one run costs in Step Functions, Lambda, DynamoDB and S3.

Prices are the public ones of us-east-1, without free tiers; the numbers of requests are those of
`awsit.forecast.cost.requests`. What the services under test, logs, traces and the CLI's own polling
cost is not in it.

Each price was compared with what could be read on 2026-11-27. AWS's pages fill in most tables by script, so only one
price was read on AWS's own page; the others come second-hand, from copies that others made of the AWS Price List API:

- Step Functions: the table of AWS's page for N. Virginia, in an undated copy; the Price List (`AmazonStates`,
  `USE1-StateTransition`) in another's notes.
- Lambda and DynamoDB: the Price List for us-east-1 of 2026-09-13, in docs/COST.md of github.com/anshsahny/doorstep.
- S3: the Price List for us-east-1 of 2025-10-28 (`AmazonS3`, requests of Tier 1 and Tier 2), in a copy whose
  repository is not known. The weakest source of the four: not verified on a page of AWS's.
"""

from __future__ import annotations

from awsit.engine.secrets import variables
from awsit.forecast import attempts
from awsit.forecast.cost import requests
from awsit.forecast.document import CostForecast, CostItem, Span
from awsit.forecast.events import Tally
from awsit.model.plan import Plan

REGION = "us-east-1"
AS_OF = "2025-10-28"
"""The oldest date among the sources that have one: the prices were these on that day or later."""

TRANSITIONS, STEP_FUNCTIONS_PAGE = 0.025, "https://aws.amazon.com/step-functions/pricing/"
"""Dollars for 1,000 state transitions of a standard workflow."""
REQUESTS, GB_SECONDS, LAMBDA_PAGE = 0.20, 13.3334, "https://aws.amazon.com/lambda/pricing/"
"""Dollars for a million requests, and for a million GB-seconds on arm64 (first tier)."""
WRITES, READS, DYNAMODB_PAGE = 0.625, 0.125, "https://aws.amazon.com/dynamodb/pricing/on-demand/"
"""Dollars for a million write and read request units of a table on demand."""
PUTS, GETS, S3_PAGE = 0.005, 0.0004, "https://aws.amazon.com/s3/pricing/"
"""Dollars for 1,000 PUT and GET requests of S3 Standard."""

MEMORY_GB = 0.5
"""The function's memory: FunctionMemorySize in `infra/template.yaml`, 512 MB by default."""
SECONDS_OF_A_CALL = 0.25
"""How long a call of the function is taken to last when all goes well."""

_NOTE = (
    "An estimate from list prices, without free tiers: Step Functions, Lambda (512 MB, arm64, "
    f"{SECONDS_OF_A_CALL:g} s a call at best), the runs table and the bucket, with small answers at best and the "
    "largest at worst. The services under test, logs, traces, metrics and data transfer come on top."
)


def estimate(plan: Plan, best: Tally, worst: Tally) -> CostForecast:
    """What a run of the plan costs, from its best to its worst case."""
    has_secrets = bool(variables.split(plan)[1])
    low = requests.least(plan, best, has_secrets=has_secrets)
    high = requests.most(plan, worst, has_secrets=has_secrets)
    gb_seconds = Span(_least_seconds(best) * MEMORY_GB, _busy_seconds(plan, worst) * MEMORY_GB)
    items = (
        _item("state transitions", Span(best.transitions, worst.transitions), TRANSITIONS, 1000, STEP_FUNCTIONS_PAGE),
        _item("function requests", Span(best.invocations, worst.invocations), REQUESTS, 1_000_000, LAMBDA_PAGE),
        _item("function GB-seconds", gb_seconds, GB_SECONDS, 1_000_000, LAMBDA_PAGE),
        _item("table write units", Span(low.writes, high.writes), WRITES, 1_000_000, DYNAMODB_PAGE),
        _item("table read units", Span(low.reads, high.reads), READS, 1_000_000, DYNAMODB_PAGE),
        _item("bucket PUTs", Span(low.puts, high.puts), PUTS, 1000, S3_PAGE),
        _item("bucket GETs", Span(low.gets, high.gets), GETS, 1000, S3_PAGE),
    )
    total = Span(
        _dollars(sum(item.dollars.best for item in items)), _dollars(sum(item.dollars.worst for item in items))
    )
    return CostForecast(REGION, AS_OF, items, total, _NOTE)


def _least_seconds(best: Tally) -> float:
    """The seconds that calls of the function last when all goes well; one of a compact run makes several of steps."""
    others = best.invocations - best.states["ExecuteAtomicAction"]
    return (others + best.calls) * SECONDS_OF_A_CALL + best.pauses


def _busy_seconds(plan: Plan, worst: Tally) -> float:
    """The most seconds that calls of the function last together: no longer than the run, on all of its lanes."""
    longest = max((step.timeout_seconds for step in plan.steps), default=0.0)
    actions = min(worst.states["ExecuteAtomicAction"] * longest, plan.timeout_seconds * attempts.lanes(plan))
    undoing = max((step.timeout_seconds for step in plan.cleanup), default=0.0)
    others = worst.invocations - worst.states["ExecuteAtomicAction"] - worst.states["CleanUpItem"]
    return actions + worst.states["CleanUpItem"] * undoing + others * SECONDS_OF_A_CALL


def _item(name: str, quantity: Span, price: float, per: int, source: str) -> CostItem:
    dollars = Span(_dollars(quantity.best * price / per), _dollars(quantity.worst * price / per))
    return CostItem(name, quantity, price, per, dollars, source)


def _dollars(amount: float) -> float:
    return round(amount, 8)

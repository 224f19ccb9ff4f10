"""The quotas of AWS that runs meet: the one place that has their numbers.

`plan`, the pace of calls, the check of an account and `docs/reference/quotas.md` take them from here. The values are
the defaults of an account, compared on 2026-11-28 with copies of the pages that are named, but for the bursts of
GetExecutionHistory and PutMetricData, which no copy has. Where two pages of AWS's differ, the lower value stands here:
the Developer Guide has 15 and 10 calls of DescribeExecution a second, the General Reference 50.
"""

from __future__ import annotations

from msgspec import Struct

LARGE_REGIONS = frozenset({"us-east-1", "us-west-2", "eu-west-1"})
"""Where Step Functions allows more ("Step Functions service quotas", tables of throttling)."""

STEP_FUNCTIONS_PAGE = "https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"
LAMBDA_PAGE = "https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"
API_GATEWAY_PAGE = "https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html"
DYNAMODB_PAGE = "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html"
CLOUDWATCH_PAGE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/cloudwatch_limits.html"


class Amount(Struct, frozen=True):
    """How much a quota allows; of a token bucket, the tokens that come back each second, and the most that it holds."""

    value: float
    burst: float = 0


class Quota(Struct, frozen=True):
    """One quota. `use` says what awsit does with it; `large_regions` is what it allows in `LARGE_REGIONS`, if more.

    `code` is `ServiceCode/QuotaCode` as the Service Quotas API knows it, of a token bucket that of its rate;
    `burst_code` is that of the bucket's size. Empty where none was found.
    """

    name: str
    default: Amount
    unit: str
    adjustable: bool
    page: str
    use: str
    large_regions: Amount | None = None
    code: str = ""
    burst_code: str = ""

    def amount(self, region: str = "") -> Amount:
        """What it allows in a region; by default, in those that allow least."""
        return self.large_regions if self.large_regions and region in LARGE_REGIONS else self.default


EXECUTION_EVENTS = Quota(
    "Step Functions: events in the history of an execution",
    Amount(25_000),
    "events",
    adjustable=False,
    page=STEP_FUNCTIONS_PAGE,
    use="`plan` refuses what cannot pass; a run that comes near closes, and another execution cleans up",
)
PAYLOAD = Quota(
    "Step Functions: input or output of a task, state or execution",
    Amount(256 * 1024),
    "bytes",
    adjustable=False,
    page=STEP_FUNCTIONS_PAGE,
    use="`plan` and `run` refuse an input that is larger; results go into the table and the bucket",
)
START_EXECUTION = Quota(
    "Step Functions: StartExecution",
    Amount(150, 800),
    "calls a second",
    adjustable=True,
    page=STEP_FUNCTIONS_PAGE,
    use="starts are paced; `plan --suite`; `load` in the account refuses a rate for which it does not last",
    large_regions=Amount(300, 1300),
    code="states/L-1B55A735",
    burst_code="states/L-CE9F8059",
)
DESCRIBE_EXECUTION = Quota(
    "Step Functions: DescribeExecution",
    Amount(10, 250),
    "calls a second",
    adjustable=True,
    page=STEP_FUNCTIONS_PAGE,
    use="looks at executions are paced, those of all followers together",
    large_regions=Amount(15, 300),
    code="states/L-4A5FADE3",
    burst_code="states/L-A0B4DA4A",
)
EXECUTION_HISTORY = Quota(
    "Step Functions: GetExecutionHistory",
    Amount(20, 400),
    "calls a second",
    adjustable=True,
    page=STEP_FUNCTIONS_PAGE,
    use="paced",
    code="states/L-144D81B0",
    burst_code="states/L-F9699A68",
)
STATE_TRANSITIONS = Quota(
    "Step Functions: state transitions of standard workflows",
    Amount(800, 800),
    "transitions a second",
    adjustable=True,
    page=STEP_FUNCTIONS_PAGE,
    use="`plan --suite`; a suite in the account warns where it has less, and a load is refused as above",
    large_regions=Amount(5_000, 5_000),
    code="states/L-AD9B4E93",
    burst_code="states/L-137B3F65",
)
MAP_CHILDREN = Quota(
    "Step Functions: children of a map run at once",
    Amount(10_000),
    "executions",
    adjustable=False,
    page=STEP_FUNCTIONS_PAGE,
    use="`plan --suite`",
)
FUNCTION_CONCURRENCY = Quota(
    "Lambda: concurrent executions",
    Amount(1_000),
    "executions",
    adjustable=True,
    page=LAMBDA_PAGE,
    use="`plan --suite`; a suite or a load in the account is compared with what is left of it",
    code="lambda/L-B99A9384",
)
API_REQUESTS = Quota(
    "API Gateway: requests to all APIs",
    Amount(10_000, 5_000),
    "requests a second",
    adjustable=True,
    page=API_GATEWAY_PAGE,
    use="`plan --suite`",
    code="apigateway/L-8A5B8E43",
)
TABLE_READS = Quota(
    "DynamoDB: read throughput of a table",
    Amount(40_000),
    "units a second",
    adjustable=True,
    page=DYNAMODB_PAGE,
    use="`plan --suite`, for the runs table",
    code="dynamodb/L-CF0CBE56",
)
TABLE_WRITES = Quota(
    "DynamoDB: write throughput of a table",
    Amount(40_000),
    "units a second",
    adjustable=True,
    page=DYNAMODB_PAGE,
    use="`plan --suite`, for the runs table",
    code="dynamodb/L-AB614373",
)
PUT_METRIC_DATA = Quota(
    "CloudWatch: PutMetricData",
    Amount(150, 150),
    "calls a second",
    adjustable=True,
    page=CLOUDWATCH_PAGE,
    use="runs of a machine that are counted (`metrics = true`) are paced",
)

QUOTAS = (
    EXECUTION_EVENTS,
    PAYLOAD,
    START_EXECUTION,
    DESCRIBE_EXECUTION,
    EXECUTION_HISTORY,
    STATE_TRANSITIONS,
    MAP_CHILDREN,
    FUNCTION_CONCURRENCY,
    API_REQUESTS,
    TABLE_READS,
    TABLE_WRITES,
    PUT_METRIC_DATA,
)
"""All of them, in the order of the page."""

EVENT_QUOTA = int(EXECUTION_EVENTS.default.value)
PAYLOAD_BYTES = int(PAYLOAD.default.value)
INPUT_BYTES = PAYLOAD_BYTES - 1024
"""An execution's input: its first task passes it on inside a payload, with the execution's ARN, name and start time.

One that is too large fails with `States.DataLimitExceeded`, which `States.ALL` does not catch (Step Functions Developer
Guide, "Handling errors in Step Functions workflows", section "Error names").
"""
SETUPS_BYTES = INPUT_BYTES // 2
"""Inputs of the setups of a suite: its execution carries them to its end, and beside them what happens."""
RESERVE = 2_000
"""Events that an execution keeps for what goes on between two looks at its history, repetitions by the platform
included, and for its end."""

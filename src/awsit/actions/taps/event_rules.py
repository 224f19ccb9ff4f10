"""The rule of a tap on an event bus, which sends to the tap's queue what the scenario's pattern and a probe match."""

from __future__ import annotations

from collections.abc import Mapping

from awsit.actions.aws_errors import calling
from awsit.actions.taps.envelopes import PROBE
from awsit.actions.taps.params import ListenParams
from awsit.actions.taps.queues import tags
from awsit.actions.taps.tap import LONGEST_RULE, resource_name
from awsit.errors import ActionError, ErrorKind
from awsit.model.action.call import ActionContext
from awsit.model.json import Json, dumps

DEFAULT_BUS = "default"
"""The bus that the events of AWS's own services are on, S3's among them."""
TARGET = "queue"


def put_rule(params: ListenParams, context_data: ActionContext) -> str:
    """Create the rule, or find it again. Returns its ARN.

    It has the scenario's pattern and the probe's as alternatives: a probe that comes proves that the whole rule works.
    """
    pattern: Json = pattern_of(params)
    if params.waits is None:
        pattern = {"$or": [pattern, {"source": [PROBE], "detail": _probe(context_data, lists=True)}]}
    name = rule_name(context_data)
    with calling(context_data.aws, f"create rule {name}"):
        answer = context_data.aws.client("events").put_rule(
            Name=name,
            EventBusName=params.event_bus or DEFAULT_BUS,
            EventPattern=dumps(pattern),
            Tags=[{"Key": key, "Value": value} for key, value in tags(context_data).items()],
        )
    return str(answer["RuleArn"])


def put_target(params: ListenParams, queue_arn: str, context_data: ActionContext) -> None:
    """Make the queue the rule's target."""
    name = rule_name(context_data)
    with calling(context_data.aws, f"create the target of rule {name}"):
        answer = context_data.aws.client("events").put_targets(
            Rule=name, EventBusName=params.event_bus or DEFAULT_BUS, Targets=[{"Id": TARGET, "Arn": queue_arn}]
        )
    _refuse_failures(answer, f"create the target of rule {name}")


def put_probe(params: ListenParams, context_data: ActionContext) -> None:
    """Put an event on the bus that the tap must hear."""
    bus = params.event_bus or DEFAULT_BUS
    entry = {"Source": PROBE, "DetailType": "probe", "Detail": dumps(_probe(context_data, lists=False))}
    with calling(context_data.aws, f"put a probe on bus {bus}"):
        answer = context_data.aws.client("events").put_events(Entries=[{**entry, "EventBusName": bus}])
    _refuse_failures(answer, f"put a probe on bus {bus}")


def rule_name(context_data: ActionContext) -> str:
    """The name of the rule of the step's tap."""
    return resource_name(context_data.run_id, context_data.step, LONGEST_RULE)


def pattern_of(params: ListenParams) -> Json:
    """The scenario's pattern, or that of a bucket's events.

    Source: Amazon S3 User Guide, "EventBridge event message structure".
    """
    if params.bucket is None:
        return params.pattern
    detail: dict[str, Json] = {"bucket": {"name": [params.bucket]}}
    if params.prefix:
        detail["object"] = {"key": [{"prefix": params.prefix}]}
    return {"source": ["aws.s3"], "detail-type": params.events, "detail": detail}


def refuse_silent_bucket(bucket: str, context_data: ActionContext) -> None:
    """Refuse a bucket that does not send its events to EventBridge. Raises ActionError of kind validation.

    Its notification configuration is only read: a call that writes it replaces all of it.
    """
    with calling(context_data.aws, f"read the notifications of bucket {bucket}"):
        answer = context_data.aws.client("s3").get_bucket_notification_configuration(Bucket=bucket)
    if "EventBridgeConfiguration" not in answer:
        raise ActionError(
            f"bucket {bucket} does not send its events to EventBridge",
            kind=ErrorKind.VALIDATION,
            hint="turn that on where the bucket is defined: `NotificationConfiguration: {EventBridgeConfiguration: "
            "{EventBridgeEnabled: true}}` in CloudFormation, `eventBridgeEnabled: true` in CDK",
        )


def _probe(context_data: ActionContext, *, lists: bool) -> dict[str, Json]:
    """The detail of the tap's probes; with `lists`, as a pattern has it."""
    detail = {"run": context_data.run_id, "tap": context_data.step}
    return {key: [value] if lists else value for key, value in detail.items()}


def _refuse_failures(answer: Mapping[str, Json], operation: str) -> None:
    """Raise ActionError for an entry that was refused: the call itself is answered as if all were well."""
    for entry in (*answer.get("FailedEntries", ()), *answer.get("Entries", ())):
        if entry.get("ErrorCode"):
            code = entry["ErrorCode"]
            raise ActionError(f"{operation}: {code}: {entry.get('ErrorMessage', '')}", service_code=code)

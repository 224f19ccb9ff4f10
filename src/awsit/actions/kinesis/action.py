"""`kinesis`: put records on a stream, and read them."""

from __future__ import annotations

from typing import Any

from awsit.actions.arns import arn_pattern
from awsit.actions.aws_errors import calling
from awsit.actions.batches import EntryBatch
from awsit.actions.documents import to_bytes
from awsit.actions.expected_error import expecting
from awsit.actions.kinesis.params import KinesisParams, StreamRecord
from awsit.actions.kinesis.read import read, stream_of
from awsit.expressions.values import as_text
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.json import Json
from awsit.model.permissions import ANY, AwsLocation, Permission, RequiredPermissions

_IAM_ACTIONS = {
    "put": ("kinesis:PutRecords",),
    "read": ("kinesis:ListShards", "kinesis:GetShardIterator", "kinesis:GetRecords"),
}
"""The IAM actions of each operation (Service Authorization Reference, list_amazonkinesisdatastreams.html)."""


class KinesisAction:
    """Put records on a Kinesis data stream, or read them, with JSON or text as their data."""

    type = "kinesis"
    params_model = KinesisParams
    resource_kind = "stream"
    not_found_means_gone = False
    """What Kinesis does not find is the stream."""

    def execute(self, params: KinesisParams, context_data: ActionContext) -> ActionResult:
        """Carry out the operation.

        Result: `{records: [{shard_id, sequence_number}], failed: [{index, code, message}]}` of `put`, both null of a
        record that was refused, which fails the action; `{records: [{data, partition_key, sequence_number, shard_id,
        arrived_at}], count, truncated, position}` of `read`. An expected error is `{error: {code, message}}`.
        Raises ActionError when the operation could not be carried out.
        """
        request: Json = params.model_dump(exclude_unset=True, exclude_none=True)
        operation = f"{params.operation} stream {params.stream}"

        def call() -> ActionResult:
            client = context_data.aws.client("kinesis")
            with calling(context_data.aws, operation):
                if params.operation == "put":
                    return _put(params, client, request, context_data.kept.own)
                return ActionResult(read(params, client, context_data), request=request)

        return expecting(operation, params.expect_error, request, call)

    def is_safe_to_repeat(self, params: KinesisParams) -> bool:
        """Whether it reads: records that are put again are other ones."""
        return self.only_reads(params)

    def only_reads(self, params: KinesisParams) -> bool:
        """Whether it reads, which moves nothing: an iterator is the reader's own."""
        return params.operation == "read"

    def uses_aws(self, _params: PlannedParams) -> bool:
        """Always."""
        return True

    def permissions(self, params: PlannedParams, location: AwsLocation) -> RequiredPermissions:
        """The permissions for the operation on the stream."""
        actions = _IAM_ACTIONS.get(str(params.get("operation")))
        if actions is None:
            return RequiredPermissions(unknown="the `operation` of a `kinesis` action is a template")
        known = arn_pattern(str(params.get("stream", ANY)))
        arn = known if known.startswith("arn:") else location.arn("kinesis", f"stream/{known}")
        return RequiredPermissions(tuple(Permission(action, arn) for action in actions))

    def summary(self, params: PlannedParams) -> Summary:
        """The operation and its stream."""
        stream = as_text(params.get("stream"))
        return Summary(f"{as_text(params.get('operation'))} {stream}", stream)


ACTION = KinesisAction()


def _put(params: KinesisParams, client: Any, request: Json, kept: Json) -> ActionResult:
    records = params.records or []
    batch = EntryBatch("PutRecords", records, kept)
    entries = [_entry(records[index], index) for index in batch.to_send]
    answers, refused = batch.in_order(client.put_records(**stream_of(params), Records=entries)["Records"])
    put = {
        index: {"shard_id": each.get("ShardId"), "sequence_number": each.get("SequenceNumber")}
        for index, each in answers.items()
    }
    nothing = {"shard_id": None, "sequence_number": None}
    return batch.result(
        put, refused, lambda taken: {"records": [taken.get(index, nothing) for index in range(len(records))]}, request
    )


def _entry(record: StreamRecord, index: int) -> dict[str, Any]:
    entry = {
        "Data": to_bytes(record.data, f"records[{index}].data"),
        "PartitionKey": record.partition_key,
    }
    return entry if record.explicit_hash_key is None else {**entry, "ExplicitHashKey": record.explicit_hash_key}

"""Creations and their inverses where botocore's models do not say enough, or the wrong thing.

Each entry was read in the service's API Reference: what names the thing, and whether the creation may find one that
was there before (a `Put`, or a `Create` that is idempotent): then it is looked for first, and the action is refused.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from awsit.model.json import Json

SERVICES = frozenset(
    {"apigateway", "apigatewayv2", "appsync", "cognito-idp", "dynamodb", "ecr", "events", "firehose", "iam", "kinesis"}
    | {"kms", "lambda", "logs", "pipes", "s3", "scheduler", "secretsmanager", "sns", "sqs", "ssm", "stepfunctions"}
)
"""Services whose pairs of `CreateX` and `DeleteX` were reviewed."""

CONTAINERS = (
    *("EventBusName", "GroupName", "UserName", "StreamName"),
    *("DomainNameId", "domainNameId", "ExpectedBucketOwner", "Qualifier", "SyncType", "registryId"),
)
"""Optional params of an inverse that say where the thing is, or what it is called."""


class Inverse(Struct, frozen=True):
    """How a creation is taken back.

    `names` maps params of the creation (`Targets[].Id`: of each in a list) to those of the inverse, `results` maps
    params of the inverse to places in the creation's result. `addresses` holds params that are worked out before the
    creation, an ARN or a URL. `look` is the operation that finds out whether there is such a thing already: it takes
    what the inverse takes. `more` is what the inverse takes besides; with `empties` it removes first what is in the
    thing (`emptying`). It holds for creations that have the params `needs`.
    """

    operation: str
    names: Mapping[str, str] = field(default_factory=dict)
    look: str = ""
    results: Mapping[str, str] = field(default_factory=dict)
    addresses: Mapping[str, str] = field(default_factory=dict)
    more: Mapping[str, Json] = field(default_factory=dict)
    empties: bool = False
    needs: tuple[str, ...] = ()

    @property
    def is_known_before(self) -> bool:
        """Whether it is recorded before the creation; else when that has succeeded, from its result."""
        return bool(self.look) and not self.results


def _named(operation: str, look: str, *names: str) -> tuple[Inverse, ...]:
    return (Inverse(operation, {name: name for name in names}, look),)


def _arn(operation: str, look: str, member: str, arn: str) -> tuple[Inverse, ...]:
    return (Inverse(operation, look=look, addresses={member: arn}),)


_STATES_ARN = "arn:{partition}:states:{region}:{account}"

INVERSES: Mapping[tuple[str, str], tuple[Inverse, ...]] = {
    ("apigateway", "create_api_key"): (Inverse("delete_api_key", results={"apiKey": "id"}),),
    ("appsync", "create_type"): (Inverse("delete_type", {"apiId": "apiId"}, results={"typeName": "type.name"}),),
    ("cloudformation", "create_stack"): _named("delete_stack", "describe_stacks", "StackName"),
    ("cognito-idp", "admin_create_user"): _named("admin_delete_user", "admin_get_user", "UserPoolId", "Username"),
    ("cognito-idp", "create_user_pool_domain"): (
        Inverse("delete_user_pool_domain", {"Domain": "Domain", "UserPoolId": "UserPoolId"}),
    ),
    ("ecr", "create_repository"): (
        Inverse(
            "delete_repository",
            {"repositoryName": "repositoryName", "registryId": "registryId"},
            more={"force": True},
        ),
    ),
    ("events", "put_rule"): (
        Inverse("delete_rule", {"Name": "Name", "EventBusName": "EventBusName"}, "describe_rule", empties=True),
    ),
    ("events", "put_targets"): (
        Inverse(
            "remove_targets",
            {"Rule": "Rule", "EventBusName": "EventBusName", "Targets[].Id": "Ids"},
            "list_targets_by_rule",
        ),
    ),
    ("iam", "put_group_policy"): _named("delete_group_policy", "get_group_policy", "GroupName", "PolicyName"),
    ("iam", "put_role_policy"): _named("delete_role_policy", "get_role_policy", "RoleName", "PolicyName"),
    ("iam", "put_user_policy"): _named("delete_user_policy", "get_user_policy", "UserName", "PolicyName"),
    ("lambda", "create_function"): _named("delete_function", "get_function_configuration", "FunctionName"),
    ("logs", "create_scheduled_query"): (
        Inverse("delete_scheduled_query", results={"identifier": "scheduledQueryArn"}),
    ),
    ("s3", "create_bucket"): (Inverse("delete_bucket", {"Bucket": "Bucket"}, "head_bucket", empties=True),),
    ("s3", "create_multipart_upload"): (
        Inverse(
            "abort_multipart_upload",
            {name: name for name in ("Bucket", "Key", "ExpectedBucketOwner", "RequestPayer")},
            results={"UploadId": "UploadId"},
        ),
    ),
    ("secretsmanager", "create_secret"): (
        Inverse("delete_secret", {"Name": "SecretId"}, "describe_secret", more={"ForceDeleteWithoutRecovery": True}),
    ),
    ("sns", "create_topic"): _arn(
        "delete_topic", "get_topic_attributes", "TopicArn", "arn:{partition}:sns:{region}:{account}:{Name}"
    ),
    ("sns", "subscribe"): (Inverse("unsubscribe", results={"SubscriptionArn": "SubscriptionArn"}),),
    ("sqs", "create_queue"): _arn(
        "delete_queue", "get_queue_attributes", "QueueUrl", "{endpoint}/{account}/{QueueName}"
    ),
    ("ssm", "create_association"): (
        Inverse("delete_association", results={"AssociationId": "AssociationDescription.AssociationId"}),
    ),
    ("ssm", "put_parameter"): _named("delete_parameter", "get_parameter", "Name"),
    ("stepfunctions", "create_activity"): _arn(
        "delete_activity", "describe_activity", "activityArn", _STATES_ARN + ":activity:{name}"
    ),
    ("stepfunctions", "create_state_machine"): _arn(
        "delete_state_machine", "describe_state_machine", "stateMachineArn", _STATES_ARN + ":stateMachine:{name}"
    ),
    ("stepfunctions", "start_execution"): (
        Inverse(
            "stop_execution",
            look="describe_execution",
            addresses={"executionArn": _STATES_ARN + ":execution:{stateMachineArn[6]}:{name}"},
            needs=("name",),
        ),
        Inverse("stop_execution", results={"executionArn": "executionArn"}),
    ),
}
"""By service and operation: the first entry whose params are given."""

MORE: Mapping[tuple[str, str], Mapping[str, Json]] = {
    ("kinesis", "create_stream"): {"EnforceConsumerDeletion": True},
}
"""What a derived inverse takes besides the identifiers."""

_IDEMPOTENT = "it is idempotent, and may find one that was there before"
_NOT_AT_ONCE = "its removal takes more than one call"
NOT_COVERED: Mapping[tuple[str, str], str] = {
    ("apigateway", "create_deployment"): f"with a stage, {_NOT_AT_ONCE}",
    ("apigatewayv2", "create_deployment"): f"with a stage, {_NOT_AT_ONCE}",
    ("cognito-idp", "create_user_pool_replica"): f"{_NOT_AT_ONCE}",
    ("iam", "create_service_linked_role"): f"{_NOT_AT_ONCE}",
    ("sns", "create_platform_application"): _IDEMPOTENT,
    ("sns", "create_sms_sandbox_phone_number"): "a person confirms the number",
    ("stepfunctions", "create_state_machine_alias"): _IDEMPOTENT,
}
"""Creations of the reviewed services that are not taken back, with the reason."""

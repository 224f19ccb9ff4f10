"""`sns_publish`: hand a message to a topic. All that a new action type brings to `src` is in this file."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from awsit.actions.arns import arn_pattern
from awsit.actions.aws_errors import calling
from awsit.actions.params import Params
from awsit.expressions.values import as_text
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.permissions import AwsLocation, Permission, RequiredPermissions


class PublishParams(Params):
    """Params of `sns_publish`."""

    topic: str = Field(min_length=1, description="ARN of the topic.")
    message: Any = Field(description="The message: text, or any JSON value.")


class PublishAction:
    """Publish one message to an SNS topic."""

    type = "sns_publish"
    params_model = PublishParams
    resource_kind = "topic"
    not_found_means_gone = True

    def execute(self, params: PublishParams, context_data: ActionContext) -> ActionResult:
        """Publish it once.

        Result: `{message_id}`. Raises ActionError when it could not be published.
        """
        request = {"TopicArn": params.topic, "Message": as_text(params.message)}
        with calling(context_data.aws, f"publish to {params.topic}"):
            response = context_data.aws.client("sns").publish(**request)
        return ActionResult({"message_id": response["MessageId"]}, request=params.model_dump())

    def is_safe_to_repeat(self, params: PublishParams) -> bool:
        """Subscribers get a second message."""
        return False

    def only_reads(self, params: PublishParams) -> bool:
        """Never."""
        return False

    def permissions(self, params: PlannedParams, location: AwsLocation) -> RequiredPermissions:
        """To publish to this topic."""
        return RequiredPermissions((Permission("sns:Publish", arn_pattern(str(params.get("topic")))),))

    def summary(self, params: PlannedParams) -> Summary:
        """The topic."""
        topic = as_text(params.get("topic"))
        return Summary(f"publish to {topic}", topic)


ACTION = PublishAction()

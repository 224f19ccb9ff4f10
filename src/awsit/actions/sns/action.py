"""`sns`: publish a message to a topic."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Any, Self

from pydantic import AfterValidator, Field, model_validator

from awsit.actions.always_refused import empty_message, wrong_order
from awsit.actions.arns import arn_pattern
from awsit.actions.aws_errors import calling
from awsit.actions.documents import message_attributes, to_text
from awsit.actions.expected_error import EXPECT_ERROR, ExpectedError, expecting, misspelt_codes
from awsit.actions.params import MessageAttribute, Params
from awsit.expressions.values import as_text
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.json import Json
from awsit.model.permissions import ANY, AwsLocation, Permission, RequiredPermissions
from awsit.validation.errors import Finding, findings

_LONGEST_SUBJECT = 100
"""Characters (SNS API Reference, "Publish")."""


def _topic(value: str) -> str:
    if not value.startswith("arn:"):
        raise ValueError("must be the topic's ARN, such as arn:aws:sns:REGION:ACCOUNT:NAME")
    return value


class SnsParams(Params):
    """Params of `sns`. The message is JSON or text."""

    topic: Annotated[str, AfterValidator(_topic)] = Field(description="ARN of the topic.")
    message: Any = Field(description="Text, sent as it is; anything else is sent as JSON.", examples=[{"order": 7}])
    subject: str | None = Field(
        default=None, min_length=1, max_length=_LONGEST_SUBJECT, description="Subject, for subscriptions by e-mail."
    )
    attributes: dict[str, MessageAttribute] = Field(
        default_factory=dict,
        description="Message attributes, by which subscriptions filter: text, numbers or `{$base64: ...}`.",
        examples=[{"tenant": "a"}],
    )
    group_id: str | None = Field(default=None, description="Message group, in which FIFO topics keep the order.")
    deduplication_id: str | None = Field(
        default=None,
        description="FIFO topics take a second message with this ID, within 5 minutes, and drop it; lets a run go on "
        "after a lost answer.",
    )
    expect_error: ExpectedError | None = EXPECT_ERROR

    @model_validator(mode="after")
    def _can_be_taken(self) -> Self:
        wrong = misspelt_codes("sns", self.expect_error) if self.expect_error else self._always_refused()
        if found := list(wrong):
            raise findings(found)
        return self

    def _always_refused(self) -> Iterator[Finding]:
        """What no topic takes; a scenario that expects an error may be about just that."""
        yield from empty_message(self.message, self.attributes, ("message",), ("attributes",))
        yield from wrong_order(self.topic, "topic", self, (), ("topic",))


class SnsAction:
    """Publish one message to a topic of SNS, with JSON or text as its body."""

    type = "sns"
    params_model = SnsParams
    resource_kind = "topic"
    not_found_means_gone = False
    """What SNS does not find is the topic."""
    carries_trace = True

    def execute(self, params: SnsParams, context_data: ActionContext) -> ActionResult:
        """Publish it once.

        Result: `{message_id, sequence_number}`, the second null but for FIFO topics. An expected error is
        `{error: {code, message}}`. Raises ActionError when it could not be published.
        """
        request: Json = params.model_dump(exclude_unset=True, exclude_none=True)
        operation = f"publish to topic {params.topic}"

        def call() -> ActionResult:
            with calling(context_data.aws, operation):
                response = context_data.aws.client("sns").publish(**_request(params))
                result = {"message_id": response["MessageId"], "sequence_number": response.get("SequenceNumber")}
            return ActionResult(result, request=request)

        return expecting(operation, params.expect_error, request, call)

    def is_safe_to_repeat(self, params: SnsParams) -> bool:
        """Whether SNS drops the second message: those of FIFO topics within 5 minutes."""
        return params.deduplication_id is not None

    def only_reads(self, _params: SnsParams) -> bool:
        """Never."""
        return False

    def uses_aws(self, _params: PlannedParams) -> bool:
        """Always."""
        return True

    def permissions(self, params: PlannedParams, _location: AwsLocation) -> RequiredPermissions:
        """The permission to publish to the topic (Service Authorization Reference, list_amazonsns.html)."""
        return RequiredPermissions((Permission("sns:Publish", arn_pattern(str(params.get("topic", ANY)))),))

    def summary(self, params: PlannedParams) -> Summary:
        """The topic."""
        topic = as_text(params.get("topic"))
        return Summary(f"publish to {topic}", topic)


ACTION = SnsAction()


def _request(params: SnsParams) -> dict[str, Any]:
    """A request of the SNS client. Raises ActionError of kind validation."""
    named = {
        "Subject": params.subject,
        "MessageGroupId": params.group_id,
        "MessageDeduplicationId": params.deduplication_id,
        "MessageAttributes": message_attributes(params.attributes) or None,
    }
    request = {"TopicArn": params.topic, "Message": to_text(params.message, "message")}
    return request | {name: value for name, value in named.items() if value is not None}

"""Tells a topic when a scheduled scenario fails, fails in another way, leaves something behind, or passes again.

Never of a success after a success, and never twice of the same failure. Each subscriber gets what it can read (Amazon
SNS API Reference, "Publish", `MessageStructure`): people a text, a queue or a function a document, and HTTPS what chats
show (Amazon Q Developer in chat applications, "Custom notifications").
"""

from __future__ import annotations

from msgspec import Struct

from awsit.aws.client import errors
from awsit.aws.standings import Standing, Standings
from awsit.errors import AwsitError
from awsit.model import json
from awsit.model.json import Json
from awsit.model.ports import Aws, Clock
from awsit.model.result import RunResult, Status
from awsit.model.text.visible import visible

LONGEST_SUBJECT = 99
"""Characters of a subject: fewer than 100 (Amazon SNS API Reference, "Publish")."""

LONGEST_REASON = 1_000
MOST_LEFT = 100
"""So many names of what was left behind a message has at most: its size is limited, in all forms together."""
_BAD = {Status.FAILED, Status.ERROR}


class Topic(Struct, frozen=True):
    """An SNS topic, by its ARN, of the stack of this name; `standings` keeps what it was told."""

    aws: Aws
    clock: Clock
    arn: str
    standings: Standings
    stack: str

    def tell(self, schedule: str, result: RunResult) -> bool:
        """Tell of a run that this schedule started and that is over, if it changes how the schedule stands.

        Returns whether it did. Raises AwsitError when the topic cannot be told: then the next run tells.
        """
        from awsit.reporting.verdicts import Verdict, verdict_of

        before = self.standings.read(schedule)
        now = Standing(result.run_id, result.started_at, failure_of(result))
        is_over = verdict_of(result) not in {Verdict.CANCELLED, Verdict.SKIPPED, Verdict.RUNNING}
        if not is_over or now.failure == before.failure or now.started_at < before.started_at:
            return False
        if not self._change(schedule, before, now):
            return False
        subject = _subject(result, before)
        message = json.dumps(_messages(subject, result, self.stack))
        try:
            with errors.reported(f"tell {self.arn} of {result.run_id}"):
                self.aws.client("sns").publish(
                    TopicArn=self.arn, Subject=subject, Message=message, MessageStructure="json"
                )
        except AwsitError:
            self._change(schedule, now, before)
            raise
        return True

    def _change(self, schedule: str, before: Standing, now: Standing) -> bool:
        return self.standings.change(schedule, before, now, self.clock.now().timestamp())


def failure_of(result: RunResult) -> str:
    """What tells the failure of one run from that of another; empty for one that passed and left nothing behind.

    By the verdict, the step or final check, and what was left: codes and messages differ from run to run.
    """
    from awsit.reporting.verdicts import passed_cleanly, verdict_of

    if passed_cleanly(result):
        return ""
    bad = next((step for step in result.steps if step.status in _BAD), None)
    check = next((each.name or each.path for each in result.assertions if not each.passed), "")
    left = sorted({item.name for item in result.cleanup.left_behind})
    return json.dumps([verdict_of(result), bad.name if bad else check, left])


def _subject(result: RunResult, before: Standing) -> str:
    from awsit.reporting.verdicts import Verdict, name_of, verdict_of

    verdict = verdict_of(result)
    if verdict is Verdict.PASSED:
        words = "passes again"
    elif verdict is Verdict.LEFT_BEHIND:
        words = "passed, but left something behind"
    else:
        words = "fails in another way" if before.failure else "fails"
    room = LONGEST_SUBJECT - len(f"awsit:  {words}")
    name = " ".join(visible(name_of(result)).split())
    return f"awsit: {name[:room]} {words}"


def _messages(subject: str, result: RunResult, stack: str) -> Json:
    """The message, by the protocol of who subscribes."""
    from awsit.reporting.console_link import console_link
    from awsit.reporting.verdicts import likely_cause, reason, verdict_of

    link, cause, why = console_link(result.execution_arn), likely_cause(result), reason(result)[:LONGEST_REASON]
    left = ", ".join(item.name for item in result.cleanup.left_behind)
    lines = [
        why,
        f"Likely cause: {cause}" if cause else "",
        f"Left behind: {left}"[:LONGEST_REASON] if left else "",
        f"Run: awsit status {result.run_id} --stack {stack}",
        f"Console: {link}" if link else "",
    ]
    text = "\n".join(visible(line) for line in lines if line)
    chat = {"version": "1.0", "source": "custom", "content": {"title": subject, "description": text}}
    document = {
        "scenario": result.scenario,
        "verdict": verdict_of(result).value,
        "reason": why,
        "left_behind": [item.name for item in result.cleanup.left_behind[:MOST_LEFT]],
        "run_id": result.run_id,
        "execution_arn": result.execution_arn,
        "stack": stack,
        "started_at": result.started_at,
    }
    machine = json.dumps(document)
    return {"default": f"{subject}\n\n{text}", "https": json.dumps(chat), "sqs": machine, "lambda": machine}

"""The part of the composition root that makes what reads and writes logs, and reads what else explains a failure."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import timedelta

    from awsit.aws.client.clients import AwsClients
    from awsit.aws.installation import Installation
    from awsit.aws.logs.insights import Row
    from awsit.aws.logs.line import LogLine
    from awsit.aws.logs.shipped_log import ShippedLog
    from awsit.config import Settings
    from awsit.diagnosis.inquiry import EvidenceSource
    from awsit.model.ports import Clock, Randomness
    from awsit.model.result import RunResult


class LogWiring(ABC):
    """Makes what reads and writes logs and evidence, with what the rest of the composition root makes."""

    @abstractmethod
    def clock(self) -> Clock:
        """The clock of this machine."""

    @abstractmethod
    def randomness(self) -> Randomness:
        """The source of randomness of this machine."""

    @abstractmethod
    def aws(self, settings: Settings, region: str = "") -> AwsClients:
        """The AWS of the settings."""

    @abstractmethod
    def installed(self, settings: Settings, reference: str = "") -> tuple[AwsClients, Installation]:
        """The AWS and the resources of the stack; `reference` is the run that was named, if any."""

    def logs(self, settings: Settings, reference: str, *, follow: bool) -> Iterator[LogLine]:
        """The log lines of a run or of a suite's runs, by time; with `follow`, those to come as well, until its end."""
        from awsit.aws.logs.run_log import follow_log, read_log
        from awsit.aws.stepfunctions.executions import arn_of, describe
        from awsit.aws.suites.suites import Suites
        from awsit.cli.references import suite_of

        aws, installation = self.installed(settings, reference)
        if suite_id := suite_of(reference):
            suites = Suites(aws, installation, self.clock())
            arn, run_ids = suites.arn_of(suite_id), [run.run_id for run in suites.runs(suite_id)]
        else:
            arn = arn_of(installation.state_machine_arn, reference)
            run_ids = [describe(aws, arn).execution.run_id]
        if follow:
            return follow_log(aws, self.clock(), arn, installation, *run_ids)
        return read_log(aws, arn, installation, *run_ids)

    def query(self, settings: Settings, text: str, last: timedelta, reference: str = "") -> list[Row]:
        """The rows of a query of Logs Insights over what the function and the CLI have logged; of a run, if named."""
        from awsit.aws.logs.insights import run_query

        aws, installation = self.installed(settings, reference)
        log_groups = (installation.function_log_group, installation.cli_log_group)
        return run_query(aws, self.clock(), log_groups, text, last.total_seconds())

    def shipped_log(self, settings: Settings) -> ShippedLog:
        """What sends the log of this command to the stack's log group for it."""
        from awsit.aws.installation import cli_log_group
        from awsit.aws.logs.shipped_log import ShippedLog
        from awsit.cli.logs.run_log import JsonFormatter
        from awsit.cli.references import region_of

        aws = self.aws(settings, region_of(settings.state_machine_arn)).quick()
        stream = f"{self.clock().now():%Y/%m/%d}/{self.randomness().token(20)}"
        log_group = cli_log_group(settings.state_machine_arn or settings.stack_name)
        return ShippedLog(aws.client("logs"), log_group, stream, JsonFormatter())

    def step_log(self, settings: Settings, result: RunResult) -> dict[tuple[str, int], tuple[str, ...]]:
        """The function's log lines for the steps that did not pass, by phase and index."""
        from awsit.aws.logs.step_log import step_log

        aws, installation = self.installed(settings, result.execution_arn)
        return step_log(aws, installation.function_log_group, result)

    def evidence(self, settings: Settings) -> EvidenceSource:
        """What looks into AWS for the causes of a failure."""
        from awsit.aws.evidence.source import StackEvidence
        from awsit.cli.references import region_of

        return StackEvidence(self.aws(settings, region_of(settings.state_machine_arn)).quick(), self.clock())

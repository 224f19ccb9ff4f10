"""A deployed awsit: the names of the resources in its stack."""

from __future__ import annotations

import re
from collections.abc import Mapping

from msgspec import Struct

import awsit
from awsit.aws.client import errors
from awsit.errors import EnvironmentFailure, UsageError
from awsit.metrics.catalogue import NAMESPACE
from awsit.model.ports import Aws

DEFAULT_STACK = "awsit"
STATE_MACHINE_ARN = re.compile(r"arn:aws[\w-]*:states:[a-z0-9-]+:\d{12}:stateMachine:[^:\s]+(:[^:\s]+)?")

_OUTPUTS = {
    "state_machine_arn": "StateMachineArn",
    "bucket": "BucketName",
    "table": "TableName",
    "function_name": "FunctionName",
    "function_log_group": "FunctionLogGroup",
    "state_machine_log_group": "StateMachineLogGroup",
}
_TAGS = {
    "bucket": "awsit:bucket",
    "table": "awsit:table",
    "function_name": "awsit:function",
    "function_log_group": "awsit:function-log-group",
    "state_machine_log_group": "awsit:log-group",
}


_LATER_OUTPUTS = {
    "version": "Version",
    "schedule_group": "ScheduleGroup",
    "scheduler_role": "SchedulerRoleArn",
    "metrics_namespace": "MetricsNamespace",
    "suite_flow": "SuiteFlowName",
    "suite_setups": "SuiteSetups",
    "suite_loads": "SuiteLoads",
    "mocks": "Mocks",
}
_LATER_TAGS = {
    "version": "awsit:version",
    "schedule_group": "awsit:schedule-group",
    "scheduler_role": "awsit:scheduler-role",
    "metrics_namespace": "awsit:metrics-namespace",
    "suite_flow": "awsit:suite-flow",
    "suite_setups": "awsit:suite-setups",
    "suite_loads": "awsit:suite-loads",
    "mocks": "awsit:mocks",
}


class Installation(Struct, frozen=True):
    """The resources that the CLI uses, by ARN or name. `version` is that of the awsit that deployed them.

    Versions before did not tell the last ones. They have no schedules and run no suites, and their metrics are in the
    usual namespace.
    """

    state_machine_arn: str
    bucket: str
    table: str
    function_name: str
    function_log_group: str
    state_machine_log_group: str
    version: str = ""
    schedule_group: str = ""
    scheduler_role: str = ""
    metrics_namespace: str = NAMESPACE
    suite_flow: str = ""
    suite_setups: str = ""
    suite_loads: str = ""
    mocks: str = ""

    @property
    def makes_setups(self) -> bool:
        """Whether its suites make the setups of their `suite.yaml`; those of versions before run scenarios only."""
        return self.suite_setups == "true"

    @property
    def starts_loads(self) -> bool:
        """Whether its state machine of suites starts runs at their times, as a load needs it."""
        return self.suite_loads == "true"

    @property
    def plays_mocks(self) -> bool:
        """Whether its runs can play mocks: it was deployed with `Mocks=true`."""
        return self.mocks == "true"

    @property
    def stack(self) -> str:
        """The stack's name, with which all names of it begin."""
        return self.function_name.removesuffix("-AtomicLambdaInvoker")

    @property
    def suite_machine_arn(self) -> str:
        """The state machine that runs suites; empty where the stack has none."""
        beside = self.state_machine_arn.partition(":stateMachine:")
        return "".join((*beside[:2], self.suite_flow)) if self.suite_flow else ""

    @property
    def cli_log_group(self) -> str:
        """Where the CLI sends its own log, if it is asked to."""
        return cli_log_group(self.state_machine_arn)


def cli_log_group(stack: str) -> str:
    """The log group for the logs of the CLI, of a stack or of the ARN of its state machine (`infra/template.yaml`)."""
    named = STATE_MACHINE_ARN.fullmatch(stack)
    return f"/awsit/{stack.split(':')[6].removesuffix('-test-flow') if named else stack}/cli"


def version_notice(installation: Installation) -> str:
    """A sentence when the installation was deployed by another version of awsit than this one; else empty."""
    if installation.version == awsit.__version__:
        return ""
    by = f"awsit {installation.version}" if installation.version else "an older awsit"
    return (
        f"The stack was deployed by {by}, and this is awsit {awsit.__version__}: one may not know what the other says. "
        "`awsit deploy` makes them the same."
    )


def from_stack(aws: Aws, stack_name: str = DEFAULT_STACK) -> Installation:
    """The installation of a stack, from its outputs. Raises EnvironmentFailure when it is not a deployed awsit."""
    with errors.reported(f"read the stack {stack_name}"):
        stacks = aws.client("cloudformation").describe_stacks(StackName=stack_name)["Stacks"]
    outputs = {item["OutputKey"]: item["OutputValue"] for item in stacks[0].get("Outputs", ())}
    return _installation(
        _OUTPUTS,
        _LATER_OUTPUTS,
        outputs,
        f"the stack {stack_name} is not an awsit stack, or its deployment has not succeeded",
    )


def from_state_machine(aws: Aws, arn: str) -> Installation:
    """The installation of a state machine, from its tags.

    Raises UsageError when `arn` is not that of a state machine, EnvironmentFailure when it is not awsit's.
    """
    if not STATE_MACHINE_ARN.fullmatch(arn):
        raise UsageError(
            f"{arn!r} is not the ARN of a state machine",
            code="malformed_arn",
            hint="it looks like arn:aws:states:REGION:ACCOUNT:stateMachine:NAME; `awsit deploy` prints it",
        )
    with errors.reported(f"read the state machine {arn}"):
        # some emulators answer a ListTagsForResource for an unknown one with no tags
        aws.client("stepfunctions").describe_state_machine(stateMachineArn=arn)
        tags = aws.client("stepfunctions").list_tags_for_resource(resourceArn=arn)["tags"]
    values = {tag["key"]: tag["value"] for tag in tags}
    return _installation(
        _TAGS,
        _LATER_TAGS,
        values,
        f"the state machine {arn} was not deployed by this version of awsit",
        state_machine_arn=arn,
    )


def _installation(
    names: Mapping[str, str], later: Mapping[str, str], values: Mapping[str, str], problem: str, **known: str
) -> Installation:
    """The installation that `values` name. `later` are names that stacks of versions before do not have."""
    missing = sorted(name for name in names.values() if name not in values)
    if missing:
        raise EnvironmentFailure(
            f"{problem}: {', '.join(missing)} not found",
            code="not_an_installation",
            hint="run `awsit deploy`, or name another stack",
        )
    fields = {field: values[name] for field, name in names.items()}
    newer = {field: values[name] for field, name in later.items() if name in values}
    return Installation(**known, **fields, **newer)

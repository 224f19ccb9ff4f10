"""The part of the composition root that makes what works with a stack: its runs, suites, scenarios and schedules."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from awsit.cli.wiring.logs import LogWiring
from awsit.config import Settings

if TYPE_CHECKING:
    from awsit.aws.actions_role import ActionsRole
    from awsit.aws.client.clients import AwsClients
    from awsit.aws.deployment.model import DeployEvent, DeployOptions, DestroyEvent
    from awsit.aws.installation import Installation
    from awsit.aws.metrics import CloudWatchMetrics
    from awsit.aws.runs.history import RunHistory
    from awsit.aws.scenarios import ScenarioStore
    from awsit.aws.schedules import Schedules
    from awsit.aws.stepfunctions.engine import StepFunctionsEngine
    from awsit.aws.stepfunctions.past_runs import PastRuns
    from awsit.aws.suites.follower import SuiteFollower
    from awsit.aws.suites.suites import Suites
    from awsit.model.json import Json


class AccountWiring(LogWiring):
    """Makes what works with the stack of the settings, and what deploys and removes it."""

    def installation(self, aws: AwsClients, settings: Settings, state_machine_arn: str = "") -> Installation:
        """The resources of the stack. `state_machine_arn` is the one of an execution that was named, if any."""
        from awsit.aws.installation import from_stack, from_state_machine

        arn = settings.state_machine_arn or ("" if settings.stack else state_machine_arn)
        return from_state_machine(aws, arn) if arn else from_stack(aws, settings.stack_name)

    def installed(self, settings: Settings, reference: str = "") -> tuple[AwsClients, Installation]:
        """The AWS and the resources of the stack; `reference` is the run that was named, if any."""
        from awsit.cli.references import region_of, state_machine_of

        aws = self.aws(settings, region_of(reference or settings.state_machine_arn))
        return aws, self.installation(aws, settings, state_machine_of(reference))

    def metrics(self, settings: Settings) -> CloudWatchMetrics:
        """The metrics of the stack, by a client that does not wait long."""
        from awsit.aws.metrics import CloudWatchMetrics
        from awsit.cli.references import region_of

        aws = self.aws(settings, region_of(settings.state_machine_arn)).quick()
        installation = self.installation(aws, settings)
        return CloudWatchMetrics(aws, installation.metrics_namespace, installation.stack)

    def remote_engine(self, settings: Settings, reference: str = "") -> StepFunctionsEngine:
        """The engine that runs scenarios by the state machine; `reference` is the run that was named, if any."""
        from awsit.aws.stepfunctions.engine import StepFunctionsEngine

        aws, installation = self.installed(settings, reference)
        return StepFunctionsEngine(aws, installation, self.clock(), aws.patient())

    def past_runs(self, settings: Settings, reference: str = "") -> PastRuns:
        """The runs of the state machine, for lists and clean-ups; `reference` is the run that was named, if any."""
        from awsit.aws.stepfunctions.past_runs import PastRuns

        return PastRuns(*self.installed(settings, reference), self.clock())

    def run_history(self, settings: Settings) -> RunHistory:
        """The history of the stack's runs."""
        from awsit.aws.runs.history import RunHistory

        aws, installation = self.installed(settings)
        return RunHistory(aws, installation.table)

    def suites(self, settings: Settings, reference: str = "") -> Suites:
        """The suites of the stack; `reference` is the one that was named, if any."""
        from awsit.aws.suites.suites import Suites

        return Suites(*self.installed(settings, reference), self.clock())

    def suite_follower(self, settings: Settings, suite_id: str, reference: str = "") -> SuiteFollower:
        """What follows a suite."""
        from awsit.aws.suites.follower import SuiteFollower

        aws, installation = self.installed(settings, reference)
        return SuiteFollower(aws.patient(), installation, self.clock(), suite_id)

    def scenario_store(self, settings: Settings) -> ScenarioStore:
        """The scenarios in the stack's bucket."""
        from awsit.aws.scenarios import ScenarioStore

        aws, installation = self.installed(settings)
        return ScenarioStore(aws, installation.bucket)

    def schedules(self, settings: Settings) -> Schedules:
        """The schedules of the stack."""
        from awsit.aws.schedules import Schedules

        return Schedules(*self.installed(settings))

    def actions_role(self, settings: Settings) -> ActionsRole:
        """What the actions of the stack may do."""
        from awsit.aws.actions_role import ActionsRole, policies_of
        from awsit.aws.deployment.events import state_of
        from awsit.model.permissions import AwsLocation

        aws = self.aws(settings)
        policies = policies_of(aws, self.installation(aws, settings).function_name)
        stack = None if settings.state_machine_arn else state_of(aws, settings.stack_name)
        return ActionsRole(AwsLocation.of(aws.region, aws.account), policies, stack.parameters if stack else {})

    def deploy(self, settings: Settings, options: DeployOptions) -> Iterator[DeployEvent]:
        """Create or update a stack; yields what happens."""
        from awsit.aws.deployment.deploy import deploy

        return deploy(self.aws(settings), self.clock(), options)

    def deployer_policy(self, settings: Settings) -> Json:
        """The policy of whoever deploys and removes the stack."""
        from awsit.aws.deployment.deployer import deployer_policy

        return deployer_policy(self.aws(settings), settings.stack_name)

    def destroy(self, settings: Settings) -> Iterator[DestroyEvent]:
        """Remove a stack and what its buckets hold; yields what happens, and at the end what stays."""
        from awsit.aws.deployment.artifacts import Artifacts
        from awsit.aws.deployment.destroy import destroy, kept

        aws = self.aws(settings)
        yield from destroy(aws, self.clock(), settings.stack_name)
        yield from kept(Artifacts(aws), is_emulated=settings.sandbox)

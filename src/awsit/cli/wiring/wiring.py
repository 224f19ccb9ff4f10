"""The real objects that commands work with."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from awsit.cli.wiring.account import AccountWiring
from awsit.config import Settings, environment, replace_aws_variables
from awsit.config_values import LOCAL

if TYPE_CHECKING:
    from awsit.aws.client.clients import AwsClients
    from awsit.cli.past_runs.account import AccountRuns
    from awsit.cli.past_runs.local import LocalRuns
    from awsit.cli.past_runs.source import RunSource
    from awsit.engine.services import Services
    from awsit.engine.store.records import RunStore
    from awsit.http.transport import Urllib3Transport
    from awsit.model.action.protocol import Action
    from awsit.model.ports import Clock, Randomness
    from awsit.model.run import Engine
    from awsit.sandbox.sandbox import Sandbox
    from awsit.system.slots import Slots


class Wiring(AccountWiring):
    """Makes the objects that commands work with. Tests give commands a wiring that makes fakes."""

    @cached_property
    def _clients(self) -> dict[tuple[object, ...], AwsClients]:
        """Those that were made, by all that decides on them: a session of botocore takes 10 MB."""
        return {}

    def clock(self) -> Clock:
        """The clock of this machine."""
        from awsit.system.clock import SystemClock

        return SystemClock()

    def run_clock(self) -> Clock:
        """The clock of the runs of this process, which goes on evenly when that of this machine is set."""
        from awsit.system.clock import SteadyClock

        return SteadyClock()

    def randomness(self) -> Randomness:
        """The source of randomness of this machine."""
        from awsit.system.randomness import SystemRandomness

        return SystemRandomness()

    def slots(self) -> Slots:
        """The places of `concurrency` keys, which all commands of this user on this machine share."""
        from awsit.system.slots import Slots
        from awsit.user_folders import user_state_folder

        return Slots(user_state_folder(environment()) / "concurrency")

    def run_id(self) -> str:
        """A new run's ID: `run-` and a ULID, so that IDs sort by time."""
        from awsit.system.randomness import SystemRandomness
        from awsit.system.ulid import RANDOM_BITS, ulid

        return f"run-{ulid(int(self.clock().now().timestamp() * 1000), SystemRandomness().bits(RANDOM_BITS))}"

    def suite_id(self) -> str:
        """A new suite's ID."""
        return self.run_id().replace("run-", "suite-")

    def actions(self) -> Mapping[str, Action]:
        """The actions, by type."""
        from awsit.actions.registry import BY_TYPE

        return BY_TYPE

    def aws(self, settings: Settings, region: str = "") -> AwsClients:
        """The AWS of the settings: an account or the sandbox. `region` is the one of an ARN, used where none is set."""
        from awsit.aws.client.clients import AwsClients

        endpoint = self._enter_sandbox(settings) if settings.sandbox else None
        usual = region or environment().get("AWS_REGION")  # botocore itself reads AWS_DEFAULT_REGION only
        place = (None, None) if endpoint else (settings.profile or None, settings.region or usual)
        key = (*place, endpoint, *environment().items())
        if key not in self._clients:
            self._clients[key] = AwsClients(*place, endpoint)
        return self._clients[key]

    def engine(self, settings: Settings) -> Engine:
        """The engine that the settings choose, its failures with evidence from AWS, and its runs counted, if so set."""
        engine = self.remote_engine(settings) if settings.uses_step_functions else self.local_engine(settings)
        if settings.metrics and not settings.uses_step_functions:  # the function counts those of the stack itself
            from awsit.engine.counted import CountedEngine

            engine = CountedEngine(engine, lambda: self.metrics(settings))
        if not settings.evidence:
            return engine
        from awsit.engine.explained import ExplainedEngine

        return ExplainedEngine(engine, lambda: self.evidence(settings), self.clock())

    def local_engine(self, settings: Settings, *, only_undone: bool = False) -> Engine:
        """The engine of this process; with `only_undone`, runs that have nothing to undo write no journal."""
        from awsit.cli.past_runs.interrupted import journal_folder, origin_of
        from awsit.engine.local import LocalEngine
        from awsit.engine.store.journal import JournalStore
        from awsit.engine.store.undone_journal import UndoneJournalStore
        from awsit.user_folders import marks

        kind = UndoneJournalStore if only_undone else JournalStore
        store = kind(journal_folder(settings), marks(environment()), origin_of(settings))
        return LocalEngine(self.local_services(settings, store))

    def local_services(self, settings: Settings, store: RunStore) -> Services:
        """The services with which this process runs scenarios and cleans up after them."""
        from awsit.aws.client.places import Places
        from awsit.aws.scenario_files import BucketFiles, DiskOrBucketFiles
        from awsit.aws.secrets import AwsSecrets
        from awsit.aws.stacks import CloudFormationStacks
        from awsit.cli.logs.run_log import log
        from awsit.engine.services import Services

        aws = self.aws(settings)
        endpoint = self.sandbox(settings).check_alive().endpoint_url if settings.sandbox else ""
        return Services(
            engine=LOCAL,
            store=store,
            http=self.http(endpoint, ",".join(settings.allowed_hosts)),
            aws=aws,
            clock=self.run_clock(),
            randomness=self.randomness(),
            secrets=AwsSecrets(aws),
            stacks=CloudFormationStacks(aws),
            files=DiskOrBucketFiles(lambda: BucketFiles(aws, self.installation(aws, settings).bucket)),
            log=log,
            check_aws=aws.check_credentials,
            aws_at=Places(aws),
        )

    def run_sources(self, settings: Settings, reference: str = "") -> tuple[RunSource, ...]:
        """Where runs are kept: on this machine, and in an account that the settings use or that an ARN leads to."""
        from awsit.reporting.console_link import EXECUTION_ARN

        local = self.local_runs(settings)
        if not settings.uses_step_functions and not EXECUTION_ARN.fullmatch(reference):
            return (local,)
        return local, self.account_runs(settings, reference)

    def local_runs(self, settings: Settings) -> LocalRuns:
        """The runs of this machine."""
        from awsit.cli.past_runs.local import LocalRuns
        from awsit.user_folders import marks

        return LocalRuns(settings, self.clock(), self.local_services, marks(environment()))

    def account_runs(self, settings: Settings, reference: str = "") -> AccountRuns:
        """The runs of an installation in an account; `reference` is the run that was named, if any."""
        from awsit.cli.past_runs.account import AccountRuns

        return AccountRuns(self, settings, reference)

    def sandbox(self, settings: Settings) -> Sandbox:
        """The emulated AWS of the project."""
        from awsit.sandbox.sandbox import Sandbox
        from awsit.sandbox.server import SandboxOptions

        ports = (self.http(), self.clock(), self.randomness())
        options = SandboxOptions(concurrency=settings.sandbox_concurrency, enforce_policies=settings.enforce_policies)
        return Sandbox(settings.state_folder, *ports, outside=environment(), options=options)

    def http(self, aws_endpoint: str = "", allowed_hosts: str = "") -> Urllib3Transport:
        """HTTP connections; with `aws_endpoint`, that of the sandbox, requests to hosts of AWS go there."""
        from awsit.http.addressing.destinations import Destinations, own_apis
        from awsit.http.addressing.proxies import proxies
        from awsit.http.transport import Urllib3Transport

        variables = environment()
        destinations = Destinations(allowed_hosts, own_apis=own_apis(variables))
        return Urllib3Transport(*proxies(variables), aws_endpoint=aws_endpoint, destinations=destinations)

    def _enter_sandbox(self, settings: Settings) -> str:
        """Its endpoint. This process has the AWS variables of the sandbox then: no client reaches an account."""
        from awsit.sandbox.info import client_environment

        info = self.sandbox(settings).check_alive()
        replace_aws_variables(client_environment(info))
        return info.endpoint_url

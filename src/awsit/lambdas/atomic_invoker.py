"""AtomicLambdaInvoker: the one function of the stack. It serves every task of the state machine."""

from __future__ import annotations

from awsit.lambdas.started import begin_start

begin_start()

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from awsit import config
from awsit.actions import registry
from awsit.aws.client.assumed_role import AssumedRole
from awsit.aws.client.clients import AwsClients
from awsit.aws.client.places import Places
from awsit.aws.runs.dynamodb.table import Table
from awsit.aws.runs.store import DynamoRunStore
from awsit.aws.scenario_files import BucketFiles
from awsit.aws.secrets import AwsSecrets
from awsit.aws.stacks import CloudFormationStacks
from awsit.aws.stepfunctions.execution import Execution
from awsit.engine.secrets import encodings
from awsit.engine.services import Services
from awsit.engine.step.retry import EXACT_WAITS
from awsit.http.addressing.destinations import Destinations, own_apis
from awsit.http.transport import Urllib3Transport
from awsit.lambdas import run_log
from awsit.lambdas.compact import go_on
from awsit.lambdas.host import Host
from awsit.lambdas.started import complete_start, end_start, is_worker
from awsit.lambdas.tasks import TASKS
from awsit.lambdas.trace import Trace
from awsit.metrics.catalogue import NAMESPACE
from awsit.model.action.call import ActionContext
from awsit.model.codec import encode
from awsit.model.http import Mocks, NoMocks
from awsit.model.json import Json, plain
from awsit.model.ports import Clock
from awsit.model.run import SUITE_ID
from awsit.model.sources import TokenCache
from awsit.records import replace
from awsit.system.clock import SystemClock
from awsit.system.randomness import SystemRandomness

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from awsit.lambdas.notifications import Topic

LONGEST_MILLIS = 900_000
SPARE_SECONDS = 30.0
"""How long before its end the function begins nothing more: there must be time to record what came of it."""


def lambda_handler(event: Mapping[str, Any], context: LambdaContext | None) -> Json:
    """Do one task and return what the next state reads. Only tests call it without a `context`.

    `event` comes from the state machine: `{task, execution: {id, name, started_at}, ...}`; or it asks for one action
    outside any run: `{action_type, params, context_data: {timeout_seconds}}`. EventBridge sends `recover` with the
    execution that was cut off, a suite's too, and `sweep` every few minutes. Raises only when the platform failed (the
    table cannot be reached, say): the state machine retries that, and reports it.
    """
    run_log.begin(context.aws_request_id if context else "")
    if "action_type" in event:
        answer = dispatch_action(event["action_type"], event.get("params"), event.get("context_data"))
        run_log.logger.info("action done", extra={"action_type": event["action_type"]})
        return answer
    if answer := _of_no_run(event, context):
        return answer
    execution = Execution.of(event)
    host = _bounded(_host(), context)
    try:
        if event["task"] == "execute":
            with host.store.one_round(execution.run_id):
                return go_on(host, execution, event, lambda call: _carry_out(host, execution, call))
        return _carry_out(host, execution, event)
    finally:
        encodings.forget()  # a secret must not outlive its call in the worker's memory


def _of_no_run(event: Mapping[str, Any], context: LambdaContext | None) -> dict[str, Json]:
    """Do a task that is about several runs: a sweep, or one about the setups of a suite; nothing for any other."""
    task, name = event.get("task"), str(event.get("execution", {}).get("name", ""))
    if task not in {"sweep", "suite", "recover"}:
        return {}
    from awsit.lambdas import suites

    if task == "sweep":
        answer = suites.sweep(_bounded(_host(), context))
    elif task == "suite":
        answer = suites.look_for_open_runs(_bounded(_host(), context), event)
    elif task == "recover" and SUITE_ID.fullmatch(name):
        answer = suites.recover(_bounded(_host(), context), name)
    else:
        return {}
    run_log.logger.info(f"{task} done", extra=answer)
    return answer


def _carry_out(host: Host, execution: Execution, event: Mapping[str, Any]) -> Json:
    """Do a task of a run, log it, and have it in the trace."""
    trace, clock, task = Trace.of(config.environment()), host.services.clock, event["task"]
    # a secret may change between two calls
    secrets = AwsSecrets(host.services.aws)
    host = replace(host, services=replace(host.services, secrets=secrets, trace_id=trace.id))
    named = run_log.name(host, execution, event)
    began, started = clock.now().timestamp(), clock.monotonic()
    try:
        answer = TASKS[task](host, execution, event)
    except Exception:
        seconds = clock.monotonic() - started
        run_log.logger.exception("task failed", extra=run_log.failed(event, seconds))
        trace.send(task, began, seconds, named, fault=True)
        raise
    seconds, named = clock.monotonic() - started, run_log.of_task(host, execution, event)
    run_log.done(event, named, answer, seconds)
    trace.send(task, began, seconds, named)
    return answer


def dispatch_action(action_type: str, params: Json, context_data: Mapping[str, Any] | None = None) -> Json:
    """Carry out one action by itself. Returns its result as a document; raises ActionError."""
    services = _host().services
    timeout = float((context_data or {}).get("timeout_seconds", 30))
    context = ActionContext("", services.http, services.aws, services.clock, timeout)
    return plain(encode(registry.dispatch_action(action_type, params, context)))


@cache
def _host() -> Host:
    """The outside world of this worker, made once: its connections stay open from call to call.

    What scenarios do is done with a role of its own, which reaches nothing of awsit's.
    """
    environment = config.environment()
    bucket = environment["AWSIT_BUCKET"]
    own = AwsClients()
    aws = AssumedRole(environment["AWSIT_ACTIONS_ROLE"], environment.get("AWS_LAMBDA_FUNCTION_NAME", "awsit"))
    store = DynamoRunStore(own, environment["AWSIT_TABLE"], bucket)
    services = Services(
        engine="stepfunctions",
        store=store,
        http=_transport(environment),
        aws=aws,
        clock=SystemClock(),
        randomness=SystemRandomness(),
        secrets=AwsSecrets(aws),
        stacks=CloudFormationStacks(aws),
        files=BucketFiles(own, bucket),
        log=run_log.log,
        exact_waits=EXACT_WAITS,
        aws_at=Places(aws),
        mocks=_mocks(environment, own),
    )
    return Host(
        services,
        own,
        store,
        bucket,
        environment["AWSIT_TABLE"],
        stack=environment.get("AWSIT_STACK", ""),
        metrics_namespace=environment.get("POWERTOOLS_METRICS_NAMESPACE", NAMESPACE),
        metrics_by_scenario=environment.get("AWSIT_METRICS_BY_SCENARIO") == "true",
        topic=_topic(environment, own, services.clock),
    )


def _mocks(environment: Mapping[str, str], aws: AwsClients) -> Mocks:
    """The mocks of the stack, if it plays any."""
    url, table = environment.get("AWSIT_MOCKS_URL"), environment.get("AWSIT_MOCKS_TABLE")
    if not url or not table:
        return NoMocks()
    from awsit.aws.mocks.mocks import AccountMocks

    return AccountMocks(Table(aws, table), url, SystemClock(), SystemRandomness())


def _topic(environment: Mapping[str, str], aws: AwsClients, clock: Clock) -> Topic | None:
    """The topic that is told of scheduled runs, if the stack has one."""
    arn = environment.get("AWSIT_NOTIFICATION_TOPIC")
    if not arn:
        return None
    from awsit.aws.standings import Standings
    from awsit.lambdas.notifications import Topic

    standings = Standings(Table(aws, environment["AWSIT_TABLE"]))
    return Topic(aws, clock, arn, standings, environment.get("AWSIT_STACK", ""))


def _transport(environment: Mapping[str, str]) -> Urllib3Transport:
    """HTTP connections that reach neither this machine nor its credentials; `AllowedHosts` of the stack names more."""
    allowed = environment.get("AWSIT_ALLOWED_HOSTS", "")
    destinations = Destinations(allowed, loopback=False, own_apis=own_apis(environment))
    endpoint = environment.get("AWS_ENDPOINT_URL", "")  # as the SDK reads it
    return Urllib3Transport(aws_endpoint=endpoint, destinations=destinations)


def _bounded(host: Host, context: LambdaContext | None) -> Host:
    """The host of one call, with the time until which it may begin something: until shortly before its end."""
    left = context.get_remaining_time_in_millis() if context else LONGEST_MILLIS
    ends = host.services.clock.monotonic() + left / 1000 - SPARE_SECONDS
    tokens = TokenCache()  # a token, too, must not outlive its call in the worker's memory
    return replace(host, services=replace(host.services, ends=ends, tokens=tokens), ends=ends)


def _get_ready() -> None:
    """Make the clients that every task needs while Lambda initializes a worker, before an event waits for them.

    Nothing is sent. (AWS Lambda Developer Guide, "Best practices for working with AWS Lambda functions".)
    """
    aws = _host().aws
    for service in ("dynamodb", "s3"):
        aws.client(service)
    complete_start(config.environment())


if is_worker():
    _get_ready()
end_start()

"""What the scenarios of the conformance tests run in, on every engine at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.authorities.pki import authority, serving_tls
from tests.conformance.cases import Case, all_cases
from tests.conformance.comparing import events_of, story
from tests.conformance.service.echo import Service, serving
from tests.conformance.service.socket import serving_socket
from tests.deployed import Deployed, sandboxed
from tests.unit.engine.world import FakeStacks
from ulid import ULID

from awsit.actions.registry import BY_TYPE
from awsit.aws.stacks import CloudFormationStacks
from awsit.errors import AwsitError
from awsit.forecast.make import needed
from awsit.forecast.policies.document import policy_document
from awsit.model.codec import encode
from awsit.model.json import Json, dumps
from awsit.model.permissions import AwsLocation, Permission
from awsit.model.run import Engine, RunRequest
from awsit.records import replace
from awsit.sandbox.server import SandboxOptions
from awsit.scenario.compile.compile import PlanInputs, compile_plan, needed_env
from awsit.system.randomness import SeededRandomness

STACK = "conformance"
TEMPLATE = Path(__file__).parent / "service" / "template.yaml"
SECRET = '{"user": "user", "password": "open sesame", "token": "open-sesame"}'
SECRETS = {"conformance": SECRET, "conformance/text": "hush-hush-text"}
PARAMETERS = {
    "/conformance/level": ("high-level", "String"),
    "/conformance/names": ("a,b", "StringList"),
    "/conformance/api_key": ("hush-hush-by-name", "String"),
    "/conformance/hidden": ("hush-hush-parameter", "SecureString"),
}
"""Values and types, by name."""
MISSING_SECRET = "arn:aws:secretsmanager:*:*:secret:no/such/secret"
"""Until there is such a secret, its ARN lacks the six characters with which those that `awsit plan` allows end."""
RUN_ID = "run-01J00000000000000000000000"
AT_ONCE = 6
"""Runs on each engine; more of them do not end sooner on two cores."""


@dataclass(frozen=True)
class Ran:
    """The report of one run, what is still there of it, and what its events told."""

    report: Json
    left: list[str]
    story: Json


@dataclass(frozen=True)
class World:
    """The sandbox with both engines, and the service under test."""

    deployed: Deployed
    env: dict[str, str]
    outputs: dict[str, str]
    service: Service | None = None

    def run_all(self, cases: Iterable[Case]) -> dict[str, dict[str, Future[Ran]]]:
        """Every case in this process, and in the account action by action and compact, by its name; all have ended."""
        with ThreadPoolExecutor(AT_ONCE, "local") as local, ThreadPoolExecutor(AT_ONCE, "remote") as remote:
            pools = {"local": local, "remote": remote, "compact": remote}
            return {
                case.name: {way: pools[way].submit(self.run, case, way) for way in case.expected.ways} for case in cases
            }

    def run(self, case: Case, way: str) -> Ran:
        """One case in one way."""
        engine: Engine = self.deployed.local() if way == "local" else self.deployed.remote()
        known = {name: self.env[name] for name in needed_env(case.document) if name in self.env}
        request = RunRequest(
            f"run-{ULID()}", case.label, case.document, case.variables, known, file=str(case.path), files=case.files
        )
        request = replace(request, compact=way == "compact", seed="shared")
        events = events_of(engine, case.document, request)
        told = story(events, every_attempt=not case.expected.polls)
        return Ran(encode(events[-1].result), self.left(request.run_id), told)

    def left(self, run_id: str) -> list[str]:
        """What there is of a run, by its ID: things at the service; items, objects and queues in the stack."""
        client = self.deployed.aws.client
        table, bucket = self.outputs["Table"], self.outputs["Bucket"]
        items = client("dynamodb").scan(TableName=table, ConsistentRead=True)
        objects = client("s3").list_objects_v2(Bucket=bucket, Prefix=run_id)
        queues = client("sqs").list_queues(QueueNamePrefix=run_id)
        return [
            *(f"item {each['id']['S']}" for each in items["Items"] if each["run"]["S"] == run_id),
            *(f"object {each['Key']}" for each in objects.get("Contents", [])),
            *queues.get("QueueUrls", []),
            *(f"thing {each}" for each in (self.service.things_of(run_id) if self.service else ())),
        ]


@contextmanager
def world(folder: Path) -> Iterator[World]:
    """The sandbox with the stacks and what they hold; Step Functions waits a tenth of the time."""
    options = SandboxOptions(wait_scale=0.1, enforce_policies=True)
    with (
        serving() as service,
        serving_tls() as tls_url,
        serving_socket() as socket_url,
        sandboxed(folder, options) as deployed,
    ):
        deployed.install(STACK, TEMPLATE)
        outputs = dict(CloudFormationStacks(deployed.aws).outputs(STACK))
        env = {"SERVICE": service.url, "SOCKET": socket_url, **_client_env(tls_url)}
        _allow(deployed, outputs, env)
        with filled(deployed, outputs["Bucket"]):
            yield World(deployed, env, outputs, service)


def _allow(deployed: Deployed, outputs: dict[str, str], env: dict[str, str]) -> None:
    """Let the role of actions do what `awsit plan --policy` names for all scenarios, and nothing else."""
    location = AwsLocation.of(deployed.aws.region, deployed.aws.account)
    permissions = {each for case in all_cases() for each in _needed(case, outputs, env, location)}
    permissions |= _of_the_emulator()
    client = deployed.aws.client("iam")
    policy = client.create_policy(PolicyName=STACK, PolicyDocument=dumps(policy_document(permissions)))
    arn = policy["Policy"]["Arn"]
    deployed.install(
        "awsit", ActionPolicyArns=arn, AllowedSecretArns=MISSING_SECRET, Mocks="true", MocksConcurrency="-1"
    )


RULE_ACTIONS = [
    "PutRule",
    "DeleteRule",
    "DescribeRule",
    "TagResource",
    "PutTargets",
    "RemoveTargets",
    "ListTargetsByRule",
]


def _of_the_emulator() -> set[Permission]:
    """What the emulator asks for in the place of what AWS does (Service Authorization Reference, EventBridge and SQS).

    A rule of the default bus has no bus in its ARN, its targets are on the rule, and `sqs:DeleteMessage` is for batches
    too.
    """
    of_rules = {Permission(f"events:{action}", "*") for action in RULE_ACTIONS}
    return {*of_rules, Permission("sqs:DeleteMessageBatch", "*")}


def _needed(case: Case, outputs: dict[str, str], env: dict[str, str], location: AwsLocation) -> list[Permission]:
    inputs = PlanInputs(RUN_ID, "2030-01-01T00:00:00Z", case.variables, env)
    try:
        plan = compile_plan(case.document, inputs, FakeStacks({STACK: outputs}), SeededRandomness(), BY_TYPE)
    except AwsitError:
        return []  # the case is about a scenario that does not get so far
    return needed(plan, RunRequest(RUN_ID, case.label, case.document, case.variables, env), location)


def _client_env(url: str) -> dict[str, str]:
    """What a client of the server at `url` shows."""
    client = authority().issue("ada")
    pem = {"CERTIFICATE": client.certificate, "KEY": client.key, "LOCKED_KEY": client.locked}
    return {"TLS_SERVICE": url, **{f"CLIENT_{name}": value for name, value in pem.items()}}


@contextmanager
def filled(deployed: Deployed, bucket: str) -> Iterator[None]:
    """What the scenarios find there, removed at the end."""
    _fill(deployed, bucket)
    try:
        yield
    finally:
        client = deployed.aws.client
        for name in SECRETS:
            client("secretsmanager").delete_secret(SecretId=name, ForceDeleteWithoutRecovery=True)
        client("ssm").delete_parameters(Names=list(PARAMETERS))


def _fill(deployed: Deployed, bucket: str) -> None:
    client = deployed.aws.client
    for name, value in SECRETS.items():
        client("secretsmanager").create_secret(Name=name, SecretString=value)
    for name, (value, kind) in PARAMETERS.items():
        client("ssm").put_parameter(Name=name, Value=value, Type=kind)
    for name, body in (("notes.txt", b"notes"), ("binary.bin", b"\xff\x00\xfe"), ("page-1", b""), ("page-2", b"")):
        client("s3").put_object(Bucket=bucket, Key=f"fixed/{name}", Body=body)

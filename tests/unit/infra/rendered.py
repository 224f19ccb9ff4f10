"""The template as CloudFormation sees it: after the SAM transform, with parameters and conditions resolved."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import boto3
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

from awsit.aws.deployment import package, template
from awsit.aws.deployment.template.compact import compact

REGION, ACCOUNT, STACK = "eu-west-1", "123456789012", "awsit"
NOTHING = object()
PSEUDO = {
    "AWS::Region": REGION,
    "AWS::AccountId": ACCOUNT,
    "AWS::Partition": "aws",
    "AWS::StackName": STACK,
    "AWS::NoValue": NOTHING,
}
ARNS = {
    "Bucket": "arn:aws:s3:::bucket",
    "RunsTable": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/RunsTable",
    "MocksTable": f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/MocksTable",
    "MocksLogGroup": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/awsit-Mocks:*",
    "FunctionLogGroup": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/lambda/awsit-AtomicLambdaInvoker:*",
    "StateMachineLogGroup": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/aws/vendedlogs/states/awsit-test-flow:*",
    "CliLogGroup": f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:/awsit/awsit/cli:*",
    "SchedulerRole": f"arn:aws:iam::{ACCOUNT}:role/awsit-SchedulerRole-1ABC",
    "AtomicLambdaInvoker": f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:awsit-AtomicLambdaInvoker",
}
STATE_MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:awsit-test-flow"
STATE_MACHINES = {"TestFlow": STATE_MACHINE, "SuiteFlow": STATE_MACHINE.replace("-test-", "-suite-")}


def packaged() -> template.Document:
    """The template with its local files in S3, as `awsit deploy` sends it."""
    path = package.infra_folder() / "template.yaml"
    document = template.read(path)
    for local in template.local_files(document, path.parent):
        local.replace("artifacts", local.path.name)
    return compact(document)


@cache
def transformed() -> template.Document:
    """The template after the SAM transform. Cached, since that is slow; the result is never changed."""
    translator = Translator({}, Parser(), boto_session=boto3.Session(region_name=REGION))
    document: template.Document = translator.translate(packaged(), {})
    return document


class Rendered:
    """The resources of a template, by default awsit's own, for some parameters."""

    def __init__(self, document: template.Document | None = None, /, **parameters: str) -> None:
        self.document = document or transformed()
        self._parameters: dict[str, Any] = {}
        for name, declared in self.document["Parameters"].items():
            value = parameters.get(name, declared.get("Default"))
            self._parameters[name] = value.split(",") if declared["Type"] == "CommaDelimitedList" else value
        self.resources = {
            name: self._resolve(resource)
            for name, resource in self.document["Resources"].items()
            if "Condition" not in resource or self._condition(resource["Condition"])
        }

    def properties(self, logical_id: str) -> dict[str, Any]:
        found: dict[str, Any] = self.resources[logical_id]["Properties"]
        return found

    def statements(self, logical_id: str) -> list[dict[str, Any]]:
        """The permissions of a role or a policy."""
        properties = self.properties(logical_id)
        documents = [policy["PolicyDocument"] for policy in properties.get("Policies", ())]
        documents += [properties["PolicyDocument"]] if "PolicyDocument" in properties else []
        return [statement for document in documents for statement in document["Statement"]]

    def is_allowed(self, logical_id: str, action: str, resource: str) -> bool:
        """Whether an Allow matches and no unconditional Deny does (IAM user guide, "Policy evaluation logic")."""
        return self._effects(logical_id, action, resource) == {"Allow"}

    def denies(self, logical_id: str, action: str, resource: str) -> bool:
        """Whether an unconditional Deny matches."""
        return "Deny" in self._effects(logical_id, action, resource)

    def _effects(self, logical_id: str, action: str, resource: str) -> set[str]:
        fitting = [
            statement
            for statement in self.statements(logical_id)
            if any(fnmatch.fnmatchcase(action, pattern) for pattern in listed(statement["Action"]))
            and any(fnmatch.fnmatchcase(resource, pattern) for pattern in listed(statement["Resource"]))
        ]
        return {statement["Effect"] for statement in fitting if "Condition" not in statement}

    def _resolve(self, value: Any) -> Any:
        if isinstance(value, list):
            return [item for item in map(self._resolve, value) if item is not NOTHING]
        if not isinstance(value, dict):
            return value
        if len(value) == 1:
            ((name, argument),) = value.items()
            if name in {"Ref", "Condition"} or name.startswith("Fn::"):
                return self._intrinsic(name, argument)
        found = {key: self._resolve(item) for key, item in value.items()}
        return {key: item for key, item in found.items() if item is not NOTHING}

    def _intrinsic(self, name: str, argument: Any) -> Any:
        if name == "Fn::If":
            chosen = argument[1] if self._condition(argument[0]) else argument[2]
            return self._resolve(chosen)
        handler = {
            "Ref": self._reference,
            "Condition": self._condition,
            "Fn::And": lambda given: all(map(self._resolve, given)),
            "Fn::Or": lambda given: any(map(self._resolve, given)),
            "Fn::GetAtt": lambda given: ARNS.get(given[0], f"{given[0]}.{given[1]}"),
            "Fn::Join": lambda given: given[0].join(self._resolve(given[1])),
            "Fn::Split": lambda given: self._resolve(given[1]).split(given[0]),
            "Fn::Sub": self._substitute,
            "Fn::Equals": lambda given: self._resolve(given[0]) == self._resolve(given[1]),
            "Fn::Not": lambda given: not self._resolve(given[0]),
        }[name]
        return handler(argument)

    def _condition(self, name: str) -> bool:
        return bool(self._resolve(self.document["Conditions"][name]))

    def _reference(self, name: str) -> Any:
        if name in PSEUDO:
            return PSEUDO[name]
        return STATE_MACHINES.get(name) or self._parameters.get(name, name)

    def _substitute(self, argument: Any) -> str:
        text, given = argument if isinstance(argument, list) else (argument, {})

        def value(match: re.Match[str]) -> str:
            name = match[1]
            if name in given:
                return str(self._resolve(given[name]))
            return ARNS[name.removesuffix(".Arn")] if name.endswith(".Arn") else str(self._reference(name))

        return re.sub(r"\$\{([^}]+)\}", value, text)


def listed(value: Any) -> list[Any]:
    """A list of a policy's value, which may be a list already."""
    return value if isinstance(value, list) else [value]


def all_statements(rendered: Rendered) -> Iterator[tuple[str, dict[str, Any]]]:
    """The statements of all identity policies, each with its resource."""
    for name, resource in rendered.resources.items():
        if resource["Type"] in {"AWS::IAM::Role", "AWS::IAM::Policy", "AWS::IAM::ManagedPolicy"}:
            yield from ((name, statement) for statement in rendered.statements(name))

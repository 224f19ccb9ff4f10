"""What the steps of a plan work on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from awsit.forecast.calls import look_ups
from awsit.forecast.document import Resource
from awsit.forecast.known import Known
from awsit.http.validation import shown_url
from awsit.model.json import Json, dumps
from awsit.model.plan import Plan, Step
from awsit.scenario.checks.usage import templates_of

Params = Mapping[str, Json]
KINDS = ("host", "table", "function", "aws_api", "stack", "secret", "parameter")
_AUTHORITY = re.compile(r"(?:[A-Za-z][A-Za-z0-9+.-]*://)?((?:\{\{.*?\}\}|<[^<>]*>|[^/?#{<])+)", re.DOTALL)


class Touched(NamedTuple):
    """A resource by its kind and name."""

    kind: str
    name: str


def touches(action_type: str, params: Params) -> str:
    """What a step works on, in a few words, such as `get_item on orders-Table`."""
    told = _WORDS.get(action_type)
    return told(params) if told else ""


def touched(action_type: str, params: Params) -> Touched | None:
    """The resource that a step works on, if its type has one."""
    if action_type == "http_call":
        return Touched("host", _host(_text(params.get("url"))))
    if action_type == "dynamodb":
        return Touched("table", _text(params.get("table")))
    if action_type == "lambda_invoke":
        return Touched("function", _text(params.get("function")))
    if action_type == "aws_api":
        return Touched("aws_api", f"{_text(params.get('service'))} {_operation(params)}")
    return None


def resources(plan: Plan, known: Known) -> tuple[Resource, ...]:
    """Everything that the run reads or changes, by kind and name, each with the names of the steps that use it."""
    users: dict[Touched, dict[str, None]] = {}
    for step in (*plan.steps, *plan.cleanup):
        for each in _of_step(step, known):
            users.setdefault(each, {})[step.name] = None
    for each in _looked_up(plan.assertions):
        users.setdefault(each, {})["assertions"] = None
    for name in plan.stacks:
        users.setdefault(Touched("stack", name), {"variables": None})
    ordered = sorted(users, key=lambda each: (KINDS.index(each.kind), each.name))
    return tuple(Resource(each.kind, each.name, tuple(users[each])) for each in ordered)


def _of_step(step: Step, known: Known) -> Iterator[Touched]:
    own = touched(step.type, known.fill(step.params))
    if own is not None:
        yield own
    yield from _looked_up(templates_of(step))


def _looked_up(document: Iterable[Json]) -> Iterator[Touched]:
    for found in look_ups(list(document)):
        yield Touched(found.function, found.name or "{{ an expression }}")


def _host(url: str) -> str:
    """The host as it is written, or the template that stands for it and the beginning of the URL."""
    found = _AUTHORITY.match(url)
    return found[1] if found else url


def _http(params: Params) -> str:
    return f"{_text(params.get('method', 'GET')).upper()} {shown_url(_text(params.get('url')))}"


def _dynamodb(params: Params) -> str:
    index = f", index {_text(params['index'])}" if params.get("index") else ""
    return f"{_text(params.get('operation'))} on {_text(params.get('table'))}{index}"


def _lambda(params: Params) -> str:
    qualifier = f":{_text(params['qualifier'])}" if params.get("qualifier") else ""
    event = " (event)" if params.get("invocation_type") == "event" else ""
    return f"invoke {_text(params.get('function'))}{qualifier}{event}"


def _aws_api(params: Params) -> str:
    wait = " (until it is so)" if params.get("wait_for") else ""
    return f"{_text(params.get('service'))} {_operation(params)}{wait}"


def _operation(params: Params) -> str:
    wait_for = params.get("wait_for")
    return _text(wait_for.get("waiter") if isinstance(wait_for, Mapping) else params.get("operation"))


def _wait(params: Params) -> str:
    seconds = params.get("seconds")
    return f"until {_text(params.get('until_time'))}" if seconds is None else f"{_text(seconds)} s"


def _choice(params: Params) -> str:
    return f"if {_text(params.get('when'))}"


def _text(value: Json) -> str:
    return value if isinstance(value, str) else dumps(value)


_WORDS: Mapping[str, Callable[[Params], str]] = {
    "http_call": _http,
    "dynamodb": _dynamodb,
    "lambda_invoke": _lambda,
    "aws_api": _aws_api,
    "wait": _wait,
    "choice": _choice,
}

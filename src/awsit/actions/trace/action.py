"""`trace`: what X-Ray recorded of the calls of a run, once it is complete."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from typing import Any

from msgspec import Struct

from awsit.actions.aws_errors import calling
from awsit.actions.trace.documents import TraceSpan, read
from awsit.actions.trace.graph import Graph, ancestors, graph_of, without_callee
from awsit.actions.trace.params import DEFAULT_WITHIN, TraceParams
from awsit.actions.trace.visits import unvisited
from awsit.errors import ActionError, Effect, ErrorKind
from awsit.expressions.values import as_text, is_number
from awsit.model.action.abilities import Resumptions
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.json import Json
from awsit.model.permissions import ANY, AwsLocation, Permission, RequiredPermissions
from awsit.model.text.counts import count
from awsit.model.text.trace import TRACE_ID, XRAY, is_call_of_run
from awsit.suggestions import first_of

LOOK_SECONDS = 2.0
"""Between two looks at a trace."""
_NAMED = 5
"""Services that a message names."""


class TraceAction:
    """Wait until X-Ray has the whole trace of the run; see which services it went through, and what failed there."""

    type = "trace"
    params_model = TraceParams
    resource_kind = ""
    not_found_means_gone = True

    def execute(self, params: TraceParams, context_data: ActionContext) -> ActionResult:
        """Look once; the trace is complete when nothing is in progress, and nothing has come for a while.

        Result: `{trace_id, services: [{name, type, requests, errors, faults, throttles, duration_ms}], edges: [{from,
        to, requests}], errors, faults, throttles, duration_ms, segments, truncated}`; each of the three lists has
        `{service, status, type, message}`. A trace that is not complete in time, or not what `visits` says, is a failed
        check.
        Raises ActionError when it could not be read; of kind validation when the run has no trace.
        """
        trace_id = params.trace_id or _own(context_data)
        with calling(context_data.aws, f"read trace {trace_id}"):
            look = _look(trace_id, params, context_data)
        return _Progress(trace_id, params, context_data, look).result()

    def is_safe_to_repeat(self, _params: TraceParams) -> bool:
        """Always: it reads."""
        return True

    def only_reads(self, _params: TraceParams) -> bool:
        """Always."""
        return True

    def uses_aws(self, _params: PlannedParams) -> bool:
        """Always."""
        return True

    def permissions(self, _params: PlannedParams, _location: AwsLocation) -> RequiredPermissions:
        """The permission to read traces, which are no resources.

        Source: Service Authorization Reference, list_awsx-ray.html.
        """
        return RequiredPermissions((Permission("xray:BatchGetTraces", ANY),))

    def summary(self, params: PlannedParams) -> Summary:
        """Which trace, and what it visits."""
        trace = "trace" if params.get("trace_id") is None else f"trace {as_text(params['trace_id'])}"
        visits = params.get("visits")
        names = " → ".join(map(as_text, visits)) if isinstance(visits, list) else as_text(visits or "")
        text = f"read the {trace}{f', which visits {names}' if names else ''}"
        return Summary(text, others=(("service", "X-Ray"),))

    def resumptions(self, params: PlannedParams) -> Resumptions:
        """The looks after the first."""
        within = params.get("within_seconds", DEFAULT_WITHIN)
        looks = math.ceil(float(within) / LOOK_SECONDS) if is_number(within) else 1
        return Resumptions(looks, LOOK_SECONDS, polls=True)


ACTION = TraceAction()


class _Look(Struct, frozen=True):
    """What one look saw: the spans of the run, how many others the trace has, and whether some of it is missing."""

    spans: Mapping[str, TraceSpan]
    others: int
    truncated: bool


def _own(context_data: ActionContext) -> str:
    found = TRACE_ID.search(context_data.trace_headers.get(XRAY, ""))
    if found is None:
        raise ActionError(
            "the run has no trace of its own",
            kind=ErrorKind.VALIDATION,
            hint="`trace: false`, in the scenario or the project, turns it off; only what calls services carries it, "
            "such as `http_call` and `lambda_invoke`; `trace_id` names another trace",
        )
    return found[0]


def _look(trace_id: str, params: TraceParams, context_data: ActionContext) -> _Look:
    truncated, documents = False, []
    for trace in _traces(trace_id, context_data):
        truncated = truncated or trace.get("LimitExceeded") is True
        documents += [segment["Document"] for segment in trace.get("Segments", ()) if segment.get("Document")]
    spans, is_whole = read(documents)
    own = spans if params.trace_id else _of_run(spans, context_data.run_id)
    return _Look(own, len(spans) - len(own), truncated or not is_whole)


def _traces(trace_id: str, context_data: ActionContext) -> Iterator[Mapping[str, Any]]:
    """The parts of the trace, page by page; none while X-Ray does not know it."""
    deadline = context_data.clock.monotonic() + context_data.timeout_seconds
    client = context_data.aws.client("xray")
    request: dict[str, Any] = {"TraceIds": [trace_id]}
    while True:
        page = client.batch_get_traces(**request)
        yield from (trace for trace in page.get("Traces", ()) if trace.get("Id") == trace_id)
        if not page.get("NextToken"):
            return
        if context_data.clock.monotonic() > deadline:
            raise ActionError(
                f"trace {trace_id}: not all of it was read in time",
                kind=ErrorKind.TIMEOUT,
                hint="raise the action's `timeout_seconds`",
            )
        request["NextToken"] = page["NextToken"]


def _of_run(spans: Mapping[str, TraceSpan], run_id: str) -> Mapping[str, TraceSpan]:
    """The spans that hang on a call of the run: its execution, and awsit's function, are in the same trace."""
    is_own: dict[str, bool] = {}
    for span in spans.values():
        first, path = span, [span.id]
        for each in ancestors(span, spans):
            first = each
            if each.id in is_own:
                break
            path.append(each.id)
        known = is_own.get(first.id)
        is_own.update(dict.fromkeys(path, is_call_of_run(first.parent, run_id) if known is None else known))
    return {name: span for name, span in spans.items() if is_own[name]}


class _Progress:
    """How far a trace has come, and since when it stands so."""

    def __init__(self, trace_id: str, params: TraceParams, context_data: ActionContext, look: _Look) -> None:
        self._trace_id, self._params, self._context, self._look = trace_id, params, context_data, look
        self._graph: Graph = graph_of(look.spans)
        self._digest = _digest(look.spans)
        self._kept: Mapping[str, Json] = context_data.kept.own or {}
        is_same = self._kept.get("digest") == self._digest
        self._since = float(self._kept["since"]) if is_same else context_data.elapsed_seconds

    def result(self) -> ActionResult:
        """The trace, if it is complete; else another look, or what is missing when there is no time for one."""
        missing, code = self._missing()
        left = min(self._params.within_seconds - self._context.elapsed_seconds, self._context.patience_seconds)
        if missing and left > 0:
            keeps = {"digest": self._digest, "since": self._since}
            pause = min(LOOK_SECONDS, left)
            return ActionResult(self._document(), request=self._request, resume_after_seconds=pause, keeps=keeps)
        cut = "; X-Ray does not have the whole trace (`truncated`)" if self._look.truncated else ""
        failure = f"after {self._params.within_seconds:g} s, {missing}{cut}" if missing else None
        return ActionResult(
            self._document(),
            request=self._request,
            failure=failure,
            failure_code=code,
            keeps={} if self._kept else None,
            effect=Effect.NONE,
        )

    @property
    def _request(self) -> Json:
        return {"trace_id": self._trace_id, **self._params.model_dump(exclude_unset=True, exclude={"trace_id"})}

    def _document(self) -> Json:
        look = self._look
        segments = sum(span.is_segment for span in look.spans.values())
        found = {"segments": segments, "truncated": look.truncated}
        return {"trace_id": self._trace_id, **self._graph.document(), **found}

    def _missing(self) -> tuple[str, str]:
        """What the trace lacks, and the code of that; empty when it is complete."""
        if not self._look.spans:
            return self._not_recorded(), "not_recorded"
        if unvisited_ := unvisited(self._params.visits, self._graph):
            return unvisited_, "not_visited"
        if unfinished := _unfinished(self._look.spans):
            return f"the trace is not complete: {unfinished}", "not_complete"
        if self._context.elapsed_seconds - self._since < self._params.settle_seconds:
            return "the trace is not complete: parts of it still came", "not_complete"
        return "", ""

    def _not_recorded(self) -> str:
        others = self._look.others
        holds = f"only {count(others, 'span')} that no call of the run caused" if others else "nothing"
        return (
            f"X-Ray has {holds} of trace {self._trace_id}: services record it in their own region, when tracing is on "
            "(`Tracing: Active` of functions, `TracingEnabled` of stages of REST APIs), and X-Ray does not find it "
            "where CloudWatch Transaction Search is on"
        )


def _unfinished(spans: Mapping[str, TraceSpan]) -> str:
    """What is still to come.

    A call whose callee is traced breaks the trace until the callee's segment has come (AWS X-Ray developer guide, "AWS
    X-Ray segment documents", `traced`).
    """
    running = sorted({span.name for span in spans.values() if span.in_progress})
    if running:
        return f"still in progress {'is' if len(running) == 1 else 'are'} {first_of(running, _NAMED)}"
    awaited = sorted({span.name for span in without_callee(spans) if span.awaits})
    return f"no segment came of {first_of(awaited, _NAMED)}" if awaited else ""


def _digest(spans: Mapping[str, TraceSpan]) -> str:
    seen = sorted(f"{span.id} {span.end}" for span in spans.values())
    return hashlib.sha256("\n".join(seen).encode(errors="surrogatepass")).hexdigest()

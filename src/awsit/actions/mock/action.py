"""`mock`: play a service that the one under test calls."""

from __future__ import annotations

from awsit.actions.mock.params import MockParams
from awsit.expressions.values import as_text
from awsit.http.validation import check_header
from awsit.model.action.call import ActionContext, ActionResult
from awsit.model.action.compensation import Compensation, PlannedCompensation
from awsit.model.action.protocol import PlannedParams, Summary
from awsit.model.http import WITHOUT_MOCKS
from awsit.model.json import Json
from awsit.model.permissions import AwsLocation, RequiredPermissions
from awsit.model.text.counts import count


class MockAction:
    """Answer HTTP calls of the service under test in the place of another service. Ended with the run."""

    type = "mock"
    params_model = MockParams
    resource_kind = ""
    not_found_means_gone = True
    kept_as = "mock"
    without_mocks = WITHOUT_MOCKS
    always_taken_back = True

    def execute(self, params: MockParams, context_data: ActionContext) -> ActionResult:
        """Begin to answer. Raises ActionError when that is not possible.

        Result: `{url}`, without a slash at its end; null for what clean-up does.
        """
        request = params.model_dump(exclude_defaults=True)
        if params.stop:
            context_data.mocks.close(context_data.run_id, params.stop)
            return ActionResult(None, request=request)
        _check_headers(params)
        routes: Json = request.get("routes", [])
        url = context_data.mocks.open(context_data.run_id, context_data.step, routes, params.port)
        return ActionResult({"url": url}, request=request)

    def compensations(self, params: MockParams, context_data: ActionContext) -> tuple[Compensation, ...]:
        """What ends the mock; with its process, it has ended by itself."""
        return () if params.stop else (Compensation("mock", {"stop": context_data.step}),)

    def compensations_of_result(self, _params: MockParams, _done: ActionResult) -> tuple[Compensation, ...]:
        """Nothing more."""
        return ()

    def planned_compensation(self, params: PlannedParams) -> PlannedCompensation:
        """The same, as far as it is known."""
        return (
            PlannedCompensation()
            if "stop" in params
            else PlannedCompensation((), (Compensation("mock", {"stop": "*"}),))
        )

    def is_safe_to_repeat(self, _params: MockParams) -> bool:
        """Always: a mock that is open stays open."""
        return True

    def only_reads(self, _params: MockParams) -> bool:
        """No: it makes a server."""
        return False

    def permissions(self, _params: PlannedParams, _location: AwsLocation) -> RequiredPermissions:
        """None: it is no part of AWS."""
        return RequiredPermissions(())

    def summary(self, params: PlannedParams) -> Summary:
        """How many routes it has."""
        if "stop" in params:
            return Summary(f"stop mock {as_text(params['stop'])}")
        routes = params.get("routes")
        number = len(routes) if isinstance(routes, list) else 0
        return Summary(f"answer calls by {count(number, 'route')}")


def _check_headers(params: MockParams) -> None:
    """Refuse what no header can hold, now that no text is a template any more. Raises ActionError."""
    for route in params.routes:
        for response in (route, *(route.responses or ())):
            for name, value in response.headers.items():
                check_header(name, value)


ACTION = MockAction()

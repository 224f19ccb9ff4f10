"""The process of the emulated AWS: ministack, with what awsit mends in it. `python -m awsit.sandbox.emulator`.

What is mended here is never in what is deployed, so that a template and a scenario are the same in an account.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from awsit.config import environment
from awsit.sandbox import asynchronous, conditions, metrics, policies, rest_api, state_machines, traces
from awsit.sandbox.gate.gate import Gate, as_signed
from awsit.sandbox.gate.signatures import StartKeys
from awsit.system.clock import SystemClock

CONCURRENCY_HINT = (
    "; this limit is the sandbox's own: raise `sandbox_concurrency` in awsit.toml, stop the sandbox and start it again"
)
"""What ends the message of a call that is throttled because too many functions of the sandbox run at once."""

Throttle = Callable[..., dict[str, Any]]
_ROUTE, _EVENT_TYPE = 3, 6
"""Where the emulator's call of a function has these among its arguments."""


def main() -> None:
    """Serve until SIGTERM."""
    functions: Any = importlib.import_module("ministack.services.lambda_svc")
    functions._throttle_response = explained(functions._throttle_response)  # noqa: SLF001 - the pinned version has no hook
    _let_throttled_events_wait(functions)
    rest_api.read_whole(importlib.import_module("ministack.services.apigateway_v1"))
    apis: Any = importlib.import_module("ministack.services.apigateway")
    apis._invoke_ws_lambda = answering_as_routes_say(apis._invoke_ws_lambda)  # noqa: SLF001
    app: Any = importlib.import_module("ministack.app")
    app._EXECUTE_API_RE = app._LAMBDA_URL_RE = re.compile(r"(?!)")  # noqa: SLF001 - the gate alone routes by Host
    secret = environment()["AWS_SECRET_ACCESS_KEY"]
    app.app = Gate(app.app, KnownNames(), StartKeys(secret))
    _keep_sessions_secret(secret)
    app.pin_signed_request = as_signed(app.pin_signed_request)
    app.pin_request_origin = policies.over_tls(app.pin_request_origin)
    app._enforce_data_plane = policies.naming_own(app._enforce_data_plane)  # noqa: SLF001
    actions: Any = importlib.import_module("ministack.core.iam_actions")
    traces.keep_traces(app, actions)
    actions.extract_iam_action = policies.of_parts(actions.extract_iam_action)
    actions.extract_resource_arn = policies.whole_groups(
        policies.named_streams(actions.extract_resource_arn, _stream_of_iterator)
    )
    actions.access_denied_response = policies.naming_resources(
        actions.access_denied_response, actions.identity_denial_message
    )
    _evaluate_whole_conditions()
    _make_metrics_of_lines()
    _nest_executions()
    app.main()


def answering_as_routes_say(invoke: Callable[..., Awaitable[Any]]) -> Callable[..., Awaitable[Any]]:
    """The emulator's call of the function behind a route of a WebSocket API, whose answer goes to the client.

    That of a route that has no responses does not (Amazon API Gateway developer guide, "Set up route responses for
    WebSocket APIs in API Gateway"); errors do.
    """

    async def invoke_and_answer(*arguments: Any, **more: Any) -> Any:
        answer = await invoke(*arguments, **more)
        route, event_type = arguments[_ROUTE], arguments[_EVENT_TYPE]
        is_error = isinstance(answer, Mapping) and str(answer.get("statusCode", "")).startswith("5")
        is_told = event_type != "MESSAGE" or route.get("routeResponseSelectionExpression") or is_error
        return answer if is_told else None

    return invoke_and_answer


def _let_throttled_events_wait(functions: Any) -> None:
    functions._execute_function = asynchronous.patient(functions._execute_function, SystemClock())  # noqa: SLF001 - no hook
    functions.invoke_async_with_retry = asynchronous.marked(functions.invoke_async_with_retry)
    rules: Any = importlib.import_module("ministack.services.eventbridge")
    rules._dispatch_to_lambda = asynchronous.by_rule(functions, rules._dispatch_to_lambda)  # noqa: SLF001


def _evaluate_whole_conditions() -> None:
    modules: dict[str, Any] = {
        name: importlib.import_module(f"ministack.services.cloudformation.{name}") for name in conditions.MODULES
    }
    evaluate = conditions.evaluator(modules["engine"]._resolve_refs)  # noqa: SLF001 - the pinned version has no hook
    for module in modules.values():
        module._evaluate_conditions = evaluate  # noqa: SLF001


def _stream_of_iterator(iterator: str) -> str:
    """The ARN of the stream whose records an iterator gives; empty for one that nobody knows."""
    of_tables: Any = importlib.import_module("ministack.services.dynamodb_streams")
    kinesis: Any = importlib.import_module("ministack.services.kinesis")
    of_table = of_tables._decode_iterator(iterator) or {}  # noqa: SLF001 - the pinned version has no hook
    found = of_table.get("arn") or (kinesis._shard_iterators.get(iterator) or {}).get("stream_arn")  # noqa: SLF001
    return str(found or "")


def _make_metrics_of_lines() -> None:
    logs: Any = importlib.import_module("ministack.services.cloudwatch_logs")
    cloudwatch: Any = importlib.import_module("ministack.services.cloudwatch")
    store, evaluate = cloudwatch._store_datum, cloudwatch._evaluate_all_alarms  # noqa: SLF001 - the pinned version has no hook
    logs._append_log_events = metrics.collecting(logs._append_log_events, store, evaluate)  # noqa: SLF001
    provisioners: Any = importlib.import_module("ministack.services.cloudformation.provisioners")
    provisioners._cw_metric_alarm_record = metrics.with_metric_math(provisioners._cw_metric_alarm_record)  # noqa: SLF001


def _nest_executions() -> None:
    machines = vars(importlib.import_module("ministack.services.stepfunctions"))
    nested = state_machines.Nested(machines, SystemClock())
    run_items = state_machines.with_concurrency_paths(machines["_run_map_items"], machines["_resolve_path_or_ctx"])
    _let_tasks_read_objects(machines)
    machines["_test_state"] = state_machines.retried_first(machines["_test_state"], machines["_find_matching_retrier"])
    machines.update(
        _run_map_items=run_items, _run_sub_machine=nested.run_states, _start_sync_execution=nested.run_to_the_end
    )


def _let_tasks_read_objects(machines: dict[str, Any]) -> None:
    app: Any = importlib.import_module("ministack.app")

    def answer(method: str, path: str) -> state_machines.Answer:
        handler = app.SERVICE_HANDLERS["s3"]
        signed = {"authorization": f"AWS4-HMAC-SHA256 Credential=test/20260101/{machines['REGION']}/s3/aws4_request"}
        answered: state_machines.Answer = app.call_service_handler_sync(handler, method, path, signed, b"", {})
        return answered

    machines["_S3_OP_SPECS"]["GetObject"] = {"method": "GET", "path": "/{Bucket}/{Key+}", "result_root": None}
    machines["_dispatch_aws_sdk_rest_xml"] = state_machines.with_objects(machines["_dispatch_aws_sdk_rest_xml"], answer)


def _keep_sessions_secret(secret: str) -> None:
    sts: Any = importlib.import_module("ministack.services.sts")
    sessions = sts._sessions  # noqa: SLF001 - the pinned version has no hook
    for name in ("core.lambda_runtime", "services.lambda_svc"):
        module: Any = importlib.import_module(f"ministack.{name}")
        module.execution_credentials = policies.secret_sessions(module.execution_credentials, sessions, secret)


class KnownNames:
    """What exists in the emulated account. Its modules are imported by `main`, before the first request."""

    def has_api(self, api_id: str) -> bool:
        """Whether there is a REST, HTTP or WebSocket API of this ID."""
        names = ("apigateway", "apigateway_v1")
        modules: list[Any] = [importlib.import_module(f"ministack.services.{name}") for name in names]
        return any(module.find_api_scope(api_id) is not None for module in modules)

    def has_function_url(self, url_id: str) -> bool:
        """Whether a function has the URL of this ID."""
        functions: Any = importlib.import_module("ministack.services.lambda_svc")
        return functions.resolve_function_url(url_id) is not None

    def has_graphql_api(self, api_id: str) -> bool:
        """Whether there is an AppSync API of this ID, for GraphQL or for events."""
        modules: list[Any] = [
            importlib.import_module(f"ministack.services.{name}") for name in ("appsync", "appsync_events")
        ]
        return any(key[-1] == api_id for module in modules for key, _ in module._apis.all_items())  # noqa: SLF001

    def has_user_pool(self, pool_id: str) -> bool:
        """Whether there is a Cognito user pool of this ID."""
        return any(key[-1] == pool_id for key, _ in self._user_pools())

    def has_sign_in(self, prefix: str) -> bool:
        """Whether a user pool has its sign-in pages under this prefix."""
        return any(pool.get("Domain") == prefix for _, pool in self._user_pools())

    def _user_pools(self) -> Iterable[tuple[tuple[str, ...], dict[str, Any]]]:
        cognito: Any = importlib.import_module("ministack.services.cognito")
        pools: Iterable[tuple[tuple[str, ...], dict[str, Any]]] = cognito._user_pools.all_items()  # noqa: SLF001
        return pools

    def has_service(self, name: str) -> bool:
        """Whether the emulator has the AWS service, by the first label of its endpoint."""
        app: Any = importlib.import_module("ministack.app")
        return name in app.SERVICE_REGISTRY or name in app.SERVICE_NAME_ALIASES

    def has_domain(self, host: str, path: str) -> bool:
        """Whether the host is a custom domain name of an API that answers for the path."""
        apis: Any = importlib.import_module("ministack.services.apigateway_v1")
        return "." in host and apis.resolve_base_path_mapping(host, path) is not None

    def takes_unsigned(self, service: str, operation: str) -> bool:
        """Whether AWS takes this operation of the service without a signature, as its SDK model says."""
        actions: Any = importlib.import_module("ministack.core.iam_actions")
        return operation in actions.unsigned_operations(service)


def explained(throttle: Throttle) -> Throttle:
    """The emulator's answer to a throttled call, with what to do when the limit is the sandbox's own.

    Its Step Functions takes the error's name from `errorType`; without one, a task fails with Lambda.Unknown.
    Source of the name: Step Functions developer guide, "Handle transient Lambda service exceptions".
    """

    def explain(reason_code: str, msg: str, **options: int) -> dict[str, Any]:
        hint = CONCURRENCY_HINT if "account concurrency cap" in msg else ""
        answer = throttle(reason_code=reason_code, msg=msg + hint, **options)
        return {**answer, "body": {**answer["body"], "errorType": "Lambda.TooManyRequestsException"}}

    return explain


if __name__ == "__main__":
    main()

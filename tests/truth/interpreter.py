"""A server of Step Functions whose interpreter was checked against recordings of AWS; its Lambda tasks run elsewhere.

Usage, with a Python 3.13 that has `requirements/truth.txt`: `interpreter.py PORT SANDBOX_ENDPOINT`. LocalEmu carries
LocalStack's interpreter of the Amazon States Language. Functions, tables and buckets stay where they are: the sandbox.
Waits take their real time. The server is hypercorn, for the other one listens on all interfaces.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

REGION = "us-east-1"
CALLERS = (
    "state_task.lambda_eval_utils",
    "state_map.item_reader.resource_eval.resource_eval_s3",
    "state_map.result_writer.resource_eval.resource_eval_s3",
)
"""The interpreter's modules that call what is in the sandbox."""


def main(port: str, sandbox_endpoint: str) -> None:
    """Serve until the process is killed."""
    os.environ.update(
        GATEWAY_LISTEN=f"127.0.0.1:{port}",
        LOCALEMU_HOST=f"127.0.0.1:{port}",
        GATEWAY_SERVER="hypercorn",
        LS_LOG="warn",
        SERVICES="stepfunctions,sts,iam,logs,events",
    )
    _call_at(sandbox_endpoint)
    from localemu.runtime.main import main as serve  # read after the variables, as it asks for them when imported

    serve()


def _call_at(endpoint: str) -> None:
    """Have Lambda tasks and maps call functions and buckets at an endpoint, once for each attempt."""
    import boto3
    from botocore.config import Config

    once = Config(retries={"total_max_attempts": 1}, read_timeout=900, max_pool_connections=50)
    keys = {f"aws_{name}": os.environ[f"SANDBOX_{name.upper()}"] for name in ("access_key_id", "secret_access_key")}
    names = ("lambda", "s3")
    clients = {
        each: boto3.client(each, endpoint_url=endpoint, region_name=REGION, config=once, **keys) for each in names
    }
    for name in CALLERS:
        caller: Any = import_module(f"localemu.services.stepfunctions.asl.component.state.state_execution.{name}")
        caller.boto_client_for = _instead_of(caller.boto_client_for, clients)


def _instead_of(client_for: Any, clients: Mapping[str, Any]) -> Callable[..., Any]:
    def client(service: str, region: str, state_credentials: Any) -> Any:
        return clients.get(service) or client_for(service, region, state_credentials)

    return client


if __name__ == "__main__":
    main(*sys.argv[1:])

"""A server of Step Functions whose interpreter was checked against recordings of AWS; its Lambda tasks run elsewhere.

Usage, with a Python 3.13 that has `requirements/truth.txt`: `interpreter.py PORT LAMBDA_ENDPOINT`. LocalEmu carries
LocalStack's interpreter of the Amazon States Language. Functions, tables and buckets stay where they are: the sandbox.
Waits take their real time. The server is hypercorn, for the other one listens on all interfaces.
"""

from __future__ import annotations

import os
import sys
from typing import Any

REGION = "us-east-1"


def main(port: str, lambda_endpoint: str) -> None:
    """Serve until the process is killed."""
    os.environ.update(
        GATEWAY_LISTEN=f"127.0.0.1:{port}",
        LOCALEMU_HOST=f"127.0.0.1:{port}",
        GATEWAY_SERVER="hypercorn",
        LS_LOG="warn",
        SERVICES="stepfunctions,sts,iam,logs,events",
    )
    _invoke_at(lambda_endpoint)
    from localemu.runtime.main import main as serve  # read after the variables, as it asks for them when imported

    serve()


def _invoke_at(endpoint: str) -> None:
    """Have Lambda tasks call the function at an endpoint, once for each attempt."""
    import boto3
    from botocore.config import Config
    from localemu.services.stepfunctions.asl.component.state.state_execution.state_task import lambda_eval_utils

    once = Config(retries={"total_max_attempts": 1}, read_timeout=900, max_pool_connections=50)
    keys = {f"aws_{name}": os.environ[f"SANDBOX_{name.upper()}"] for name in ("access_key_id", "secret_access_key")}
    function = boto3.client("lambda", endpoint_url=endpoint, region_name=REGION, config=once, **keys)
    client_for = lambda_eval_utils.boto_client_for

    def client(service: str, region: str, state_credentials: Any) -> Any:
        return function if service == "lambda" else client_for(service, region, state_credentials)

    lambda_eval_utils.boto_client_for = client


if __name__ == "__main__":
    main(*sys.argv[1:])

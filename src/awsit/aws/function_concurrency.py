"""How many calls of a function may go on at once, as the account says now."""

from __future__ import annotations

from contextlib import suppress

from msgspec import Struct

from awsit.aws.client import errors
from awsit.errors import EnvironmentFailure
from awsit.model.ports import Aws


class FunctionConcurrency(Struct, frozen=True):
    """So many calls may go on at once: `is_reserved` for this function alone, else shared with those without any.

    Source: Lambda developer guide, "Understanding Lambda function scaling".
    """

    limit: int
    is_reserved: bool


def function_concurrency(aws: Aws, function_name: str) -> FunctionConcurrency | None:
    """The function's own reservation, else what the account leaves unreserved; None when that may not be asked.

    Source: Lambda API Reference, "GetFunctionConcurrency" and "GetAccountSettings".
    """
    with suppress(EnvironmentFailure), errors.reported("read the concurrency of the function"):
        client = aws.client("lambda")
        reserved = client.get_function_concurrency(FunctionName=function_name).get("ReservedConcurrentExecutions")
        if reserved is not None:
            return FunctionConcurrency(int(reserved), is_reserved=True)
        account = client.get_account_settings()["AccountLimit"]
        return FunctionConcurrency(int(account["UnreservedConcurrentExecutions"]), is_reserved=False)
    return None

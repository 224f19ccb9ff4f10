from types import SimpleNamespace

import pytest
from tests.unit.aws.fakes import FakeAws, client_error

from awsit.aws.function_concurrency import FunctionConcurrency, function_concurrency


def denied(**_):
    raise client_error("AccessDeniedException")


def functions(reserved=None, unreserved=900):
    return {
        "get_function_concurrency": lambda **_: {} if reserved is None else {"ReservedConcurrentExecutions": reserved},
        "get_account_settings": lambda: {"AccountLimit": {"UnreservedConcurrentExecutions": unreserved}},
    }


@pytest.mark.parametrize(
    ("calls", "concurrency"),
    [
        (functions(reserved=40), FunctionConcurrency(40, is_reserved=True)),
        (functions(reserved=0), FunctionConcurrency(0, is_reserved=True)),
        (functions(), FunctionConcurrency(900, is_reserved=False)),
        ({**functions(), "get_account_settings": denied}, None),
        ({**functions(), "get_function_concurrency": denied}, None),
    ],
)
def test_a_reservation_comes_first_and_what_may_not_be_asked_is_not_known(calls, concurrency):
    aws = FakeAws(**{"lambda": SimpleNamespace(**calls)})

    assert function_concurrency(aws, "awsit-AtomicLambdaInvoker") == concurrency

"""What could not be read, as the service, or whatever stands before it, answered."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from awsit.aws.evidence.unread import denied


def refusal(code: object) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "BatchGetTraces")  # type: ignore[typeddict-item]


@pytest.mark.parametrize("code", ["AccessDeniedException", "403", 403])
def test_a_denial_is_evidence(code: object) -> None:
    found = denied(refusal(code))
    assert found
    assert "BatchGetTraces" in found.text


@pytest.mark.parametrize("code", ["ThrottlingException", "", 500, None])
def test_another_answer_is_none_whatever_its_code_is(code: object) -> None:
    assert denied(refusal(code)) is None

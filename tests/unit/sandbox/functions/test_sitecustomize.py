import socket

import pytest

from awsit.sandbox.functions.sitecustomize import refusing


@pytest.mark.parametrize("host", ["a.execute-api.eu-west-1.amazonaws.com", b"checkip.amazonaws.com"])
def test_names_of_aws_lead_nowhere_and_the_error_says_why(host):
    with pytest.raises(
        socket.gaierror, match=r"sandbox sends nothing to AWS, and \S+\.amazonaws\.com is a host of AWS"
    ):
        refusing(socket.getaddrinfo)(host, 443)


@pytest.mark.parametrize("host", ["127.0.0.1", b"127.0.0.1", None])
def test_other_names_are_resolved_as_ever(host):
    assert refusing(socket.getaddrinfo)(host, 80, type=socket.SOCK_STREAM) == socket.getaddrinfo(
        host, 80, type=socket.SOCK_STREAM
    )

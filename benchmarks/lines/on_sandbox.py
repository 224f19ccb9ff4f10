"""A plugin of pytest that sends the tests' requests for hosts of AWS to the sandbox, as `http_call` does by itself.

It is part of the trial and not of the comparison: in an account the tests need nothing of it.
"""

import os
from urllib.parse import urlsplit

import requests

SANDBOX = os.environ["AWS_ENDPOINT_URL"]
send = requests.Session.request


def request(self: requests.Session, method: str, url: str, **options: object) -> requests.Response:
    """Send a request to the sandbox, with the host of its URL as its Host."""
    parts = urlsplit(url)
    address = parts._replace(scheme="http", netloc=urlsplit(SANDBOX).netloc).geturl()
    return send(self, method, address, headers={"Host": parts.netloc}, **options)


requests.Session.request = request

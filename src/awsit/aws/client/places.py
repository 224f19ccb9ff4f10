"""AWS at the places that actions name."""

from __future__ import annotations

import threading

from awsit.aws.client.clients import AwsClients
from awsit.model.plan import AwsPlace


class Places:
    """AWS at each place, with one session and its clients, as seen from one's `own`.

    A role is assumed at the first call, and again before its session ends, which is after an hour.
    """

    def __init__(self, own: AwsClients, session_name: str = "awsit") -> None:
        """`session_name` is what CloudTrail shows beside a role that is assumed."""
        self._own = own
        self._session_name = session_name
        self._lock = threading.Lock()
        self._known: dict[AwsPlace, AwsClients] = {}

    def __call__(self, place: AwsPlace) -> AwsClients:
        """AWS at the place. Raises CredentialsError where this process has no credentials of its own."""
        with self._lock:
            if place not in self._known:
                self._known[place] = self._opened(place)
            return self._known[place]

    def _opened(self, place: AwsPlace) -> AwsClients:
        own = self._own
        if not place.role_arn:
            return own.elsewhere(own.session, place.region)
        from awsit.aws.client.assumed_role import assume  # brings botocore

        session = assume(own.session, place.role_arn, self._session_name, place.external_id, own.endpoint_url)
        return own.elsewhere(session, place.region or own.region)

"""One session of botocore and its clients: the real `Aws` port."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cached_property
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from msgspec import Struct

import awsit
from awsit.aws.client import deadline, error_codes, errors
from awsit.aws.client.call_log import log_calls
from awsit.aws.client.calls import answers, repeats, traces
from awsit.aws.client.pace import SERVICES, Pace
from awsit.errors import EnvironmentFailure
from awsit.http.urls import with_canonical_query
from awsit.model.http import Repeat, Sending
from awsit.records import replace

if TYPE_CHECKING:
    from botocore.config import Config
    from botocore.session import Session

    from awsit.model.http import HttpRequest
    from awsit.quotas.account import AccountQuotas


class ConnectSettings(Struct, frozen=True):
    """How clients connect. Timeouts in seconds; `max_attempts` includes the first; `pool_size` is for each client."""

    connect_timeout: float = 5.0
    read_timeout: float = 60.0
    max_attempts: int = 5
    pool_size: int = 32


CREDENTIALS_SECONDS = 120
"""Seconds to find credentials before a run: a person may type the code of an MFA device."""
PATIENT_ATTEMPTS = 12
"""With the waits between the attempts (exponential, 20 s at most), a call survives a network outage of one minute."""

QUICK_SECONDS = 3.0
"""How long a call of `quick` clients may take to connect, and to be answered."""

LAMBDA_READ_TIMEOUT = 905.0
"""A synchronous invocation is answered when the function ends, after 900 s at most (AWS Lambda quotas)."""


class AwsClients:
    """AWS with the credentials of one person or role, in one region, or an emulated AWS at `endpoint_url`.

    botocore finds what is None by its own rules (profile, `AWS_ENDPOINT_URL`, role). It is imported, and configuration
    read, at the first use. Safe to share between threads.
    """

    def __init__(
        self,
        profile: str | None = None,
        region: str | None = None,
        endpoint_url: str | None = None,
        settings: ConnectSettings | None = None,
        session: Session | None = None,
    ) -> None:
        self._profile = profile
        self._region = region
        self._endpoint_url = endpoint_url
        self._settings = settings or ConnectSettings()
        self._lock = threading.RLock()
        self._clients: dict[str, Any] = {}
        self._session = session
        self._pace = Pace()
        self._others: dict[ConnectSettings, AwsClients] = {}

    @cached_property
    def region(self) -> str:
        """The name of the region. Raises EnvironmentFailure without one, CredentialsError for an unknown profile."""
        region = self._region or self.session.get_config_variable("region")
        if region:
            return region
        raise EnvironmentFailure(
            "no AWS region is configured",
            code="no_region",
            hint="give --region, set AWS_REGION, or add a region to the profile in ~/.aws/config; "
            "without an AWS account, use --sandbox",
        )

    def check_credentials(self) -> None:
        """Find a region and credentials before they are needed; temporary ones are tried with one call of STS.

        Raises EnvironmentFailure without a region, CredentialsError without credentials or with expired ones. Any other
        answer of STS says nothing: it may be out of reach where other services are not.
        """
        region = self.region
        with errors.reported("use the AWS credentials"), deadline.within(CREDENTIALS_SECONDS):
            credentials = errors.require_credentials(self.session.get_credentials()).get_frozen_credentials()
            if credentials.token and self._are_expired(region):
                raise errors.expired("use the AWS credentials")

    def _are_expired(self, region: str) -> bool:
        from botocore.config import Config

        from awsit.aws.client import time_limit

        quick = Config(connect_timeout=2, read_timeout=5, retries={"total_max_attempts": 1})
        sts: Any = self.session.create_client("sts", region_name=region, endpoint_url=self._endpoint_url, config=quick)
        time_limit.limit_calls(sts)
        try:
            sts.get_caller_identity()
        except Exception as error:  # noqa: BLE001 - only one of its answers is of interest
            return errors.code_of(error) in error_codes.EXPIRED
        return False

    @property
    def endpoint_url(self) -> str | None:
        """Where an emulated AWS is; None where botocore finds the endpoints."""
        return self._endpoint_url

    @property
    def session(self) -> Session:
        """The session of all clients. Raises CredentialsError when the profile does not exist."""
        with self._lock:
            if self._session is None:
                self._session = self._new_session()
            return self._session

    @cached_property
    def account(self) -> str:
        """The 12-digit ID of the account, from STS. Raises EnvironmentFailure."""
        with errors.reported("find out which account this is"):
            return str(self.client("sts").get_caller_identity()["Account"])

    @cached_property
    def partition(self) -> str:
        """The partition of the region, such as `aws`, `aws-cn` or `aws-us-gov`."""
        return self.session.get_partition_for_region(self.region)

    def client(self, service: str) -> Any:
        """The shared client of a service, made at the first use. Raises EnvironmentFailure when it cannot be made."""
        with self._lock:
            if service not in self._clients:
                self._clients[service] = self._new_client(service)
            return self._clients[service]

    def within(self, seconds: float) -> AbstractContextManager[object]:
        """A block whose AWS calls end within these seconds, all together (`deadline`)."""
        return deadline.within(seconds)

    def sent_once(self, note: Callable[[Repeat], None]) -> AbstractContextManager[Sending]:
        """A block in which the SDK repeats only what is safe to repeat (`repeats`)."""
        return repeats.sent_once(note)

    def traced(self, header: str) -> AbstractContextManager[object]:
        """A block whose AWS calls carry this trace (`traces`)."""
        return traces.traced(header)

    def translate(self, error: Exception) -> Exception:
        """An ActionError for a botocore error; any other error unchanged."""
        return errors.translate(error)

    def sign(self, request: HttpRequest, service: str, region: str | None = None) -> HttpRequest:
        """The request with the headers of Signature Version 4. Raises CredentialsError without credentials."""
        from botocore.auth import S3SigV4Auth, SigV4Auth
        from botocore.awsrequest import AWSRequest

        with errors.reported("sign the request"):
            credentials = errors.require_credentials(self.session.get_credentials())
            signer = S3SigV4Auth if service == "s3" else SigV4Auth  # S3 alone signs the path without encoding it twice
            url = with_canonical_query(request.url)
            unsigned = AWSRequest(request.method, url, headers=dict(request.headers), data=request.body or b"")
            signer(credentials.get_frozen_credentials(), service, region or self.region).add_auth(unsigned)
        return replace(request, headers=dict(unsigned.headers.items()))

    def patient(self) -> AwsClients:
        """The same AWS with more attempts for each call, for a caller that follows a run through a network outage."""
        return self._with(replace(self._settings, max_attempts=PATIENT_ATTEMPTS))

    def quick(self) -> AwsClients:
        """The same AWS for a caller that does without an answer that takes longer than a few seconds."""
        seconds = QUICK_SECONDS
        return self._with(replace(self._settings, connect_timeout=seconds, read_timeout=seconds, max_attempts=2))

    def elsewhere(self, session: Session, region: str) -> AwsClients:
        """AWS with the credentials of another session, in another region."""
        return AwsClients(self._profile, region, self._endpoint_url, self._settings, session)

    def keep_to(self, quotas: AccountQuotas) -> None:
        """Pace the calls of this AWS, and of the same one with other settings, by what the account allows."""
        self._pace.keep_to(quotas)

    def _with(self, settings: ConnectSettings) -> AwsClients:
        """The same AWS with other settings; its calls keep the same pace, together with those of this one."""
        with self._lock:
            if settings not in self._others:
                others = AwsClients(self._profile, self._region, self._endpoint_url, settings, self.session)
                others._pace = self._pace
                self._others[settings] = others
            return self._others[settings]

    def close(self) -> None:
        """Close the pooled connections of every client."""
        with self._lock:
            for client in self._clients.values():
                client.close()
            self._clients.clear()

    def _new_session(self) -> Session:
        from awsit.aws.client.credentials import open_session  # brings botocore

        with errors.reported("open an AWS session"):
            return open_session(self._profile, self._region)

    def _new_client(self, service: str) -> Any:
        from awsit.aws.client import time_limit  # brings botocore

        doing = f"connect to {service}"
        try:
            with errors.reported(doing):
                client: Any = self.session.create_client(
                    service,
                    region_name=self.region,
                    endpoint_url=self._endpoint_url,
                    config=self._config(service),
                )
        except ValueError as error:  # botocore: "Invalid endpoint"
            hint = "check AWS_ENDPOINT_URL and the endpoints in the profile: https://host:port"
            raise EnvironmentFailure(f"could not {doing}: {error}", hint=hint) from error
        if _takes_no_prefix(str(client.meta.endpoint_url)):
            client.meta.config.inject_host_prefix = False
        log_calls(client)
        time_limit.limit_calls(client)
        repeats.watch_repeats(client)
        traces.carry_traces(client)
        answers.refuse_foreign(client)
        if service in SERVICES and self._endpoint_url is None:  # an emulated AWS has no quotas
            self._pace.keep(client)
        return client

    def _config(self, service: str) -> Config:
        from botocore.config import Config

        settings = self._settings
        if service == "lambda":  # a function may still run when its call breaks off: only a scenario may repeat it
            settings = replace(settings, read_timeout=LAMBDA_READ_TIMEOUT, max_attempts=1)
        return Config(
            connect_timeout=settings.connect_timeout,
            read_timeout=settings.read_timeout,
            retries={"mode": "standard", "total_max_attempts": settings.max_attempts},
            max_pool_connections=settings.pool_size,
            tcp_keepalive=True,
            user_agent_extra=f"awsit/{awsit.__version__}",
            # the host `bucket.localhost` resolves on few machines; AWS itself is addressed by virtual host
            s3={"addressing_style": "path"} if self._endpoint_url else None,
            # otherwise s3transfer sends a HeadObject before each download
            response_checksum_validation="when_required",
        )


def _takes_no_prefix(endpoint_url: str) -> bool:
    """Whether the host of an endpoint is an address or this machine, so that no name begins with `sync-` and it.

    Some operations are sent to a host of their own (`start_sync_execution`: Smithy specification, "Endpoint traits").
    """
    host = urlsplit(endpoint_url).hostname or ""
    try:
        ip_address(host)
    except ValueError:
        return host == "localhost"
    return True

"""AWS credentials that are found and renewed within the time of a block (`deadline`).

botocore asks STS, SSO, a container or the instance for them with clients of its own, which look hosts up for as long as
the resolver takes and try several times, or starts a program (`credential_process`). Nothing of that can be bounded
from outside, so it is done in a thread.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from botocore.credentials import (
    CredentialProvider,
    CredentialResolver,
    Credentials,
    ReadOnlyCredentials,
    RefreshableCredentials,
)
from botocore.exceptions import BotoCoreError, ConnectTimeoutError, CredentialRetrievalError
from botocore.session import Session

from awsit.aws.client.credential_programs import with_programs_ended
from awsit.aws.client.deadline import seconds_left
from awsit.service_models import share_models
from awsit.system.shared_work import SharedWork

T = TypeVar("T")

MANDATORY_SECONDS = 600
"""botocore renews credentials that are good for less; before that, from 15 minutes on, it goes on with those it has.

Source: botocore's `RefreshableCredentials`, as the AWS SDKs and Tools Reference Guide has no figures.
"""


class CredentialsTimeoutError(ConnectTimeoutError):
    """There were no credentials in the time that there was for a call, so that nothing of it was sent."""

    fmt = "There were no AWS credentials within {seconds:g} s"


def open_session(profile: str | None, region: str | None) -> Session:
    """A session whose credentials keep to the time. Raises botocore's ProfileNotFound."""
    session = Session(profile=profile)
    if region is not None:
        session.set_config_variable("region", region)
    share_models(session)
    resolver = session.get_component("credential_provider")
    providers = with_programs_ended(resolver.providers, session)
    session.register_component("credential_provider", _ResolverInTime(providers))
    return session


class _ResolverInTime(CredentialResolver):
    def __init__(self, providers: list[CredentialProvider]) -> None:
        super().__init__(providers)
        self._work = SharedWork[Credentials | None]("credentials")

    def load_credentials(self) -> Credentials | None:
        found = _in_time(self._work, super().load_credentials, seconds_left())
        return CredentialsInTime(found) if isinstance(found, RefreshableCredentials) else found


class CredentialsInTime(Credentials):
    """Credentials that end, renewed in time; what they are is asked of the ones that botocore found."""

    def __init__(self, found: RefreshableCredentials) -> None:
        """`found` renews itself when it is looked at."""
        self._found = found
        self._last: ReadOnlyCredentials | None = None
        self._work = SharedWork[ReadOnlyCredentials]("credentials")
        self.method = found.method

    def get_frozen_credentials(self) -> ReadOnlyCredentials:
        """The credentials as they are now, renewed where that is due. Raises CredentialsTimeoutError.

        Those that are still good for a while are used while a thread renews them.
        """
        left, found = seconds_left(), self._found
        if left is None or not found.refresh_needed():
            self._last = _retrieved(found.get_frozen_credentials)
        elif self._last is None or found.refresh_needed(MANDATORY_SECONDS):
            self._last = _in_time(self._work, found.get_frozen_credentials, left)
        else:
            self._last = _in_time(self._work, found.get_frozen_credentials, 0, self._last)
        return self._last

    def get_deferred_property(self, property_name: str) -> Callable[[], str | None]:
        """What tells one of the credentials' properties when it is needed, such as `account_id`."""
        return lambda: self.get_frozen_credentials()._asdict().get(property_name)


def _in_time(work: SharedWork[T], what: Callable[[], T], seconds: float | None, otherwise: T | None = None) -> T:
    """The result of the work that is done, or `otherwise` after `seconds`. Raises CredentialsTimeoutError."""
    if seconds is None:
        return _retrieved(what)
    left = max(seconds, 0.0)
    try:
        return work.result("", lambda: _retrieved(what), left)
    except TimeoutError:
        if otherwise is None:
            raise CredentialsTimeoutError(seconds=round(left, 1)) from None
        return otherwise


def _retrieved(what: Callable[[], T]) -> T:
    """What botocore's providers give. Raises CredentialRetrievalError for what they let through, too.

    That is a program that there is not, or whose output is no JSON, a file that cannot be read, a question for an
    MFA code where there is no terminal, or credentials whose time is over (RuntimeError).
    """
    try:
        return what()
    except BotoCoreError:
        raise
    except EOFError:
        reason = "a code is asked for (mfa_serial), and there is no terminal to give it"
    except RuntimeError as error:
        reason = str(error)
    except (OSError, ValueError, KeyError) as error:
        reason = f"{type(error).__name__}: {error}"
    raise CredentialRetrievalError(provider="the profile", error_msg=reason)

"""A machine with the AWS configuration that its environment says, and an account with one stack; no network."""

from types import SimpleNamespace

from tests.functional.fakes import CREATED, FakeWiring

from awsit.aws.client.clients import AwsClients
from awsit.config import Settings, environment
from awsit.errors import ActionError, ErrorKind
from awsit.http.fake import FakeTransport
from awsit.model.http import HttpRequest, HttpResponse

STACKS = {
    "Stacks": [{"StackName": "orders", "Outputs": [{"OutputKey": "ApiUrl", "OutputValue": "http://orders.test"}]}]
}
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "not-a-secret"}
REGION = {"AWS_REGION": "eu-west-1"}


class Account(AwsClients):
    """An account with the stack `orders`, behind the real session and clients; it does not accept the token `old`."""

    @property
    def session(self):
        if self._session is None:
            super().session.register("before-call", answer)
        return super().session


def answer(model, params, **_):
    if "X-Amz-Security-Token" in params["headers"] or model.name == "GetCallerIdentity":
        return refused("ExpiredToken", "The security token included in the request is expired")
    if model.name == "GetQueueUrl":
        return refused("UnrecognizedClientException", "The security token included in the request is invalid")
    if model.name == "DescribeStacks" and params["body"]["StackName"] != "orders":
        return refused("ValidationError", f"Stack with id {params['body']['StackName']} does not exist")
    return SimpleNamespace(status_code=200), {**STACKS, "StackResourceSummaries": []}


def refused(code, message):
    return SimpleNamespace(status_code=400), {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {}}


def service(request: HttpRequest) -> HttpResponse:
    if request.url == "http://down.test/":
        raise ActionError("down.test:80 refused the connection", kind=ErrorKind.CONNECTION)
    if request.url == "http://nowhere.test/":
        raise ActionError("the host name nowhere.test cannot be resolved", kind=ErrorKind.CONNECTION)
    return CREATED


class Machine(FakeWiring):
    """A machine with the AWS configuration that the environment says."""

    def aws(self, settings: Settings, region: str = "") -> AwsClients:
        return Account(settings.profile or None, settings.region or region or environment().get("AWS_REGION"))


def machine(folder, monkeypatch):
    """The wiring of a machine whose environment configures no AWS."""
    for name in ("AWS_PROFILE", "AWS_DEFAULT_REGION", "AWS_REGION", "AWS_ENDPOINT_URL", *KEYS, "AWS_SESSION_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(folder / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    wiring = Machine(folder)
    wiring.http_fake = FakeTransport(service)
    return wiring

from decimal import Decimal
from types import SimpleNamespace

import pytest
from tests.unit.aws.fakes import FakeAws, client_error

from awsit.aws.secrets import AwsSecrets
from awsit.errors import ActionError, ErrorKind
from awsit.model.sources import StoredParameter


class Vault:
    def __init__(self, values):
        self.values = values
        self.asked = []

    def get_secret_value(self, SecretId):  # noqa: N803 - Secrets Manager's name
        self.asked.append(SecretId)
        if SecretId not in self.values:
            raise client_error("ResourceNotFoundException", "Secrets Manager can't find it", "GetSecretValue")
        return self.values[SecretId]

    def get_parameter(self, Name, WithDecryption):  # noqa: N803 - Systems Manager's names
        self.asked.append((Name, WithDecryption))
        kind, value = self.values[Name]
        return {"Parameter": {"Value": value, "Type": kind}}


def secrets(**values):
    vault = Vault(values)
    return AwsSecrets(FakeAws(secretsmanager=vault, ssm=vault)), vault


@pytest.mark.parametrize(
    ("stored", "value"),
    [
        ({"SecretString": '{"user": "ann", "rate": 1.10}'}, {"user": "ann", "rate": Decimal("1.10")}),
        ({"SecretString": "plain"}, "plain"),
        ({"SecretString": "12345"}, "12345"),
        ({"SecretString": "[1]"}, "[1]"),
        ({"SecretBinary": b"\x00\x01"}, "AAE="),
    ],
)
def test_only_an_object_is_parsed(stored, value):
    assert secrets(id=stored)[0].secret("id") == value


def test_each_value_is_read_once():
    source, vault = secrets(id={"SecretString": "x"})

    assert [source.secret("id"), source.secret("id")] == ["x", "x"]
    assert vault.asked == ["id"]


@pytest.mark.parametrize(("kind", "is_secret"), [("String", False), ("StringList", False), ("SecureString", True)])
def test_a_parameter_is_decrypted_and_its_type_says_whether_it_is_secret(kind, is_secret):
    source, vault = secrets(name=(kind, "value"))

    assert source.parameter("name") == StoredParameter("value", is_secret)
    assert vault.asked == [("name", True)]


def test_a_secret_that_is_not_there_fails_the_step():
    with pytest.raises(ActionError, match="GetSecretValue: Secrets Manager can't find it") as caught:
        secrets()[0].secret("id")

    assert caught.value.kind is ErrorKind.NOT_FOUND


def test_a_bug_stays_a_bug():
    broken = SimpleNamespace(get_secret_value=lambda SecretId: None)  # noqa: N803

    with pytest.raises(TypeError):
        AwsSecrets(FakeAws(secretsmanager=broken)).secret("id")

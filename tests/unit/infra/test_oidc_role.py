"""The role for GitHub's workflows: whose token takes it, and whose does not."""

import re
from pathlib import Path

import pytest
from tests.permissions.policies import trusts
from tests.unit.infra.rendered import ACCOUNT, Rendered

from awsit.aws.deployment import template

FILE = Path(__file__).parents[3] / "ci" / "github" / "oidc_role.yaml"
HOST = "token.actions.githubusercontent.com"
PROVIDER = f"arn:aws:iam::{ACCOUNT}:oidc-provider/{HOST}"
POLICY = f"arn:aws:iam::{ACCOUNT}:policy/awsit-CliPolicy-1ABC"
OF_MAIN = "repo:acme/orders:ref:refs/heads/main"


@pytest.fixture
def role():
    """The properties of the role, for some parameters."""

    def make(**parameters):
        given = {"Repository": "acme/orders", "PolicyArn": POLICY, "ProviderArn": PROVIDER, **parameters}
        return Rendered(template.read(FILE), **given).properties("Role")

    return make


def may_take(role, subject, audience="sts.amazonaws.com"):
    return trusts(role["AssumeRolePolicyDocument"], PROVIDER, **{f"{HOST}:sub": subject, f"{HOST}:aud": audience})


def test_the_branch_of_the_repository_takes_the_role_with_one_policy(role):
    assert may_take(role(), OF_MAIN)
    assert may_take(role(Branch="release/1"), "repo:acme/orders:ref:refs/heads/release/1")
    assert role()["ManagedPolicyArns"] == [POLICY]


@pytest.mark.parametrize(
    "subject",
    [
        "repo:acme/orders:ref:refs/heads/main2",
        "repo:acme/orders:ref:refs/heads/feature/main",
        "repo:acme/orders:ref:refs/tags/main",
        "repo:acme/orders:pull_request",
        "repo:acme/orders:environment:main",
        "repo:acme/orders-evil:ref:refs/heads/main",
        "repo:evil/orders:ref:refs/heads/main",
        "repo:Acme/orders:ref:refs/heads/main",
        "repo:acme/orders:*",
        "",
    ],
)
def test_no_other_workflow_takes_it(role, subject):
    assert not may_take(role(), subject)


def test_a_token_for_another_audience_or_of_another_provider_does_not_take_it(role):
    trust = role()["AssumeRolePolicyDocument"]

    assert not may_take(role(), OF_MAIN, audience="https://github.com/acme")
    assert not trusts(trust, PROVIDER, **{f"{HOST}:aud": "sts.amazonaws.com"})
    assert not trusts(trust, PROVIDER, **{f"{HOST}:sub": OF_MAIN})
    other = PROVIDER.replace(HOST, "evil.example.com")
    assert not trusts(trust, other, **{f"{HOST}:sub": OF_MAIN, f"{HOST}:aud": "sts.amazonaws.com"})


def test_an_environment_takes_the_place_of_the_branch(role):
    stage = role(Environment="stage")

    assert may_take(stage, "repo:acme/orders:environment:stage")
    assert not may_take(stage, "repo:acme/orders:environment:production")
    assert not may_take(stage, OF_MAIN)


@pytest.mark.parametrize("name", ["Branch", "Environment"])
@pytest.mark.parametrize("value", ["*", "release/*", "?"])
def test_a_pattern_is_no_branch_and_no_environment(name, value):
    pattern = template.read(FILE)["Parameters"][name]["AllowedPattern"]

    assert re.search(pattern, value) is None


def test_the_provider_is_made_once_in_an_account(role):
    made = Rendered(template.read(FILE), Repository="acme/orders", PolicyArn=POLICY)

    assert made.properties("Role")["AssumeRolePolicyDocument"]["Statement"][0]["Principal"] == {"Federated": "Provider"}
    assert made.properties("Provider")["ClientIdList"] == ["sts.amazonaws.com"]
    assert made.resources["Provider"]["DeletionPolicy"] == "Retain"

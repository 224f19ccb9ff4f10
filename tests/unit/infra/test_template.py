import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from tests.unit.infra.rendered import ARNS, STATE_MACHINE, STATE_MACHINES, Rendered, listed, packaged, transformed

from awsit.aws import installation
from awsit.aws.deployment import package
from awsit.aws.logs.queries import QUERIES
from awsit.aws.runs import items
from awsit.model.json import dumps

TEMPLATE = package.infra_folder() / "template.yaml"


@pytest.fixture(scope="module")
def stack():
    return Rendered()


def test_cfn_lint_has_nothing_to_say():
    linter = Path(sys.executable).with_name("cfn-lint")
    done = subprocess.run([linter, TEMPLATE], capture_output=True, text=True, check=False)

    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_sam_makes_these_resources_and_no_others():
    kinds = Counter(resource["Type"] for resource in transformed()["Resources"].values())

    assert kinds == {
        "AWS::S3::Bucket": 1,
        "AWS::S3::BucketPolicy": 1,
        "AWS::DynamoDB::Table": 2,
        "AWS::Lambda::Function": 2,
        "AWS::Lambda::Url": 1,
        "AWS::StepFunctions::StateMachine": 2,
        "AWS::Logs::LogGroup": 5,
        "AWS::Logs::QueryDefinition": 5,
        "AWS::IAM::Role": 6,
        "AWS::IAM::Policy": 1,
        "AWS::IAM::ManagedPolicy": 3,
        "AWS::Scheduler::ScheduleGroup": 1,
        "AWS::Events::Rule": 2,
        "AWS::Lambda::Permission": 4,
        "AWS::Lambda::Version": 1,
        "AWS::Lambda::Alias": 1,
        "AWS::CloudWatch::Alarm": 7,
        "AWS::CloudWatch::Dashboard": 1,
    }


def test_the_cli_finds_all_its_names():
    outputs, tags = set(packaged()["Outputs"]), {tag["Key"] for tag in Rendered().properties("TestFlow")["Tags"]}

    assert set(installation._OUTPUTS.values()) <= outputs
    assert set(installation._TAGS.values()) <= tags
    assert {"CliPolicyArn", "ReadOnlyPolicyArn"} <= outputs


def test_the_bucket_is_private_encrypted_versioned_and_tidies_up(stack):
    bucket = stack.properties("Bucket")

    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    encryption = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0]
    assert encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    rules = {rule["Id"]: rule for rule in bucket["LifecycleConfiguration"]["Rules"]}
    assert (rules["runs-expire"]["Prefix"], rules["runs-expire"]["ExpirationInDays"]) == ("runs/", 90)
    by_hash = rules["scenarios-by-hash-expire"]
    assert (by_hash["Prefix"], by_hash["ExpirationInDays"]) == ("scenarios/sha256/", 90)
    assert (rules["suites-expire"]["Prefix"], rules["suites-expire"]["ExpirationInDays"]) == ("suites/", 90)
    assert "NoncurrentVersionExpiration" in rules["old-versions-expire"]
    assert "AbortIncompleteMultipartUpload" in rules["unfinished-uploads-expire"]


def test_the_bucket_is_reached_through_tls_only(stack):
    (statement,) = stack.properties("BucketPolicy")["PolicyDocument"]["Statement"]

    assert (statement["Effect"], statement["Principal"], statement["Action"]) == ("Deny", "*", "s3:*")
    assert statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert statement["Resource"] == ["arn:aws:s3:::bucket", "arn:aws:s3:::bucket/*"]


def test_the_table_is_on_demand_expires_and_can_be_restored(stack):
    table = stack.properties("RunsTable")

    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["KeySchema"] == [
        {"AttributeName": "run_id", "KeyType": "HASH"},
        {"AttributeName": "sk", "KeyType": "RANGE"},
    ]
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["SSESpecification"] == {"SSEEnabled": False}  # with the key that AWS owns


def test_runs_that_are_not_over_are_found_by_their_lease(stack):
    (index,) = stack.properties("RunsTable")["GlobalSecondaryIndexes"]

    assert index["IndexName"] == items.OPEN_RUNS
    assert [part["AttributeName"] for part in index["KeySchema"]] == ["run_id", items.LEASE]
    assert index["Projection"] == {"ProjectionType": "KEYS_ONLY"}


def test_executions_of_this_machine_that_are_cut_off_are_recovered(stack):
    rule = stack.properties("RecoverRuns")
    pattern = rule["EventPattern"]
    (target,) = rule["Targets"]
    values = {"arn": '"a"', "name": '"n"', "started": "1893456000000", "status": '"ABORTED"'}
    payload = target["InputTransformer"]["InputTemplate"]
    for name in target["InputTransformer"]["InputPathsMap"]:
        payload = payload.replace(f"<{name}>", values[name])

    machines = [STATE_MACHINE, STATE_MACHINES["SuiteFlow"]]
    assert pattern["detail"] == {"stateMachineArn": machines, "status": ["ABORTED", "TIMED_OUT", "FAILED"]}
    assert (pattern["source"], target["Arn"]) == (["aws.states"], ARNS["AtomicLambdaInvoker"])
    assert json.loads(payload) == {
        "task": "recover",
        "execution": {"id": "a", "name": "n", "started_at": 1893456000000},
        "status": "ABORTED",
    }


@pytest.mark.parametrize("state", ["ENABLED", "DISABLED"])
def test_the_sweep_can_be_turned_off(state):
    rule = Rendered(SweepState=state).properties("SweepRuns")

    assert (rule["State"], rule["ScheduleExpression"]) == (state, "rate(5 minutes)")
    assert [json.loads(target["Input"]) for target in rule["Targets"]] == [{"task": "sweep"}]


@pytest.mark.parametrize("rule", ["RecoverRuns", "SweepRuns"])
def test_each_rule_may_invoke_the_function_and_no_other_may(stack, rule):
    permission = stack.properties(f"{rule}Permission")

    assert permission["Principal"] == "events.amazonaws.com"
    assert permission["SourceArn"] == f"{rule}.Arn"


@pytest.mark.parametrize("architecture", ["arm64", "x86_64"])
def test_the_function(architecture):
    function = Rendered(Architecture=architecture).properties("AtomicLambdaInvoker")

    assert function["Runtime"] == "python3.13"
    assert function["Handler"] == "awsit.lambdas.atomic_invoker.lambda_handler"
    assert function["Architectures"] == [architecture]
    assert function["TracingConfig"] == {"Mode": "Active"}
    assert function["LoggingConfig"] == {"LogFormat": "Text", "LogGroup": "FunctionLogGroup"}
    variables = function["Environment"]["Variables"]
    assert {"AWSIT_TABLE", "AWSIT_BUCKET", "AWSIT_LOG_LEVEL"} <= set(variables)
    assert variables["AWSIT_ALLOWED_HOSTS"] == ""
    assert "VpcConfig" not in function
    assert "ReservedConcurrentExecutions" not in function


def test_a_vpc_concurrency_and_a_boundary_where_they_are_asked_for():
    boundary = "arn:aws:iam::123456789012:policy/boundary"
    stack = Rendered(
        VpcSubnetIds="subnet-1,subnet-2",
        VpcSecurityGroupIds="sg-1",
        ReservedConcurrency=5,
        PermissionsBoundary=boundary,
    )

    function = stack.properties("AtomicLambdaInvoker")
    assert function["VpcConfig"] == {"SubnetIds": ["subnet-1", "subnet-2"], "SecurityGroupIds": ["sg-1"]}
    assert function["ReservedConcurrentExecutions"] == 5
    roles = [name for name, resource in stack.resources.items() if resource["Type"] == "AWS::IAM::Role"]
    assert len(roles) == 5
    for role in roles:
        assert stack.properties(role)["PermissionsBoundary"] == boundary


@pytest.mark.parametrize("name", ["TestFlow", "SuiteFlow"])
def test_a_state_machine_logs_without_data_and_is_traced(stack, name):
    flow = stack.properties(name)

    assert flow["StateMachineType"] == "STANDARD"
    assert flow["LoggingConfiguration"]["Level"] == "ALL"
    assert flow["LoggingConfiguration"]["IncludeExecutionData"] is False
    assert flow["TracingConfiguration"] == {"Enabled": True}


def test_what_cannot_be_started_for_good_is_soon_given_up():
    definition = json.loads((package.infra_folder() / "suite_flow.asl.json").read_text())
    starting = {name: state for name, state in tasks(definition["States"]) if "startExecution" in state["Resource"]}
    iteration = starting.pop("RunIteration")

    assert len(starting) == 3
    assert sum(each["MaxAttempts"] * each["IntervalSeconds"] for each in iteration["Retry"]) < 3  # it would be too late
    for state in starting.values():
        attempts = {error: each["MaxAttempts"] for each in state["Retry"] for error in each["ErrorEquals"]}
        assert attempts["StepFunctions.ThrottlingException"] == attempts["StepFunctions.ExecutionLimitExceeded"] == 20
        assert attempts["StepFunctions.AWSStepFunctionsException"] == 8  # throttling that it does not name too


def test_the_saved_queries_are_those_of_the_command_line(stack):
    saved = {f"{query.name.capitalize()}Query": query for query in QUERIES}
    names = [name for name, each in transformed()["Resources"].items() if each["Type"] == "AWS::Logs::QueryDefinition"]

    assert names == list(saved)
    for name, query in saved.items():
        assert stack.properties(name) == {
            "Name": f"awsit/awsit/{query.name}",
            "LogGroupNames": ["FunctionLogGroup", "CliLogGroup"],
            "QueryString": query.text,
        }


def test_nothing_of_mocks_is_there_unless_they_are_asked_for(stack):
    with_mocks = Rendered(Mocks="true")

    added = with_mocks.resources.keys() - stack.resources.keys()
    assert added == {name for name in transformed()["Resources"] if name.startswith("Mocks")}
    assert stack.properties("InvokerRole") != with_mocks.properties("InvokerRole")
    variables = stack.properties("AtomicLambdaInvoker")["Environment"]["Variables"]
    assert {variables["AWSIT_MOCKS_URL"], variables["AWSIT_MOCKS_TABLE"]} == {""}


def test_the_function_of_mocks_has_its_table_alone_and_is_called_by_its_url_alone():
    stack = Rendered(Mocks="true")

    used = {each for statement in stack.statements("MocksRole") for each in listed(statement["Resource"])}
    assert used == {ARNS["MocksTable"], ARNS["MocksLogGroup"]}
    public = [stack.properties(name) for name in ("MocksUrlPermission", "MocksInvokePermission")]
    assert [(each["Action"], each["Principal"]) for each in public] == [
        ("lambda:InvokeFunctionUrl", "*"),
        ("lambda:InvokeFunction", "*"),
    ]
    assert public[0]["FunctionUrlAuthType"] == "NONE"
    assert public[1]["InvokedViaFunctionUrl"] is True
    assert stack.properties("MocksFunction")["ReservedConcurrentExecutions"] == 10
    assert "ReservedConcurrentExecutions" not in Rendered(Mocks="true", MocksConcurrency=-1).properties("MocksFunction")


def test_logs_do_not_stay_for_ever():
    stack = Rendered(LogRetentionDays=7, Mocks="true")

    assert {stack.properties(name)["RetentionInDays"] for name in ARNS if "LogGroup" in name} == {7}


def test_the_definition_substitutes_all_that_it_names():
    definition = (package.infra_folder() / "test_flow.asl.json").read_text()

    json.loads(definition)
    assert set(re.findall(r"\$\{(\w+)\}", definition)) == {"FunctionArn", "Partition"}


def test_the_cause_of_a_failure_is_not_added_to_a_large_input():
    states = json.loads((package.infra_folder() / "test_flow.asl.json").read_text())["States"]
    (caught,) = states["PrepareAndExecuteActions"]["Catch"]
    after = states[caught["Next"]]

    assert caught["ResultPath"] == "$"
    assert after["Parameters"] == {"failure.$": "$"}
    assert after["Next"] == "CloseRun"


def test_the_template_is_one_that_cloudformation_reads_from_s3():
    """CloudFormation user guide, "Understand CloudFormation quotas", "Template body size in an Amazon S3 object"."""
    assert len(dumps(packaged()).encode()) <= 1_000_000


def test_the_description_of_the_cli_policy_stays():
    """Another one would replace the policy, and take it from all who have it (CloudFormation user guide,
    "AWS::IAM::ManagedPolicy", `Description`: update requires replacement)."""
    described = "Run awsit scenarios in this account, follow them, and read their reports and logs."

    assert transformed()["Resources"]["CliPolicy"]["Properties"]["Description"] == described


def tasks(states):
    """Every Task of the state machine by its name, those inside Map states included."""
    for name, state in states.items():
        yield from [(name, state)] if state["Type"] == "Task" else []
        yield from tasks(state.get("ItemProcessor", {}).get("States", {}))


@pytest.mark.parametrize(
    ("name", "minutes"),
    [
        ("PrepareAndExecuteActions", 5),
        ("ExecuteAtomicAction", 5),
        ("VerifyFinalAssertions", 5),
        ("RecordBranchFailure", 15),
        ("CloseRun", 15),
        ("CleanUpItem", 15),
        ("ReportRun", 15),
    ],
)
def test_a_function_that_is_throttled_is_called_again_for_minutes(name, minutes):
    definition = (package.infra_folder() / "test_flow.asl.json").read_text().replace("${FunctionArn}", "")
    state = dict(tasks(json.loads(definition)["States"]))[name]
    retry = next(each for each in state["Retry"] if "Lambda.TooManyRequestsException" in each["ErrorEquals"])
    attempts = range(retry["MaxAttempts"])

    waits = [
        min(retry["MaxDelaySeconds"], retry["IntervalSeconds"] * retry["BackoffRate"] ** each) for each in attempts
    ]

    assert sum(waits) >= 60 * minutes
    assert all(each["JitterStrategy"] == "FULL" for each in state["Retry"])


def test_without_a_version_the_function_is_called_as_it_is(stack):
    assert "LiveVersion" not in stack.resources
    assert "LiveAlias" not in stack.resources
    assert {stack.properties(name)["DefinitionSubstitutions"]["FunctionArn"] for name in STATE_MACHINES} == {
        ARNS["AtomicLambdaInvoker"]
    }
    function = stack.properties("AtomicLambdaInvoker")
    assert "SnapStart" not in function
    assert function["Description"].endswith("writes reports.")


@pytest.mark.parametrize(
    ("given", "snapshots", "workers"),
    [
        ({"FunctionSnapStart": "on"}, "PublishedVersions", None),
        ({"ProvisionedConcurrency": 3}, "None", {"ProvisionedConcurrentExecutions": 3}),
        ({}, "None", None),
    ],
)
def test_with_a_version_runs_call_its_alias(given, snapshots, workers):
    stack = Rendered(FunctionVersion="0f1e2d", **given)
    function, version, alias = (stack.properties(name) for name in ("AtomicLambdaInvoker", "LiveVersion", "LiveAlias"))

    assert {stack.properties(name)["DefinitionSubstitutions"]["FunctionArn"] for name in STATE_MACHINES} == {
        "LiveAlias"
    }
    assert function["SnapStart"] == {"ApplyOn": snapshots}
    assert function["Description"].endswith("Version 0f1e2d")
    assert version == {"FunctionName": "AtomicLambdaInvoker", "Description": "0f1e2d"}
    assert alias.get("ProvisionedConcurrencyConfig") == workers
    assert (alias["Name"], alias["FunctionVersion"]) == ("live", "LiveVersion.Version")


@pytest.mark.parametrize("role", ["StateMachineRole", "SuiteFlowRole"])
def test_executions_that_began_before_an_update_may_go_on(stack, role):
    for arn in (ARNS["AtomicLambdaInvoker"], ARNS["AtomicLambdaInvoker"] + ":live"):
        assert stack.is_allowed(role, "lambda:InvokeFunction", arn)


@pytest.mark.parametrize(
    ("given", "broken"),
    [
        ({}, set()),
        ({"FunctionSnapStart": "on"}, {"VersionForBoth"}),
        ({"ProvisionedConcurrency": 1}, {"VersionForBoth"}),
        ({"FunctionSnapStart": "on", "FunctionVersion": "1"}, set()),
        (
            {"FunctionSnapStart": "on", "ProvisionedConcurrency": 1, "FunctionVersion": "1"},
            {"SnapStartOrProvisionedConcurrency"},
        ),
    ],
)
def test_rules_refuse_what_lambda_refuses(given, broken):
    stack = Rendered(**given)

    def holds(rule):
        asserted = [stack._resolve(each["Assert"]) for each in rule["Assertions"]]
        return not stack._resolve(rule["RuleCondition"]) or all(asserted)

    assert {name for name, rule in stack.document["Rules"].items() if not holds(rule)} == broken


def test_a_version_of_which_the_snapshot_is_not_ready_is_called_again():
    text = (package.infra_folder() / "test_flow.asl.json").read_text()

    for name in ("SnapStartNotReadyException", "SnapStartTimeoutException"):
        assert text.count(f'"Lambda.{name}"') == text.count('"Lambda.TooManyRequestsException"')

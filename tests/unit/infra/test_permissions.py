import pytest
from tests.unit.infra.rendered import (
    ACCOUNT,
    ARNS,
    REGION,
    STATE_MACHINE,
    STATE_MACHINES,
    Rendered,
    all_statements,
    listed,
)

TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/orders"
OTHER_TABLE = f"arn:aws:dynamodb:{REGION}:{ACCOUNT}:table/customers"
FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:worker"
OTHER_FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:orders"
SECRET = f"arn:aws:secretsmanager:{REGION}:{ACCOUNT}:secret:api-key-AbCdEf"
PARAMETER = f"arn:aws:ssm:{REGION}:{ACCOUNT}:parameter/orders/url"
API = f"arn:aws:execute-api:{REGION}:{ACCOUNT}:abc/prod/GET/orders"
QUEUE = f"arn:aws:sqs:{REGION}:{ACCOUNT}:orders"
TOPIC = f"arn:aws:sns:{REGION}:{ACCOUNT}:orders"
BUS = f"arn:aws:events:{REGION}:{ACCOUNT}:event-bus/orders"
RULE = f"arn:aws:events:{REGION}:{ACCOUNT}:rule/orders/awsit-run-1-Heard"
BUCKET = "arn:aws:s3:::orders"
STREAM = f"arn:aws:kinesis:{REGION}:{ACCOUNT}:stream/orders"
MACHINE = f"arn:aws:states:{REGION}:{ACCOUNT}:stateMachine:orders"
GROUP = f"arn:aws:logs:{REGION}:{ACCOUNT}:log-group:orders"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/1"
STACK = f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/orders/1f"
RUN = STATE_MACHINE.replace("stateMachine", "execution") + ":run-1"

ON_ANY_RESOURCE = {
    "states:TestState": "a definition is no resource",
    "xray:BatchGetTraces": "X-Ray has no resources",
    "xray:PutTraceSegments": "X-Ray has no resources",
    "xray:PutTelemetryRecords": "X-Ray has no resources",
    "xray:GetSamplingRules": "X-Ray has no resources",
    "xray:GetSamplingTargets": "X-Ray has no resources",
    "logs:CreateLogDelivery": "log deliveries have no resources",
    "logs:GetLogDelivery": "log deliveries have no resources",
    "logs:UpdateLogDelivery": "log deliveries have no resources",
    "logs:DeleteLogDelivery": "log deliveries have no resources",
    "logs:ListLogDeliveries": "log deliveries have no resources",
    "logs:PutResourcePolicy": "Step Functions asks for it on all, to allow the delivery service",
    "logs:DescribeResourcePolicies": "lists have no resource",
    "logs:DescribeLogGroups": "lists have no resource",
    "logs:GetQueryResults": "answers to queries have no resource",
    "logs:StopQuery": "queries have no resource",
    "scheduler:ListSchedules": "lists have no resource",
    "ec2:CreateNetworkInterface": "Lambda asks for it on all, to reach a VPC",
    "ec2:DescribeNetworkInterfaces": "Lambda asks for it on all, to reach a VPC",
    "ec2:DescribeSubnets": "Lambda asks for it on all, to reach a VPC",
    "ec2:DeleteNetworkInterface": "Lambda asks for it on all, to reach a VPC",
    "ec2:AssignPrivateIpAddresses": "Lambda asks for it on all, to reach a VPC",
    "ec2:UnassignPrivateIpAddresses": "Lambda asks for it on all, to reach a VPC",
    "sns:Unsubscribe": "IAM takes no subscription for a resource",
    "lambda:GetAccountSettings": "the limits of an account are no resource",
    "servicequotas:ListServiceQuotas": "lists have no resource",
    "cloudwatch:GetMetricData": "metrics have no resources",
    "cloudwatch:PutMetricData": "metrics have no resources; a condition names the namespace",
}
"""The only actions allowed with `Resource: "*"`, each with its reason."""


@pytest.fixture(scope="module")
def bare():
    return Rendered()


@pytest.fixture(scope="module")
def full():
    return Rendered(
        AllowedTableArns=f"{TABLE},{OTHER_TABLE}",
        AllowedFunctionArns=f"{FUNCTION},{OTHER_FUNCTION}",
        AllowedApiArns=API,
        AllowedQueueArns=QUEUE,
        AllowedTopicArns=TOPIC,
        AllowedBusArns=BUS,
        AllowedBucketArns=f"{BUCKET},arn:aws:s3:::invoices",
        AllowedStreamArns=STREAM,
        AllowedStateMachineArns=f"{MACHINE},{MACHINE}-2",
        AllowedLogGroupArns=GROUP,
        AllowTraces="true",
        AllowedSecretArns=SECRET,
        AllowedParameterArns=PARAMETER,
        AllowedKeyArns=KEY,
        AllowedStackArns=STACK.replace("/1f", "/*"),
        VpcSubnetIds="subnet-1",
        VpcSecurityGroupIds="sg-1",
    )


def test_no_action_that_is_allowed_is_a_wildcard(full):
    for owner, statement in all_statements(full):
        allowed = listed(statement["Action"]) if statement["Effect"] == "Allow" else []
        assert not [action for action in allowed if "*" in action], f"{owner}: {statement}"


def test_all_resources_only_where_aws_has_none_to_name(full):
    for owner, statement in all_statements(full):
        if statement["Effect"] == "Allow" and "*" in listed(statement["Resource"]):
            unexplained = set(listed(statement["Action"])) - set(ON_ANY_RESOURCE)
            assert not unexplained, f"{owner}: {statement['Sid']}"


def test_each_statement_says_what_it_is_for(full):
    assert all(statement.get("Sid") for _, statement in all_statements(full))


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        # the calls of awsit.aws.runs; a transaction needs the permissions of its parts
        ("dynamodb:PutItem", ARNS["RunsTable"]),
        ("dynamodb:UpdateItem", ARNS["RunsTable"]),
        ("dynamodb:GetItem", ARNS["RunsTable"]),
        ("dynamodb:Query", ARNS["RunsTable"]),
        ("dynamodb:Scan", f"{ARNS['RunsTable']}/index/open-runs"),
        ("states:DescribeExecution", RUN),
        ("states:GetExecutionHistory", RUN),
        ("s3:GetObject", f"{ARNS['Bucket']}/scenarios/orders.json"),
        ("s3:GetObject", f"{ARNS['Bucket']}/scenarios/sha256/ab.json"),
        ("s3:GetObject", f"{ARNS['Bucket']}/runs/run-1/plan.json"),
        ("s3:PutObject", f"{ARNS['Bucket']}/runs/run-1/report.json"),
        ("s3:ListBucket", ARNS["Bucket"]),
        ("logs:PutLogEvents", ARNS["FunctionLogGroup"]),
        ("xray:PutTraceSegments", "anything"),
    ],
)
def test_the_function_may_do_its_own_work(bare, action, resource):
    assert bare.is_allowed("InvokerRole", action, resource)
    assert not bare.is_allowed("ActionsRole", action, resource)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        *((f"dynamodb:{name}", TABLE) for name in ("GetItem", "PutItem", "UpdateItem", "DeleteItem", "Query", "Scan")),
        *((f"dynamodb:{name}", OTHER_TABLE) for name in ("BatchGetItem", "BatchWriteItem", "DescribeTable")),
        ("dynamodb:Query", f"{TABLE}/index/by-customer"),
        ("dynamodb:Scan", f"{OTHER_TABLE}/index/by-customer"),
        ("lambda:InvokeFunction", FUNCTION),
        ("lambda:InvokeFunction", f"{FUNCTION}:live"),
        ("lambda:InvokeFunction", f"{OTHER_FUNCTION}:7"),
        ("execute-api:Invoke", API),
        ("sqs:SendMessage", QUEUE),
        ("sns:Publish", TOPIC),
        ("sns:ListSubscriptionsByTopic", TOPIC),
        ("sqs:DeleteQueue", f"{QUEUE[:-6]}awsit-run-1-Heard"),
        ("events:PutEvents", BUS),
        ("s3:ListBucket", BUCKET),
        *(
            (f"s3:{name}", f"{BUCKET}/7.json")
            for name in ("GetObject", "GetObjectVersion", "PutObject", "DeleteObject")
        ),
        ("s3:GetObject", "arn:aws:s3:::invoices/1"),
        ("kinesis:PutRecords", STREAM),
        ("kinesis:GetRecords", STREAM),
        ("states:StartExecution", MACHINE),
        ("states:StartSyncExecution", f"{MACHINE}-2"),
        ("states:StopExecution", MACHINE.replace("stateMachine", "execution") + ":x"),
        ("states:DescribeExecution", MACHINE.replace("stateMachine", "execution") + "-2:x"),
        ("logs:FilterLogEvents", f"{GROUP}:*"),
        ("logs:StartQuery", f"{GROUP}:*"),
        ("logs:GetQueryResults", "*"),
        ("secretsmanager:GetSecretValue", SECRET),
        ("ssm:GetParameter", PARAMETER),
        ("kms:Decrypt", KEY),
    ],
)
def test_the_actions_may_touch_what_is_listed_and_nothing_else(bare, full, action, resource):
    assert full.is_allowed("ActionsRole", action, resource)
    assert not bare.is_allowed("ActionsRole", action, resource)
    assert not full.is_allowed("InvokerRole", action, resource)


@pytest.mark.parametrize("action", ["cloudformation:DescribeStacks", "cloudformation:ListStackResources"])
def test_actions_may_read_every_stack_unless_some_are_listed(bare, action):
    assert bare.is_allowed("ActionsRole", action, STACK)


def test_only_the_function_may_take_the_role_of_actions(bare):
    (statement,) = bare.properties("ActionsRole")["AssumeRolePolicyDocument"]["Statement"]

    assert statement == {
        "Effect": "Allow",
        "Principal": {"AWS": "InvokerRole.Arn"},
        "Action": "sts:AssumeRole",
    }
    assert bare.is_allowed("AssumeActionsRole", "sts:AssumeRole", "ActionsRole.Arn")
    assert bare.properties("AssumeActionsRole")["Roles"] == ["InvokerRole"]
    assert bare.properties("AtomicLambdaInvoker")["Environment"]["Variables"]["AWSIT_ACTIONS_ROLE"] == "ActionsRole.Arn"


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("dynamodb:Query", ARNS["RunsTable"]),
        ("dynamodb:Scan", f"{ARNS['RunsTable']}/index/open-runs"),
        ("s3:PutObject", f"{ARNS['Bucket']}/runs/run-1/report.json"),
        ("s3:ListBucket", ARNS["Bucket"]),
        ("states:StartExecution", STATE_MACHINE),
        ("states:StopExecution", RUN),
        ("lambda:InvokeFunction", ARNS["AtomicLambdaInvoker"]),
        ("lambda:InvokeFunction", f"{ARNS['AtomicLambdaInvoker']}:$LATEST"),
        ("logs:PutLogEvents", ARNS["FunctionLogGroup"]),
        ("logs:FilterLogEvents", ARNS["StateMachineLogGroup"]),
        ("iam:PassRole", "InvokerRole.Arn"),
    ],
)
def test_actions_reach_nothing_of_awsit_s_own_whatever_is_allowed(action, resource):
    anything = Rendered(**{f"Allowed{kind}Arns": resource for kind in ("Table", "Function", "Api", "Secret", "Stack")})

    assert anything.denies("ActionsRole", action, resource)
    assert not anything.denies("InvokerRole", action, resource)


@pytest.mark.parametrize(
    ("action", "resource"),
    [
        ("dynamodb:DeleteTable", TABLE),
        ("dynamodb:GetItem", f"{TABLE}-archive"),
        ("dynamodb:DeleteItem", ARNS["RunsTable"]),
        ("s3:PutObject", f"{ARNS['Bucket']}/scenarios/orders.json"),
        ("s3:DeleteObject", f"{ARNS['Bucket']}/runs/run-1/report.json"),
        ("lambda:InvokeFunction", f"{FUNCTION}-admin"),
        ("lambda:UpdateFunctionCode", FUNCTION),
        ("cloudformation:DescribeStacks", STACK.replace("orders", "payroll")),
        ("cloudformation:DeleteStack", STACK),
        ("states:StartExecution", STATE_MACHINE),
        ("states:StopExecution", RUN),
        ("states:DescribeExecution", RUN.replace("awsit-test-flow", "payments")),
        ("dynamodb:Scan", ARNS["RunsTable"]),
        ("ssm:GetParameter", f"{PARAMETER}/password"),
        ("sqs:SendMessage", f"{QUEUE}-dead"),
        ("sqs:DeleteQueue", QUEUE),
        ("sqs:SetQueueAttributes", QUEUE),
        ("events:DeleteRule", RULE.replace("awsit-run-1-Heard", "nightly")),
        ("events:DeleteRule", RULE.replace("rule/orders/", "rule/")),
        ("events:PutTargets", RULE.replace("orders/awsit-run-1-Heard", "awsit-SweepRuns-1ABC")),
        ("sns:Subscribe", TOPIC),
        ("events:PutEvents", BUS.replace("orders", "default")),
        ("s3:GetObject", f"{BUCKET}-archive/7.json"),
        ("s3:DeleteBucket", BUCKET),
        ("kinesis:DeleteStream", STREAM),
        ("states:StartExecution", f"{MACHINE}-3"),
        ("states:DeleteStateMachine", MACHINE),
        ("logs:FilterLogEvents", f"{GROUP}-2:*"),
        ("logs:StartQuery", f"{GROUP}-2:*"),
        ("iam:PassRole", "anything"),
    ],
)
def test_the_function_and_its_actions_may_do_nothing_more(full, action, resource):
    assert not full.is_allowed("InvokerRole", action, resource)
    assert not full.is_allowed("ActionsRole", action, resource)


def test_the_function_removes_what_holds_secrets_and_nothing_else_of_a_run(bare):
    removals = [each for each in bare.statements("InvokerRole") if "Delete" in str(each["Action"])]

    partitions = {"dynamodb:LeadingKeys": ["given#*", "context#*", "inverses#*", "suite#*"]}
    assert [(each["Action"], each.get("Condition")) for each in removals] == [
        ("dynamodb:DeleteItem", {"ForAllValues:StringLike": partitions}),
        ("s3:DeleteObject", None),
    ]
    for key in (
        "run-1/given",
        "run-1/values/token-1",
        "run-1/inverses/300000-1",
        "run-1/records/action#00001",
        "suites/run-1/1f",
    ):
        assert bare.is_allowed("InvokerRole", "s3:DeleteObject", f"{ARNS['Bucket']}/runs/{key}.json")
    for key in ("runs/run-1/report", "runs/run-1/plan", "scenarios/orders"):
        assert not bare.is_allowed("InvokerRole", "s3:DeleteObject", f"{ARNS['Bucket']}/{key}.json")


def test_network_interfaces_are_for_lambda_itself_and_not_for_the_code(bare, full):
    (deny,) = [statement for statement in full.statements("InvokerRole") if statement["Effect"] == "Deny"]

    function = ARNS["AtomicLambdaInvoker"]
    assert deny["Condition"] == {"ArnEquals": {"lambda:SourceFunctionArn": [function, f"{function}:*"]}}
    assert "ec2:CreateNetworkInterface" in deny["Action"]
    assert not [
        action
        for statement in bare.statements("InvokerRole")
        for action in listed(statement["Action"])
        if "ec2:" in action
    ]


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("lambda:InvokeFunction", ARNS["AtomicLambdaInvoker"], True),
        ("lambda:InvokeFunction", f"{ARNS['AtomicLambdaInvoker']}:$LATEST", True),
        ("lambda:InvokeFunction", FUNCTION, False),
        ("states:StartExecution", STATE_MACHINE, True),
        ("states:StartExecution", STATE_MACHINE.replace("awsit-test-flow", "payments"), False),
        ("logs:CreateLogDelivery", "anything", True),
        ("dynamodb:GetItem", ARNS["RunsTable"], False),
        ("s3:GetObject", f"{ARNS['Bucket']}/runs/run-1/plan.json", False),
    ],
)
def test_the_state_machine_calls_its_function_and_itself_only(full, action, resource, allowed):
    assert full.is_allowed("StateMachineRole", action, resource) is allowed


def test_only_this_state_machine_may_take_its_role(bare):
    (statement,) = bare.properties("StateMachineRole")["AssumeRolePolicyDocument"]["Statement"]

    assert statement["Condition"]["StringEquals"] == {"aws:SourceAccount": ACCOUNT}
    assert statement["Condition"]["ArnLike"] == {"aws:SourceArn": STATE_MACHINE}


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("states:StartExecution", STATE_MACHINE, True),
        ("states:StartExecution", STATE_MACHINES["SuiteFlow"], True),
        ("states:StartExecution", STATE_MACHINE.replace("awsit-test-flow", "payments"), False),
        ("states:StopExecution", RUN, True),
        ("states:StopExecution", RUN.replace("awsit-test-flow", "payments"), False),
        ("s3:GetObject", f"{ARNS['Bucket']}/suites/suite-1/manifest.json", True),
        ("s3:GetObject", f"{ARNS['Bucket']}/runs/run-1/plan.json", False),
        ("s3:PutObject", f"{ARNS['Bucket']}/scenarios/orders.json", False),
        ("lambda:InvokeFunction", ARNS["AtomicLambdaInvoker"], True),
        ("lambda:InvokeFunction", f"{ARNS['AtomicLambdaInvoker']}-of-others", False),
        ("dynamodb:GetItem", ARNS["RunsTable"], False),
    ],
)
def test_suites_start_and_stop_runs_and_keep_their_lists_only(full, action, resource, allowed):
    assert full.is_allowed("SuiteFlowRole", action, resource) is allowed


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("states:StartExecution", STATE_MACHINE, True),
        ("states:StartExecution", STATE_MACHINES["SuiteFlow"], False),
        ("states:StopExecution", RUN, False),
        ("lambda:InvokeFunction", ARNS["AtomicLambdaInvoker"], False),
    ],
)
def test_schedules_start_runs_only(full, action, resource, allowed):
    assert full.is_allowed("SchedulerRole", action, resource) is allowed


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("s3:PutObject", f"{ARNS['Bucket']}/scenarios/orders.json", True),
        ("s3:GetObject", f"{ARNS['Bucket']}/runs/run-1/report.json", False),
        ("dynamodb:Query", ARNS["RunsTable"], False),
        ("logs:FilterLogEvents", ARNS["FunctionLogGroup"], False),
        ("states:StartExecution", STATE_MACHINE, False),
    ],
)
def test_who_schedules_reads_nothing_of_runs(full, action, resource, allowed):
    assert full.is_allowed("SchedulePolicy", action, resource) is allowed


@pytest.mark.parametrize(
    ("action", "resource", "allowed"),
    [
        ("states:StartExecution", STATE_MACHINE, True),
        ("states:DescribeStateMachine", STATE_MACHINE, True),
        ("states:ListTagsForResource", STATE_MACHINE, True),
        ("states:DescribeExecution", RUN, True),
        ("states:GetExecutionHistory", RUN, True),
        ("states:StopExecution", RUN, True),
        ("logs:FilterLogEvents", ARNS["FunctionLogGroup"], True),
        ("logs:FilterLogEvents", ARNS["CliLogGroup"], True),
        ("logs:StartQuery", ARNS["FunctionLogGroup"], True),
        ("logs:StartQuery", ARNS["CliLogGroup"], True),
        ("logs:GetQueryResults", "*", True),
        ("logs:CreateLogStream", ARNS["CliLogGroup"], True),
        ("logs:PutLogEvents", f"{ARNS['CliLogGroup'].removesuffix('*')}log-stream:2030/01/01/abc", True),
        ("s3:GetObject", f"{ARNS['Bucket']}/runs/run-1/report.json", True),
        ("s3:GetObject", f"{ARNS['Bucket']}/runs/run-1/plan.json", True),
        ("s3:GetObject", f"{ARNS['Bucket']}/runs/run-1/assertions.json", True),
        ("s3:GetObject", f"{ARNS['Bucket']}/runs/run-1/records/action#00001.json", True),
        ("s3:GetObject", f"{ARNS['Bucket']}/runs/run-1/values/token-1.json", True),
        ("s3:GetObject", f"{ARNS['Bucket']}/runs/run-1/inverses/100000-1.json", True),
        ("s3:GetObject", f"{ARNS['Bucket']}/runs/run-1/given.json", False),
        ("s3:GetObject", f"{ARNS['Bucket']}/scenarios/orders.json", True),
        ("s3:PutObject", f"{ARNS['Bucket']}/scenarios/orders.json", True),
        ("s3:ListBucket", ARNS["Bucket"], True),
        ("cloudformation:DescribeStacks", f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/awsit/1f", True),
        ("s3:PutObject", f"{ARNS['Bucket']}/runs/run-1/report.json", False),
        ("dynamodb:UpdateItem", ARNS["RunsTable"], False),
        ("states:UpdateStateMachine", STATE_MACHINE, False),
        ("logs:PutLogEvents", ARNS["FunctionLogGroup"], False),
        # nothing in awsit calls these
        ("logs:GetLogEvents", ARNS["FunctionLogGroup"], False),
        ("cloudformation:ListStackResources", f"arn:aws:cloudformation:{REGION}:{ACCOUNT}:stack/awsit/1f", False),
        ("lambda:InvokeFunction", ARNS["AtomicLambdaInvoker"], False),
        ("states:StopExecution", RUN.replace("awsit-test-flow", "payments"), False),
    ],
)
def test_people_may_run_and_read_but_not_change_what_a_run_says(bare, action, resource, allowed):
    assert bare.is_allowed("CliPolicy", action, resource) is allowed


def test_people_may_read_runs_but_not_the_secret_variables_of_any(bare):
    (statement,) = [each for each in bare.statements("CliPolicy") if each["Sid"] == "ReadRuns"]

    assert (statement["Action"], statement["Resource"]) == (["dynamodb:GetItem", "dynamodb:Query"], ARNS["RunsTable"])
    assert statement["Condition"] == {"ForAllValues:StringNotLike": {"dynamodb:LeadingKeys": ["given#*"]}}


def test_people_may_end_a_run_or_forget_what_it_left_and_write_nothing_else_of_it(bare):
    (statement,) = [each for each in bare.statements("CliPolicy") if each["Sid"] == "StopRuns"]

    assert statement["Action"] == "dynamodb:UpdateItem"
    attributes = ["run_id", "sk", "state", "verdict", "error", "lease_ends_at", "forgotten"]
    assert statement["Condition"] == {"ForAllValues:StringEquals": {"dynamodb:Attributes": attributes}}


def test_policies_for_other_services_are_attached_where_they_are_asked_for(bare):
    policies = [f"arn:aws:iam::{ACCOUNT}:policy/queues", f"arn:aws:iam::{ACCOUNT}:policy/topics"]

    assert "ManagedPolicyArns" not in bare.properties("ActionsRole")
    assert Rendered(ActionPolicyArns=",".join(policies)).properties("ActionsRole")["ManagedPolicyArns"] == policies


def test_people_write_metrics_in_the_stack_s_namespace_alone():
    statements = Rendered(MetricsNamespace="tests/e2e").statements("CliPolicy")
    (statement,) = [each for each in statements if "cloudwatch:PutMetricData" in listed(each["Action"])]

    assert statement["Condition"] == {"StringEquals": {"cloudwatch:namespace": "tests/e2e"}}

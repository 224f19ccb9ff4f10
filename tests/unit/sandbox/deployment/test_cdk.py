from awsit.sandbox.deployment.cdk import without_cdk_s_own

PLACEHOLDER = {"Type": "AWS::CloudFormation::WaitConditionHandle"}


def test_nothing_is_asked_of_the_bootstrap_stack():
    template = {
        "Parameters": {"BootstrapVersion": {"Type": "AWS::SSM::Parameter::Value<String>"}, "Size": {"Type": "String"}},
        "Rules": {"CheckBootstrapVersion": {}},
        "Resources": {},
    }

    assert without_cdk_s_own(template) == {"Parameters": {"Size": {"Type": "String"}}, "Resources": {}}


def test_custom_resources_that_no_test_reads_do_nothing_and_names_of_log_groups_stay():
    retention = {"Type": "Custom::LogRetention", "Properties": {"LogGroupName": {"Ref": "Name"}}}
    user = {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Fn::GetAtt": ["Retention", "LogGroupName"]}}}
    cleaner = {"Type": "Custom::S3AutoDeleteObjects"}

    changed = without_cdk_s_own({"Resources": {"Retention": retention, "Topic": user, "Cleaner": cleaner}})

    assert changed["Resources"] == {
        "Retention": PLACEHOLDER,
        "Topic": {"Type": "AWS::SNS::Topic", "Properties": {"TopicName": {"Ref": "Name"}}},
        "Cleaner": PLACEHOLDER,
    }

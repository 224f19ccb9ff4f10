import pytest

from awsit.sandbox.deployment.node_sdk import missing_clients


@pytest.fixture
def code(tmp_path):
    def make(**files):
        for name, text in files.items():
            file = tmp_path / name.replace("__", ".")
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return tmp_path

    return make


@pytest.mark.parametrize(
    ("files", "missing"),
    [
        ({"app__mjs": "import { DynamoDBClient } from '@aws-sdk/client-dynamodb'"}, ["@aws-sdk/client-dynamodb"]),
        (
            {"app__js": "import x from '@aws-sdk/client-s3'", "package__json": '{"type": "module"}'},
            ["@aws-sdk/client-s3"],
        ),
        ({"lib/app__js": "const { S3 } = require('@aws-sdk/client-s3');"}, ["@aws-sdk/client-s3"]),
        (
            {"app__cjs": 'require("@aws-sdk/lib-dynamodb/dist")\nrequire("aws-sdk")'},
            ["@aws-sdk/lib-dynamodb", "aws-sdk"],
        ),
        ({"app__mjs": "await import('@aws-sdk/client-s3')"}, ["@aws-sdk/client-s3"]),
        ({"app__js": "const { DynamoDBClient } = require('@aws-sdk/client-dynamodb')"}, []),
        ({"app__js": "require('@aws-sdk/client-s3')", "node_modules/@aws-sdk/client-s3/index__js": ""}, []),
        ({"node_modules/a/index__js": "require('@aws-sdk/client-s3')"}, []),
        ({"app__js": "// the @aws-sdk/client-s3 is not used\n", "package__json": "["}, []),
        ({"app__py": "from '@aws-sdk/client-s3'"}, []),
    ],
)
def test_clients_that_neither_the_code_nor_the_emulator_brings(code, files, missing):
    assert missing_clients(code(**files)) == missing

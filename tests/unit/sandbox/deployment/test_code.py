import io
import zipfile

import pytest

from awsit.sandbox.deployment.code import built_names, places

BUILDS = 'API = os.environ["API_ID"]\nURL = f"https://{API}.execute-api.{REGION}.amazonaws.com"\n'


def package(files):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"app.py": BUILDS}, ["app.py, line 2"]),
        ({"src/app.mjs": "fetch(`https://${d}.auth.${r}.amazoncognito.com/oauth2/token`)"}, ["src/app.mjs, line 1"]),
        ({"app.js": "const jwks = `https://cognito-idp.${region}.amazonaws.com/${pool}`"}, ["app.js, line 1"]),
        ({"app.py": "import boto3", "README.md": BUILDS}, []),
        ({"node_modules/sdk/index.js": BUILDS}, []),
        ({"lib/a.py": BUILDS, "lib-1.dist-info/RECORD": '"lib/a.py",sha256=x,1\nlib/b.py,,\n'}, []),
        ({"bundle.js": BUILDS + " " * 1_000_000}, []),
    ],
    ids=["python", "node", "keys", "no source", "a node package", "a python package", "a bundle"],
)
def test_own_sources_that_make_a_name_of_aws_are_found(files, expected):
    assert list(places(package(files))) == expected


def test_what_is_no_zip_file_has_no_sources():
    assert list(places(b"def handler(): ...")) == []


class FakeAws:
    """A stack with two functions of one package, one of which has its code in the template, and that package."""

    def __init__(self, content, **variables):
        code = {"S3Bucket": "artifacts", "S3Key": "key"}
        functions = {"Read": code, "Write": code, "Inline": {"ZipFile": BUILDS}}
        self.resources = {
            name: {"Type": "AWS::Lambda::Function", "Properties": {"Code": code}} for name, code in functions.items()
        }
        self.resources["Read"]["Properties"]["Environment"] = {"Variables": variables}
        self.content = content

    def client(self, _service):
        return self

    def get_template(self, **_):
        return {"TemplateBody": {"Resources": self.resources | {"Topic": {"Type": "AWS::SNS::Topic"}}}}

    def get_object(self, **_):
        return {"Body": io.BytesIO(self.content)}


def test_a_deployment_says_so_once_for_each_package():
    (sentence,) = built_names(FakeAws(package({"app.py": BUILDS})), "shop")

    assert sentence.startswith("the code of Read makes a URL of AWS (app.py, line 2): it leads nowhere")


def test_of_awsit_s_own_code_nothing_is_said():
    assert not list(built_names(FakeAws(package({"app.py": BUILDS}), AWSIT_ALLOWED_HOSTS="*"), "awsit"))

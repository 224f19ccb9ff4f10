from awsit.sandbox.server import AccessKeys, SandboxFolder, SandboxOptions, server_environment

KEYS = AccessKeys("AKIAOFTHISSTART", "secret of this start")
OUTSIDE = {
    "PATH": "/usr/bin",
    "LANG": "C.UTF-8",
    "AWS_PROFILE": "production",
    "AWS_ACCESS_KEY_ID": "AKIA",
    "HTTPS_PROXY": "http://proxy",
    "PYTHONPATH": "/elsewhere",
}


def variables(tmp_path, **options):
    return server_environment((4567, "token"), KEYS, SandboxFolder(tmp_path), SandboxOptions(**options), OUTSIDE)


def test_functions_inherit_nothing_of_the_person_who_runs_the_sandbox(tmp_path):
    given = variables(tmp_path)

    assert given["PATH"] == "/usr/bin"
    assert (given["AWS_ACCESS_KEY_ID"], given["AWS_SECRET_ACCESS_KEY"]) == ("AKIAOFTHISSTART", "secret of this start")
    assert not given.keys() & {"AWS_PROFILE", "HTTPS_PROXY"}
    assert given["PYTHONPATH"].endswith("sandbox/functions")


def test_the_server_listens_on_loopback_only(tmp_path):
    given = variables(tmp_path)

    assert (given["BIND_HOST"], given["GATEWAY_PORT"]) == ("127.0.0.1", "4567")
    assert (given["IOT_MTLS_ENABLED"], given["SFTP_ENABLED"]) == ("0", "0")
    assert given["AWS_ENDPOINT_URL"] == "http://127.0.0.1:4567"


def test_everything_that_it_writes_is_below_its_own_folder(tmp_path):
    given = variables(tmp_path)

    assert all(given[name].startswith(str(tmp_path)) for name in ("HOME", "TMPDIR", "STATE_DIR", "S3_DATA_DIR"))


def test_options_reach_the_server(tmp_path):
    given = variables(tmp_path, enforce_policies=True, wait_scale=0.1, concurrency=4, region="eu-west-1")

    assert given["AUTH"] == "true"
    assert given["SFN_WAIT_SCALE"] == "0.1"
    assert given["LAMBDA_ACCOUNT_CONCURRENCY"] == "4"
    assert given["MINISTACK_REGION"] == "eu-west-1"

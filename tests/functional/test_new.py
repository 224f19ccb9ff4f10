"""`awsit init` and `awsit new`, as a person sees them."""

import pytest

OPENAPI = """
openapi: 3.1.0
info: {title: Prices}
servers: [{url: "https://prices.test"}]
paths:
  /prices: {get: {operationId: listPrices, responses: {"200": {description: all}}}}
  /price: {get: {operationId: onePrice, responses: {"200": {description: one}}}}
"""


def test_init_writes_a_project_and_says_what_comes_next(awsit, tmp_path):
    result = awsit("init", "shop")
    assert result.exit_code == 0
    assert [line for line in result.stdout.splitlines() if line.startswith("wrote")] == [
        "wrote  shop/awsit.toml",
        "wrote  shop/scenarios/first.yaml",
        "wrote  shop/.github/workflows/e2e.yml",
        "wrote  shop/.gitignore",
        "wrote  shop/.awsit/scenario.schema.json",
        "wrote  shop/.awsit/library.schema.json",
        "wrote  shop/.awsit/suite.schema.json",
        "wrote  shop/.awsit/config.schema.json",
    ]
    assert "\nNext:\n  cd shop\n  awsit run first --sandbox " in result.stdout
    assert result.stdout.index("Next:") < result.stdout.index("CI does not know")
    assert (tmp_path / "shop" / ".gitignore").read_text(encoding="utf-8") == ".awsit/\n"


def test_what_init_writes_is_valid_and_found_by_editors(awsit, tmp_path, monkeypatch):
    awsit("init")
    monkeypatch.chdir(tmp_path / "scenarios")
    first = (tmp_path / "scenarios" / "first.yaml").read_text(encoding="utf-8").splitlines()[0]
    configuration = (tmp_path / "awsit.toml").read_text(encoding="utf-8").splitlines()[0]
    assert (tmp_path / "scenarios" / first.partition("$schema=")[2]).is_file()
    assert (tmp_path / configuration.removeprefix("#:schema ")).is_file()
    assert awsit("validate", ".").exit_code == 0
    assert "found in  first.yaml" in awsit("list-scenarios").stdout


def test_init_keeps_what_is_there(awsit, tmp_path):
    (tmp_path / "awsit.toml").write_text('stack = "mine"\n', encoding="utf-8")
    (tmp_path / ".gitignore").write_text("build", encoding="utf-8")
    result = awsit("init")
    assert "kept   awsit.toml  (it was there already)" in result.stdout
    assert (tmp_path / "awsit.toml").read_text(encoding="utf-8") == 'stack = "mine"\n'
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "build\n.awsit/\n"
    awsit("init", "--force")
    assert "mine" not in (tmp_path / "awsit.toml").read_text(encoding="utf-8")
    assert (tmp_path / ".gitignore").read_text(encoding="utf-8") == "build\n.awsit/\n"


def test_init_into_a_file_is_a_wrong_command(awsit, tmp_path):
    (tmp_path / "taken").write_text("", encoding="utf-8")
    result = awsit("init", "taken")
    assert result.exit_code == 2
    assert "taken" in result.stderr


def test_a_new_scenario_is_valid_and_in_its_place(awsit, tmp_path):
    result = awsit("new", "scenario", "order_is_stored")
    assert result.exit_code == 0
    assert result.stdout == "scenarios/order_is_stored.yaml\n"
    assert "awsit validate scenarios/order_is_stored.yaml" in result.stderr
    assert awsit("validate", "scenarios").exit_code == 0
    assert (tmp_path / ".awsit" / "scenario.schema.json").is_file()


def test_a_new_scenario_goes_where_the_project_keeps_them(awsit, tmp_path):
    (tmp_path / "awsit.toml").write_text('scenarios = ["tests/e2e"]\n', encoding="utf-8")
    assert awsit("new", "scenario", "a").stdout == "tests/e2e/a.yaml\n"
    text = (tmp_path / "tests" / "e2e" / "a.yaml").read_text(encoding="utf-8")
    assert text.startswith("# yaml-language-server: $schema=../../.awsit/scenario.schema.json\n")


def test_a_new_suite_file_is_valid_and_in_its_place(awsit, tmp_path):
    made = awsit("new", "suite")
    assert (made.exit_code, made.stdout) == (0, "scenarios/suite.yaml\n")
    first = (tmp_path / made.stdout.strip()).read_text(encoding="utf-8").splitlines()[0]
    assert first == "# yaml-language-server: $schema=../.awsit/suite.schema.json"
    assert (tmp_path / ".awsit" / "suite.schema.json").exists()
    awsit("new", "scenario", "mine")
    assert "2 files, all valid" in awsit("validate", "scenarios").stdout
    assert "CreateCustomer" in awsit("plan", "mine", "--offline").stdout


def test_a_scenario_from_curl_can_be_named_and_runs(awsit, wiring):
    command = 'curl -X POST http://orders.test/orders --json \'{"product": "book"}\''
    assert awsit("new", "scenario", "book_is_ordered", "--from-curl", command).exit_code == 0
    assert awsit("run", "book_is_ordered").exit_code == 0


def test_a_curl_command_can_come_from_the_standard_input(awsit, tmp_path):
    result = awsit(
        "new", "--from-curl", "-", "--output", "-", stdin="curl http://orders.test/orders \\\n -u me:s3cr3t\n"
    )
    assert result.stdout.startswith("name: get_orders\n")
    assert "set API_PASSWORD in the environment" in result.stderr
    assert "s3cr3t" not in result.output
    assert list(tmp_path.glob("scenarios/*")) == []


def test_line_ends_in_a_body_are_kept(awsit):
    result = awsit("new", "--from-curl", "-", "--output", "-", stdin=b"curl http://orders.test --data-raw 'a\r\nb'")
    assert 'body: "a\\r\\nb"' in result.stdout


def test_a_scenario_from_openapi(awsit, tmp_path):
    (tmp_path / "api.yaml").write_text(OPENAPI, encoding="utf-8")
    assert awsit("new", "--from-openapi", "api.yaml").stdout == "scenarios/prices.yaml\n"
    assert awsit("new", "--from-openapi", "api.yaml", "--operation", "onePrice").stdout == "scenarios/one_price.yaml\n"
    assert awsit("validate", "scenarios").exit_code == 0


def test_a_file_that_exists_is_replaced_only_when_asked(awsit, scenario):
    path = scenario(name="mine.yaml")
    before = path.read_text(encoding="utf-8")
    refused = awsit("new", "scenario", "mine")
    assert (refused.exit_code, path.read_text(encoding="utf-8")) == (2, before)
    assert "scenarios/mine.yaml exists already" in refused.stderr
    assert awsit("new", "scenario", "mine", "--force").exit_code == 0
    assert path.read_text(encoding="utf-8") != before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((), "needs a name"),
        (("order_is_stored",), "did you mean awsit new scenario order_is_stored?"),
        (("sute",), "did you mean awsit new suite?"),
        (("suite", "orders"), "choose its folder: awsit new suite --output scenarios/orders/suite.yaml"),
        (("suite", "--output", "orders.yaml"), "the file has to be called suite.yaml"),
        (("suite", "--from-curl", "curl http://a"), "is not made from curl or OpenAPI"),
        (("scenario", "1st"), "cannot be the name of a scenario"),
        (("--from-curl", "curl --foo http://a"), "'--foo'"),
        (("--from-curl", "curl http://a", "--from-openapi", "a.yaml"), "cannot be given together"),
        (("scenario", "a", "--operation", "x"), "goes with --from-openapi"),
    ],
)
def test_a_wrong_command_says_what_to_do(awsit, tmp_path, arguments, words):
    result = awsit("new", *arguments)
    assert result.exit_code == 2
    assert words in " ".join(result.stderr.split())
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_written_that_could_not_run(awsit, tmp_path):
    paths = "\n".join(f"  /p{number}: {{get: {{description: '{'x' * 10}'}}}}" for number in range(1001))
    (tmp_path / "api.yaml").write_text(f"openapi: 3.1.0\npaths:\n{paths}\n", encoding="utf-8")
    result = awsit("new", "--from-openapi", "api.yaml")
    assert result.exit_code == 2
    assert "choose some with --operation" in result.stderr
    assert not (tmp_path / "scenarios").exists()


def test_an_openapi_document_that_is_none_says_so(awsit, tmp_path):
    (tmp_path / "bytes.yaml").write_bytes(b"\xdc\xff")
    for name, words in (
        ("bytes.yaml", "it is not UTF-8 text hint: give a document"),
        (".", "is a folder, not a file"),
        ("none.yaml", "there is no file"),
    ):
        result = awsit("new", "--from-openapi", name)
        assert result.exit_code == 3
        assert words in " ".join(result.stderr.split())


def test_init_says_what_ci_installs(awsit, tmp_path):
    (tmp_path / "awsit-1.0-py3-none-any.whl").touch()
    assert "CI does not know where to get awsit" in awsit("init").stdout
    workflow = tmp_path / ".github" / "workflows" / "e2e.yml"
    assert "  AWSIT_PACKAGE: ${{ vars.AWSIT_PACKAGE }}\n" in workflow.read_text(encoding="utf-8")
    workflow.write_text(workflow.read_text(encoding="utf-8").replace("branches: [main]", "branches: [trunk]"))
    again = awsit("init", "--package", "awsit-1.0-py3-none-any.whl")
    assert "CI installs ./awsit-1.0-py3-none-any.whl[sandbox]" in again.stdout
    assert "changed .github/workflows/e2e.yml\nkept   .gitignore  (it was there already)\n" in again.stdout
    text = workflow.read_text(encoding="utf-8")
    assert '  AWSIT_PACKAGE: "./awsit-1.0-py3-none-any.whl[sandbox]"\n' in text
    assert "branches: [trunk]" in text
    assert "CI " not in awsit("init").stdout, "nothing of the workflow was written"


def test_init_refuses_a_package_that_a_ci_server_has_not_and_writes_nothing(awsit, tmp_path):
    result = awsit("init", "shop", "--package", "./awsit.whl")
    assert result.exit_code == 2
    assert "there is no ./awsit.whl" in result.stderr
    assert not (tmp_path / "shop").exists()


def test_init_tells_of_a_workflow_that_does_not_say_what_it_installs(awsit, tmp_path):
    workflow = tmp_path / ".github" / "workflows" / "e2e.yml"
    workflow.parent.mkdir(parents=True)
    workflow.write_text("on: push\n")
    result = awsit("init", "--package", "awsit==2")
    assert result.exit_code == 2
    assert "e2e.yml has no line `AWSIT_PACKAGE: ...`, and stays as it is" in result.stderr
    assert "wrote  awsit.toml\n" in result.stdout
    assert "kept   .github/workflows/e2e.yml  (it was there already)\n" in result.stdout
    assert workflow.read_text() == "on: push\n"


def test_init_says_where_the_workflow_of_a_part_of_a_repository_has_to_stand(awsit, tmp_path):
    (tmp_path / ".git").mkdir()
    assert "working-directory: parts/shop}}, and with parts/shop/ before" in awsit("init", "parts/shop").stdout
    assert "working-directory" not in awsit("init").stdout

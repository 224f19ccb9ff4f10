import subprocess
import sys


def modules_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_what_is_slow_to_import_is_imported_at_first_need() -> None:
    loaded = modules_after(
        "from awsit.expressions.assertions import assertion\n"
        "from awsit.expressions.jsonpath import query\n"
        "from awsit.expressions.templates import template\n"
        "assert template.render({'a': ['plain', 1]}, {}) == {'a': ['plain', 1]}\n"
        "assert template.problems('plain') == []"
    )

    assert loaded & {"jinja2", "jsonpath", "jsonschema", "regex"} == set()

import subprocess
import sys


def modules_after(statement: str) -> set[str]:
    code = f"{statement}\nimport sys; print(' '.join(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(done.stdout.split())


def test_what_is_slow_to_import_is_imported_at_first_need() -> None:
    loaded = modules_after(
        "from awsit.expressions import assertions, jsonpath, templates\n"
        "assert templates.render({'a': ['plain', 1]}, {}) == {'a': ['plain', 1]}\n"
        "assert templates.problems('plain') == []"
    )

    assert loaded & {"jinja2", "jsonpath", "jsonschema", "regex"} == set()

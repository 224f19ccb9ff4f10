"""A record is changed by a copy."""

import subprocess
import sys

import pytest
from msgspec import Struct

from awsit.records import replace


class Order(Struct, frozen=True):
    name: str
    count: int = 1


def test_a_copy_has_other_values() -> None:
    order = Order("o")

    assert replace(order, count=2) == Order("o", 2)
    assert order == Order("o", 1)


def test_what_is_no_field_is_refused() -> None:
    with pytest.raises(TypeError, match="cost"):
        replace(Order("o"), cost=2)  # type: ignore[call-arg]


AT_ONCE = """
import sys
from threading import Barrier, Thread
from types import ModuleType
from awsit.records import convert, decoder

FIELDS = "".join(f"    f{i}: dict[str, list[int | None]] = {{}}\\n" for i in range(6))
ROUNDS, THREADS = 60, 4

def module(number):
    made = sys.modules[f"m{number}"] = ModuleType(f"m{number}")
    text = "from __future__ import annotations\\nfrom msgspec import Struct\\n"
    for i in range(12):
        text += f"class C{i}(Struct):\\n{FIELDS}" + (f"    inner: C{i - 1} | None = None\\n" if i else "")
    exec(text, made.__dict__)
    return made

def work(number):
    for made in modules:
        barrier.wait()
        kind = getattr(made, f"C{8 + number}")
        document = '{"inner":{"inner":{"inner":{"f0":{"a":[1]}}}}}'
        assert decoder(kind).decode(document).inner.inner.inner.f0 == {"a": [1]}
        assert convert({"inner": {"f1": {}}}, kind).inner.f1 == {}

modules, barrier = [module(number) for number in range(ROUNDS)], Barrier(THREADS)
sys.setswitchinterval(1e-6)
threads = [Thread(target=work, args=(number,)) for number in range(THREADS)]
for each in threads:
    each.start()
for each in threads:
    each.join()
"""


def test_threads_that_decode_types_for_the_first_time_do_not_end_the_process() -> None:
    done = subprocess.run([sys.executable, "-c", AT_ONCE], capture_output=True, text=True, timeout=120, check=False)
    assert (done.returncode, done.stderr) == (0, "")

"""`make audit`: looks up the locked packages among known vulnerabilities, with pip-audit and the advisories of PyPI.

Exits with 1 when one is known. Where advisories cannot be had (no network, an index without them) it says so and exits
with 0: nothing was found there, but nothing was looked for either.
"""

import json
import subprocess
import sys
from typing import Any

LOCK = "requirements/dev.txt"
OPTIONS = ("--disable-pip", "--require-hashes", "--progress-spinner=off", "--format=json", "--requirement", LOCK)


def main() -> int:
    """Print what is known of the locked packages."""
    done = subprocess.run([sys.executable, "-m", "pip_audit", *OPTIONS], capture_output=True, text=True, check=False)
    packages = json.loads(done.stdout)["dependencies"] if done.stdout else []
    looked_up = [each for each in packages if "vulns" in each]
    known = [each for each in looked_up if each["vulns"]]
    for package in known:
        print(described(package))
    if not looked_up:
        reason = packages[0]["skip_reason"] if packages else (done.stderr.splitlines() or ["it printed nothing"])[-1]
        print(f"Nothing was looked up, for want of advisories: {reason}", file=sys.stderr)
    elif not known:
        others = len(packages) - len(looked_up)
        print(f"No vulnerability is known in {len(looked_up)} packages; {others} not looked up.")
    return 1 if known else 0


def described(package: dict[str, Any]) -> str:
    """A package with its advisories, and the versions that mend each."""
    advisories = (f"{each['id']} (mended in {', '.join(each['fix_versions']) or 'none'})" for each in package["vulns"])
    return f"{package['name']} {package['version']}: {', '.join(advisories)}"


if __name__ == "__main__":
    sys.exit(main())

"""The requests of the suite and nothing else: one pool of urllib3, which keeps its connection.

python floor.py BASE_URL SCENARIOS READS
"""

import json
import sys
from http import HTTPStatus

import urllib3


def main(base: str, scenarios: int, reads: int) -> None:
    pool = urllib3.PoolManager()
    for _ in range(scenarios):
        created = pool.request("POST", f"{base}/orders", json={"quantity": 2})
        order = json.loads(created.data)["orderId"]
        for _ in range(reads):
            assert json.loads(pool.request("GET", f"{base}/orders/{order}").data)["status"] == "created"
        assert pool.request("DELETE", f"{base}/orders/{order}").status == HTTPStatus.NO_CONTENT


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))

"""The service that the benchmark of peers calls: orders in memory, on loopback.

    python target.py PORT       needs uvicorn[standard]: with httptools and uvloop it is never the bottleneck

POST /orders creates one (201), GET and DELETE of /orders/ID read and remove it (200, 204; 404 when there is none). GET
/count tells how many orders there are, and how many requests but those for /count there were.
"""

import itertools
import json
import sys

import uvicorn

ORDERS: dict[str, bytes] = {}
NUMBERS = itertools.count(1)
COUNTS = {"requests": 0}


async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    path = scope["path"]
    if path == "/count":
        status, body = 200, json.dumps({"orders": len(ORDERS), **COUNTS}).encode()
    else:
        COUNTS["requests"] += 1
        message = await receive()
        status, body = answer(scope["method"], path, message.get("body", b""))
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def answer(method: str, path: str, sent: bytes) -> tuple[int, bytes]:
    order = path.removeprefix("/orders").removeprefix("/")
    if method == "POST" and not order:
        order = f"o{next(NUMBERS)}"
        document = {"orderId": order, "status": "created", "quantity": json.loads(sent)["quantity"]}
        ORDERS[order] = json.dumps(document).encode()
        return 201, ORDERS[order]
    if order not in ORDERS:
        return 404, b'{"message": "not found"}'
    if method == "DELETE":
        del ORDERS[order]
        return 204, b""
    return 200, ORDERS[order]


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error", access_log=False)

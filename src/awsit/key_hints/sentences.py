"""Hints that the keys of several models share."""

from __future__ import annotations

FOR_CAPTURES = "capture values with `pass_to_context: {order_id: $.body.id}`"
FOR_CHECKS = "write checks as a list: `assert: [{path: $.body.status, equals: created}]`"
FOR_WAITS = "wait with an action of its own: `{name: Pause, type: wait, params: {seconds: 5}}`"
FOR_RETRY = "write `retry: {max_attempts: 3, retry_on: [timeout, 503]}` beside `params`"

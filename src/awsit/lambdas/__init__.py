"""Thin handlers: payload to engine to payload."""

from awsit.lambdas.started import begin_start

begin_start()

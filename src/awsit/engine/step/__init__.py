"""One step: scope, attempts, retries, assertions, ledger."""

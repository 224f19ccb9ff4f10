"""Contracts: whether a response is what an OpenAPI document promises of the operation that its URL belongs to."""

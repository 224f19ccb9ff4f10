"""The schemas of an OpenAPI document: values that they allow, and what to expect of a response."""

"""The mocks of a stack: what a function with a public address answers with, and the calls that it got."""

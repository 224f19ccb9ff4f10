"""End-to-end tests of AWS microservices, run from the command line or inside the account."""

__version__ = "0.1.0"

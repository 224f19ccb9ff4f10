"""Formats of reports, a module each; `reporting/registry.py` lists them. The HTML report has a package of its own."""

"""Deploys, updates and deletes stacks: packages, artifacts, change sets, events."""

"""Deployment and removal of CloudFormation stacks: packages, artifacts, change sets, events."""

"""Starts, finds and stops an emulated AWS on loopback. What is deployed to it is the business of `awsit.aws`."""

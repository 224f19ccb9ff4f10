"""IAM policies: the one that grants what a plan needs, and what those of a role do not allow it."""

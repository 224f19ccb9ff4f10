"""What `validate` finds in a scenario beyond its shape."""

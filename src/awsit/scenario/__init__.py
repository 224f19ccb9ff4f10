"""From a file to a plan: load, validate, discover, compile."""

"""How an HTTP call shows who sends it."""

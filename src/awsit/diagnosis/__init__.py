"""From what AWS knows of a failure to the few lines that explain it: pure data."""

"""Clock and randomness of this machine."""

"""What clients do with each call of AWS: which they repeat, what they carry, and whose answers they refuse."""

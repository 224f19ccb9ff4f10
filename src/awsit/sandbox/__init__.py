"""An emulated AWS on loopback: its life, and nothing else."""

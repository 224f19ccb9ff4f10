"""The gate in front of the emulator: who may call it, and for which hosts it answers."""

"""Pure data, shared by every layer."""

"""JSON Schema: which values satisfy one, and which schemas can be one."""

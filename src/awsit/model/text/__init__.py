"""Texts that all layers know: what UTF-8 can hold, places in documents, names that mean secrets, headers of a trace."""

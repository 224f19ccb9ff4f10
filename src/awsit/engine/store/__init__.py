"""Records of a run while it runs, and where they are kept: memory or a journal on disk."""

"""Reports that the CLI writes, stores, finds and shows."""

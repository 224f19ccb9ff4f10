"""What runs share in the table: cached results, and the turns of limits."""

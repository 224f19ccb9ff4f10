"""What CloudWatch counts of runs: the catalogue of metrics, and what one run adds to them."""

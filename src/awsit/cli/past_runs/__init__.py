"""What is kept of runs: on this machine in journals and reports, in an account in its records."""

"""Carrying out runs: forecasts, the pool of runs, signals, outcomes, and what is found out about failures."""

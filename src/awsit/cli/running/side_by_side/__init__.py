"""Runs of one command side by side: threads, worker processes, and turns for those that share something."""

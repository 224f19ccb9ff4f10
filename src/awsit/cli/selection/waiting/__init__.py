"""Runs that wait for their turn: checked, and put aside until it comes."""

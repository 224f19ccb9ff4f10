"""What several runs say together: the history of a scenario, and the comparison of two runs. Nothing is read here."""

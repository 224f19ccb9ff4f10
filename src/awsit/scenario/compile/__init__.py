"""From a scenario to the plan of one run."""

"""From a valid scenario to the plan of one run."""

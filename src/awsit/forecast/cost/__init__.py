"""What a run costs: the requests that it makes, and their prices."""

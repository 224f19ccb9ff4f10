"""`mock`: a service of somebody else's, played by awsit, which answers as the scenario says and remembers its calls."""

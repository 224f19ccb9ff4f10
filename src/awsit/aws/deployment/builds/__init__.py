"""What is built before it is deployed: Python functions and layers with dependencies. Other builds are refused."""

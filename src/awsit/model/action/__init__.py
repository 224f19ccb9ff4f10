"""What an action is to all others: how it is called, what every type says of itself, and what some can besides."""

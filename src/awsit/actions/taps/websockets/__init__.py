"""Taps on WebSockets: connections of the run's own, over which a service sends messages."""

"""The clock and the randomness of this machine, with the fakes of both."""

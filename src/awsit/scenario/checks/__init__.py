"""The checks of `awsit validate`."""

"""`python -m awsit`, for when the script is not on the path."""

from awsit.cli.main import main

main()

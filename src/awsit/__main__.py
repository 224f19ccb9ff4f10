"""The program `awsit`; also `python -m awsit`, for when the script is not on the path."""

import sys

INTERRUPTED = 130
"""`ExitCode.INTERRUPTED`, before anything is loaded."""


def run() -> None:
    """Load the command line, and obey it. Ctrl-C shows no more while that is loaded than it does later."""
    try:
        from awsit.cli.main import main

        main()
    except KeyboardInterrupt:
        sys.stderr.write("\nInterrupted.\n")
        sys.exit(INTERRUPTED)


if __name__ == "__main__":
    run()

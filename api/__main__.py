"""Run the command line as ``python -m api``."""

from api.cli import main

if __name__ == "__main__":  # a spawned reading process imports this module again
    main()

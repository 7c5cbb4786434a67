"""Run ogctests against an address: python ogctests_run.py URL SCOPE JUNIT."""

import os
import sys

from ogctests.main import run_ogctests

# Not by the settings of our own tests, in whose folder it is installed.
flags = ["-q", "-c", os.devnull, "-p", "no:cacheprovider", f"--junitxml={sys.argv[3]}"]
sys.exit(run_ogctests(scope=sys.argv[2], instance_url=sys.argv[1], flags=flags))

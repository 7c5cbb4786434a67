"""A slice of the fuzz run. Property: an input is read with a balanced account, or refused
in words, in bounded time; the command ends with 1 otherwise."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]


@pytest.mark.slow
def test_a_slice_of_the_fuzz_run() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.fuzz_readers", "--count", "300", "--seed", "7"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout
    assert "300 inputs, 0 faults" in done.stdout

"""The lock files have a wheel for every machine that people use. Oracle: uv, which only resolves.

Nothing is installed and no wheel is fetched. Without the package index nothing can be said,
and the tests are skipped with that reason.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
MACHINES = {
    "Linux x86-64": "x86_64-manylinux_2_28",
    "Linux aarch64": "aarch64-manylinux_2_28",
    "Windows x86-64": "x86_64-pc-windows-msvc",
    "macOS arm64": "aarch64-apple-darwin",
}
OLDEST_MACOS = "14.0"
UNREACHABLE = re.compile(r"Failed to fetch|error sending request|dns error|timed out|offline", re.I)

pytestmark = pytest.mark.tooling


def resolve(requirements: str, machine: str, python: str) -> subprocess.CompletedProcess[str]:
    """Ask for wheels of all requirements, given as lines, for one machine and Python."""
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        pytest.skip("uv is not installed")
    return subprocess.run(
        [
            uv, "pip", "compile", "--quiet", "--no-deps", "--only-binary", ":all:",
            "--python-platform", machine, "--python-version", python, "-",
        ],
        input=requirements, capture_output=True, encoding="utf-8", check=False, cwd=ROOT,
        env={**os.environ, "MACOSX_DEPLOYMENT_TARGET": OLDEST_MACOS, "UV_HTTP_RETRIES": "0"},
    )  # fmt: skip


@pytest.fixture(scope="module", autouse=True)
def _reached() -> None:
    done = resolve("pip", MACHINES["Linux x86-64"], "3.11")
    if done.returncode and UNREACHABLE.search(done.stderr):
        pytest.skip("the package index cannot be reached, so that nothing is known of wheels")


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("machine", MACHINES)
def test_there_is_a_wheel_of_every_locked_version(machine: str, python: str) -> None:
    # The lock of the tests holds the other one, see test_conventions.
    locked = (ROOT / "requirements-test.lock").read_text("utf-8")
    pins = "\n".join(re.findall(r"^\S+==[^\\\n]+", locked, re.MULTILINE))
    done = resolve(pins, MACHINES[machine], python)
    assert done.returncode == 0, done.stderr


def test_a_version_without_a_wheel_would_be_found() -> None:
    # exactextract is what kept the product off these machines.
    done = resolve("exactextract==0.3.0", MACHINES["Linux aarch64"], "3.12")
    assert done.returncode != 0
    assert "exactextract" in done.stderr


def test_an_index_that_is_not_there_is_no_success_and_no_failure() -> None:
    nowhere = "--index-url http://127.0.0.1:9/simple\nshapely==2.2.0"
    done = resolve(nowhere, MACHINES["Linux x86-64"], "3.12")
    assert done.returncode != 0
    assert UNREACHABLE.search(done.stderr), done.stderr

"""What a shell asks of a command: its version, and how a word goes on."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
CALL = "import sys; sys.argv = ['ftzgis']; from api.__main__ import main; main()"


def run(*words: str, **more: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), **more}
    command = [sys.executable, "-P", *words]
    return subprocess.run(
        command, capture_output=True, text=True, check=True, env=environment
    ).stdout


def test_the_version_is_said_in_one_place() -> None:
    said = run("-m", "api", "--version").split()
    stated = re.findall(r'^VERSION: Final = "(.+)"$', (ROOT / "api/__init__.py").read_text(), re.M)
    assert said == ["ftzgis", *stated]
    assert 'dynamic = ["version"]' in (ROOT / "pyproject.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("typed", "word"), [("lay", "layers"), ("layers im", "import"), ("check --na", "--nature")]
)
def test_the_shell_completes_commands_and_options(typed: str, word: str) -> None:
    count = str(len(typed.split()))
    said = run(
        "-c",
        CALL,
        _FTZGIS_COMPLETE="complete_bash",
        COMP_WORDS=f"ftzgis {typed}",
        COMP_CWORD=count,
    )
    assert word in said.split()

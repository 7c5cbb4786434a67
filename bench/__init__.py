"""Comparisons with other programs, in one run on the same data: ``python -m bench``."""

from pathlib import Path

from api.workspace.kernels import keep_machine_code

ROOT = Path(__file__).resolve().parent.parent

keep_machine_code(ROOT / ".local" / "kernels")

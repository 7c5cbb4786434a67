"""Write api/notebook/calls.pyi, what type checkers and editors see of the operations.

python docs/make_calls_stub.py
"""

import inspect
import re
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from api.notebook.inputs import FileLike
from api.notebook.operations import operations_by_name
from api.notebook.signatures import help_of, signature_of

STUB = Path(__file__).parents[1] / "api" / "notebook" / "calls.pyi"
HEAD = '''"""Every operation as a method. Made by docs/make_calls_stub.py; do not edit."""

'''
_MODULE = re.compile(r"\b((?:[a-z_]+\.)+)[A-Z]\w*")


def calls_stub() -> str:
    """Return the stub: the methods with their types and their help in English."""
    methods = "\n".join(map(_method, operations_by_name()))
    modules = {found.rstrip(".") for found in _MODULE.findall(methods)} - {"typing"}
    imports = [f"import {name}" for name in sorted(modules | {"datetime", "typing"})]
    own = ["from api.notebook.doors import Door", "from api.notebook.inputs import FileLike"]
    head = HEAD + "\n".join([*imports, "", *own])
    text = f"{head}\n\nclass Calls:\n    def __init__(self, door: Door) -> None: ...\n{methods}\n"
    ruff = [Path(sys.executable).with_name("ruff"), "format", "--stdin-filename", STUB, "-"]
    return subprocess.run(ruff, input=text, capture_output=True, check=True, text=True).stdout


def _method(name: str) -> str:
    declared = operations_by_name()[name]
    signature = signature_of(declared)
    parameters = [
        one.replace(default=... if one.default is not inspect.Parameter.empty else one.default)
        for one in signature.parameters.values()
    ]
    own = inspect.Parameter("self", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    text = str(signature.replace(parameters=[own, *parameters]))
    text = text.replace(str(FileLike), "FileLike").replace("Ellipsis", "...")
    # Where Python 3.13 defines it; every Python imports it from here.
    text = text.replace("pathlib._local", "pathlib")
    text = re.sub(r"(?<![.\w])(Literal|Optional|Union)\[", r"typing.\1[", text)
    said = help_of(declared, "en").replace("\n", "\n        ").replace("        \n", "\n")
    return f'    def {name}{text}:\n        """{said}"""\n'


if __name__ == "__main__":
    STUB.write_text(calls_stub(), encoding="utf-8")

"""Write docs/http-reference.md from what the server says of itself.

python docs/make_http_reference.py
"""

import sys
import tempfile
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from api.app import create_app
from api.settings import Settings

TARGET = Path(__file__).with_name("http-reference.md")
HEAD = """# HTTP reference

Made by `docs/make_http_reference.py` from `/openapi.json`; do not edit. What belongs
together is explained in [http.md](http.md).

| method and path | query | what it does |
|---|---|---|
"""


def reference() -> str:
    """Return the page: one line for every route, by path."""
    with tempfile.TemporaryDirectory() as folder:
        document = create_app(Settings(data_dir=Path(folder))).openapi()
    rows = [
        row(method, path, operation)
        for path, methods in sorted(document["paths"].items())
        for method, operation in methods.items()
    ]
    return HEAD + "\n".join(rows) + "\n"


def row(method: str, path: str, operation: dict[str, Any]) -> str:
    asked = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
    said = operation.get("description", "").split("\n")[0].replace("|", "\\|")
    return f"| `{method.upper()} {path}` | {' '.join(f'`{name}`' for name in asked)} | {said} |"


if __name__ == "__main__":
    TARGET.write_text(reference(), encoding="utf-8")

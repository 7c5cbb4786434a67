"""Write the pages of reference.md, http-reference.md and layer-guides.md by the program itself.

python docs/make_reference.py
"""

import importlib
import pkgutil
import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from api.app import create_app
from api.data.layer_guide import layer_guides
from api.errors import status_of
from api.settings import PREFIX, Settings
from api.workspace.workspace import Workspace
from geo.check.verdict import GRAVITY
from geo.errors import PlanningError
from layers.check.rules import Citation, load_rules, place_of
from layers.store.catalogue import load_kinds
from maps.data.guide_document import guide_document
from maps.document.cells import plain
from maps.document.model import Block, Document, Heading, Paragraph, Table
from maps.i18n import tables, tr
from maps.law_words import article_text

PACKAGES = ("geo", "layers", "maps", "api")
ROOMS = ("workspace", "data", "check", "density", "expansion", "workbench", "publish")
HTTP_HEAD = """# HTTP reference

Made by `docs/make_reference.py` from `/openapi.json`; do not edit. What belongs
together is explained in [http.md](http.md).

| method and path | query | what it does |
|---|---|---|
"""
HEAD = """# 参考 Reference

Made by `docs/make_reference.py` from the program; do not edit. Routes stand in
[http-reference.md](http-reference.md), terms in the [glossary](glossary.md).
"""

GUIDE_HEAD = """<!-- Made by `docs/make_reference.py` from the program; do not edit. The same as
`ftzgis layers guide`. -->
"""


def http_reference() -> str:
    """Return the page of routes: one line for each, by path."""
    with tempfile.TemporaryDirectory() as folder:
        document = create_app(Settings(data_dir=Path(folder))).openapi()
    rows = [
        route(method, path, operation)
        for path, methods in sorted(document["paths"].items())
        for method, operation in methods.items()
    ]
    return HTTP_HEAD + "\n".join(rows) + "\n"


def route(method: str, path: str, operation: dict[str, Any]) -> str:
    asked = [one["name"] for one in operation.get("parameters", []) if one["in"] == "query"]
    said = operation.get("description", "").split("\n")[0].replace("|", "\\|")
    return f"| `{method.upper()} {path}` | {' '.join(f'`{name}`' for name in asked)} | {said} |"


def reference() -> str:
    """Return the page of tables."""
    parts = (verdicts(), kinds(), rules(), settings(), commands(), errors())
    return HEAD + "".join(parts)


def verdicts() -> str:
    rows = [
        (f"`{one}`", *(tr(f"verdicts.{one}", lang) for lang in ("zh", "en"))) for one in GRAVITY
    ]
    return table("结论 Verdicts, the gravest first", ("code", "中文", "English"), rows)


def kinds() -> str:
    rows = [
        (
            f"`{kind.id}`",
            kind.title_zh,
            kind.title_en,
            kind.geometry,
            kind.sensitivity,
            "yes" if kind.control else "",
            "yes" if kind.environmentally_sensitive else "",
            "yes" if kind.excludes_building else "",
        )
        for kind in load_kinds().values()
    ]
    heads = ("kind", "中文", "English", "geometry", "sensitivity", "control line",
             "claim speaks of it", "excludes building")  # fmt: skip
    return table("图层类别 Kinds of layers, from the bottom up", heads, rows)


def _law_of(cited: Citation) -> str:
    articles = dict.fromkeys(article_text(one, "zh") for one in (cited.number, cited.clause))
    return " ".join((cited.document_zh, *articles))


def rules() -> str:
    kinds = load_kinds()
    rows = [
        (
            f"`{rule.key}`",
            f"`{rule.kind}`",
            rule.relation,
            "yes" if rule.required else "",
            _law_of(rule.citation),
            rule.citation.certainty,
            str(rule.valid_from or ""),
            str(rule.valid_to or ""),
        )
        for rule in sorted(load_rules(None, kinds), key=lambda one: place_of(kinds[one.kind], one))
    ]
    heads = ("rule", "kind", "relation", "required", "law", "text seen as", "from", "to")
    return table("管控规则 Rules", heads, rows)


def settings() -> str:
    rows = [
        (f"`{PREFIX}{name.upper()}`", shown(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    return table("设置 Settings", ("variable", "default", "meaning"), rows)


def shown(default: object) -> str:
    text = str(default)
    return "" if default is None or "Undefined" in text else f"`{text}`"


def commands() -> str:
    found = [
        one
        for room in ROOMS
        for one in importlib.import_module(f"api.{room}.operations").OPERATIONS
    ]
    rows = [
        (f"`{one.name}`", " ".join(f"`{way}`" for way in one.routes))
        for one in sorted(found, key=lambda one: one.name)
    ]
    return table("命令与路由 Commands and their routes", ("command", "route"), rows)


def errors() -> str:
    for name in PACKAGES:
        package = importlib.import_module(name)
        for found in pkgutil.walk_packages(package.__path__, f"{name}."):
            if not found.name.endswith("__main__"):
                importlib.import_module(found.name)
    kinds, todo = dict[str, type[PlanningError]](), [PlanningError]
    while todo:
        kind = todo.pop()
        todo += kind.__subclasses__()
        if kind.__module__.split(".")[0] in PACKAGES:
            kinds[kind.code] = kind
    rows = [
        (f"`{code}`", status_of(kind.__new__(kind)), tables("en")["errors"][code])
        for code, kind in sorted(kinds.items())
    ]
    return table("错误 Errors", ("code", "status", "words"), rows)


def table(
    title: str, heads: Iterable[str], rows: Iterable[Iterable[object]], level: str = "##"
) -> str:
    heads = tuple(heads)
    lines = [heads, tuple("---" for _ in heads), *rows]
    written = ["| " + " | ".join(cell(one) for one in line) + " |" for line in lines]
    return f"\n{level} {title}\n\n" + "\n".join(written) + "\n"


def cell(value: object) -> str:
    return " ".join(str(value).split()).replace("|", "\\|")


def layer_guides_page() -> str:
    """Return the page of how layers are prepared, in both languages."""
    with tempfile.TemporaryDirectory() as folder:
        answer = layer_guides(Workspace(Settings(data_dir=Path(folder))), None)
    parts = (guide_document(answer, lang) for lang in ("zh", "en"))
    return GUIDE_HEAD + "".join(map(markdown, parts))


def markdown(document: Document) -> str:
    """Return a sheet as Markdown: headings, texts and tables, in the order of print."""
    (section,) = document.sections
    parts = [f"\n# {document.title}\n", *map(markdown_block, section.blocks)]
    return re.sub(r"\n{3,}", "\n\n", "".join(parts))


def markdown_block(block: Block) -> str:
    match block:
        case Heading():
            return f"\n## {block.text}\n\n"
        case Table():
            heads = tuple(column.title for column in block.columns)
            rows = [tuple(str(plain(cell)) for cell in row) for row in block.rows]
            return table(block.caption or "", heads, rows, level="###") + "\n"
        case Paragraph(role="item"):
            return f"- {block.text}\n"
        case Paragraph():
            return f"\n{block.text}\n"
    raise TypeError(block)


PAGES = {
    "reference.md": reference,
    "http-reference.md": http_reference,
    "layer-guides.md": layer_guides_page,
}

if __name__ == "__main__":
    for page, made in PAGES.items():
        Path(__file__).with_name(page).write_text(made(), encoding="utf-8")

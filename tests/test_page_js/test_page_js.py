"""The page's modules: linted, formatted, type-checked against the answers, computed values tested.

Node and npm are needed here and nowhere else (Debian: ``apt-get install nodejs npm``). The types
of the answers are written from the models that the server answers with, so a field that is
renamed there and not in the page is an error here.
"""

import json
import random
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic.json_schema import models_json_schema

import api.app  # noqa: F401 - brings the answers of the server in
import maps.publish.publication  # noqa: F401 - brings those of published maps in
from layers.check.rules import load_rules
from layers.store.catalogue import load_kinds
from maps.answers import Answer
from maps.i18n import tables
from maps.law_words import article_text
from maps.numbers import number

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
BIN = HERE / "node_modules" / ".bin"

pytestmark = pytest.mark.tooling

PLAIN = {
    "integer": "number",
    "number": "number",
    "string": "string",
    "boolean": "boolean",
    "null": "null",
}
# What JSON objects of no stated form are, by the name of their field.
OPEN_OBJECTS = {
    "geometry": "App.Shape",
    "before": "App.Shape",
    "after": "App.Shape",
    "features": "App.Collection",
    "citation": "App.Citation",
}


@pytest.fixture(scope="module", autouse=True)
def _tools() -> None:
    assert shutil.which("npm"), "the page's checks need Node: apt-get install nodejs npm"
    locked, there = HERE / "package-lock.json", HERE / "node_modules" / ".package-lock.json"
    if not there.exists() or there.stat().st_mtime < locked.stat().st_mtime:
        run("npm", "ci", "--ignore-scripts", "--prefix", str(HERE))
    (HERE / "answers.d.ts").write_text(answer_types(), encoding="utf-8")


def run(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_linter_finds_nothing() -> None:
    run(str(BIN / "eslint"), "-c", str(HERE / "eslint.config.js"), "maps/static", str(HERE))


def test_modules_are_formatted() -> None:
    run(
        str(BIN / "prettier"), "--config", str(HERE / ".prettierrc.json"), "--check", *own_scripts()
    )


def test_types_hold_against_the_answers() -> None:
    run(str(BIN / "tsc"), "--project", str(HERE))


def test_what_the_page_computes() -> None:
    run("node", "--test", *(str(path) for path in sorted(HERE.glob("*.test.js"))))


def own_scripts() -> list[str]:
    static = ROOT / "maps" / "static"
    paths = [*static.glob("app/**/*.js"), *static.glob("public/*.js"), *HERE.glob("*.js")]
    return sorted(str(path) for path in paths)


def answer_types() -> str:
    """Return a namespace of interfaces, one for each answer."""
    models = [(model, "serialization") for model in answers_below(Answer)]
    _, schema = models_json_schema(models, ref_template="{model}")
    lines = ["/* Written by test_page_js.py from the models of the answers. */", ""]
    lines.append("declare namespace Answers {")
    for name, model in sorted(schema["$defs"].items()):
        if model.get("type") == "object":
            lines.append(f"  interface {identifier(name)} {{")
            lines += [
                f"    {property_name(key)}: {type_of(key, one)};"
                for key, one in model["properties"].items()
            ]
            lines.append("  }")
        else:
            lines.append(f"  type {identifier(name)} = {type_of('', model)};")
    return "\n".join([*lines, "}", ""])


def answers_below(model: type[Answer]) -> Iterator[type[Answer]]:
    for below in model.__subclasses__():
        yield below
        yield from answers_below(below)


def property_name(key: str) -> str:
    """Return a key as a property; those of STAC have a colon in them."""
    return key if key.isidentifier() else json.dumps(key)


def identifier(name: str) -> str:
    return re.sub(r"\W+", "_", name)


def type_of(key: str, schema: dict[str, Any]) -> str:
    if "$ref" in schema:
        return identifier(schema["$ref"])
    if "anyOf" in schema:
        return " | ".join(type_of(key, one) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        return " | ".join(map(json.dumps, schema.get("enum", [schema.get("const")])))
    if schema.get("type") == "array":
        return _type_of_array(key, schema)
    if schema.get("type") == "object":
        of = schema.get("additionalProperties")
        open_object = OPEN_OBJECTS.get(key, "App.JsonObject")
        return f"Record<string, {type_of(key, of)}>" if isinstance(of, dict) else open_object
    return PLAIN.get(schema.get("type", ""), "App.Json")


def _type_of_array(key: str, schema: dict[str, Any]) -> str:
    if "prefixItems" in schema:
        return f"[{', '.join(type_of(key, one) for one in schema['prefixItems'])}]"
    return f"({type_of(key, schema.get('items', {}))})[]"


def test_the_page_writes_numbers_as_documents_do(tmp_path: Path) -> None:
    """Second program: the server's own printer, on halves, hairs beside them and any double."""
    chance = random.Random(20261129)  # noqa: S311 - no secret
    halves = [chance.randrange(10**9) / 1000 + 0.0005 for _ in range(2000)]
    hairs = [value + chance.choice([1e-9, -1e-9, 1e-12]) for value in halves]
    any_ = [chance.uniform(-1, 1) * 10.0 ** chance.randrange(-12, 15) for _ in range(4000)]
    known = [2.675, 1.005, 1234.565, 0.000045, -0.001, -0.0, 0.0, 1e21, 5e-324, 99999.995]
    rows = [
        [value, decimals, number(value, decimals)]
        for value in (*halves, *hairs, *any_, *known)
        for decimals in (0, 2, 3, 4)
    ]
    (tmp_path / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    script = tmp_path / "compare.mjs"
    script.write_text(
        f"""
        import {{ readFileSync }} from "node:fs";
        import {{ page }} from "{ROOT.as_uri()}/maps/static/app/core/page.js";
        import {{ formatNumber }} from "{ROOT.as_uri()}/maps/static/app/core/words.js";
        page.config = {{ lang: "en", texts: {{}} }};
        const rows = JSON.parse(readFileSync("{tmp_path}/rows.json", "utf8"));
        const other = rows.filter(([value, decimals, text]) => formatNumber(value, decimals) !== text);
        if (other.length) {{
          const said = other.slice(0, 9).map((row) => [...row, formatNumber(row[0], row[1])]);
          console.error(other.length, JSON.stringify(said));
          process.exit(1);
        }}
        """,
        encoding="utf-8",
    )
    run("node", str(script))


def test_the_page_says_articles_of_law_as_documents_do(tmp_path: Path) -> None:
    """Second program: the words of the server, on all law that ships and on numerals of any form."""
    cited = {text for found in _laws_that_ship() for text in found}
    numerals = ["一", "十", "二十一", "四十", "九十九", "一百", "一百二十三", "〇", "12"]
    forms = ["第{}条", "第{}条第{}款", "第{}条第（{}）项", "{}、（{}）第{}项", "{}", "第九十条之一"]
    made = {form.replace("{}", one) for form in forms for one in numerals}
    other = {"", "云政发〔2018〕32号", "2026年8月5日", "（2021年修订）", "（2024年）", "GB 3838; X"}
    rows = [
        [text, lang, article_text(text, lang)]
        for text in (None, *sorted(cited | made | other))
        for lang in ("zh", "en")
    ]
    assert len(rows) > 150
    names = ("law_forms", "law_words", "certainty")
    texts = {lang: {name: dict(tables(lang)[name]) for name in names} for lang in ("zh", "en")}
    (tmp_path / "rows.json").write_text(json.dumps([rows, texts]), encoding="utf-8")
    script = tmp_path / "compare.mjs"
    script.write_text(
        f"""
        import {{ readFileSync }} from "node:fs";
        import {{ page }} from "{ROOT.as_uri()}/maps/static/app/core/page.js";
        import {{ articleText }} from "{ROOT.as_uri()}/maps/static/app/core/law.js";
        const [rows, texts] = JSON.parse(readFileSync("{tmp_path}/rows.json", "utf8"));
        const said = rows.map(([text, lang, wanted]) => {{
          page.config = {{ lang, texts }};
          return [text, lang, wanted, articleText(text)];
        }});
        const other = said.filter(([, , wanted, found]) => wanted !== found);
        if (other.length) {{
          console.error(other.length, JSON.stringify(other.slice(0, 9)));
          process.exit(1);
        }}
        """,
        encoding="utf-8",
    )
    run("node", str(script))


def _laws_that_ship() -> Iterator[tuple[str, ...]]:
    """Yield the numbers and clauses of rules, and of what follows from them for projects."""
    for rule in load_rules(None, load_kinds()):
        yield tuple(filter(None, (rule.citation.number, rule.citation.clause)))
    path = ROOT / "layers" / "check" / "natures_data" / "decisions.yaml"
    for found in re.finditer(r"(?:number|clause): ([^,}\n]+)", path.read_text("utf-8")):
        yield (found[1],)

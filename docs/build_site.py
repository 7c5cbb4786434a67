"""Build the documentation site that ships: Markdown of docs/ into maps/guides, in both languages.

python docs/build_site.py

mkdocs-material is installed apart, once, by docs/site/site.lock; the product never needs it.
The same sources give the same bytes. ``built.json`` beside the pages says from which.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from PIL import Image

ROOT = Path(__file__).resolve().parents[1]
DOCS = ROOT / "docs"
TARGET = ROOT / "maps" / "guides"
RECORD = "built.json"
LANGUAGES = ("zh", "en")
DECISIONS_IN = "en"
DECISIONS_PAGE = "decisions.md"
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)#\s]*)(#[^)]*)?\)")
INLINE_SCRIPT = re.compile(r"<script>(.*?)</script>", re.S)
FENCED = re.compile(r"(^```.*?^```)", re.M | re.S)
BEGINNING_LIST = re.compile(r"^((?![-*] |[>|#]|\d+\. |\s).+)\n(?=- |1\. )", re.M)
PREFORMATTED = re.compile(r"(<pre.*?</pre>)", re.S)
OWN_ASSETS = re.compile(r'((?:src|href|"search"): ?"|(?:src|href)=")((?:\.\./)*)assets/')
LEFT_OUT = ("*.map", "tinyseg.js", "wordcut.js", "404.html", "sitemap*", "objects.inv")
LUNR = {"lunr.stemmer.support.min.js", "lunr.zh.min.js"}
"""What the search asks for in Chinese; in English it asks for nothing."""
PICTURE_WIDTH = 1000
"""Pixels; the text of a picture is still read, and the file is half of what was taken."""


def main() -> None:
    make(TARGET)
    size = sum(path.stat().st_size for path in TARGET.rglob("*") if path.is_file())
    print(f"{TARGET.relative_to(ROOT)}: {size / 1e6:.1f} MB")


def make(target: Path) -> None:
    """Build the site in a folder, in place of what is there."""
    python = environment()
    with tempfile.TemporaryDirectory() as folder:
        site = Path(folder) / "site"
        for lang in LANGUAGES:
            build(python, lang, Path(folder), site)
        share_assets(site)
        (licence,) = python.parents[1].rglob("mkdocs_material-*.dist-info/licenses/LICENSE")
        shutil.copy(licence, site / "assets" / "LICENSE")
        (site / RECORD).write_text(record(site), encoding="utf-8")
        shutil.rmtree(target, ignore_errors=True)
        shutil.copytree(site, target)


def environment() -> Path:
    """Return a Python with mkdocs-material, made on first use."""
    lock = DOCS / "site" / "site.lock"
    home = ROOT / ".local" / f"docs-{sys.version_info[0]}.{sys.version_info[1]}"
    python, stamp = home / "bin" / "python", home / "installed.lock"
    if not stamp.is_file() or stamp.read_text("utf-8") != lock.read_text("utf-8"):
        uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or "uv"
        subprocess.run([uv, "venv", "-q", "--clear", "--python", sys.executable, home], check=True)
        # jieba comes as source alone; its hash is in the lock like all others.
        subprocess.run(
            [uv, "pip", "install", "-q", "--python", python, "--require-hashes", "-r", lock],
            check=True,
        )
        stamp.write_text(lock.read_text("utf-8"), encoding="utf-8")
    return python


def sources() -> list[Path]:
    """Return every file that a page is made of."""
    pages = [DOCS / f"{name}.md" for name in plan()["reference"]]
    return sorted(
        {
            Path(__file__).resolve(),
            *(path for path in (DOCS / "guides").rglob("*") if path.is_file()),
            *(path for path in (DOCS / "site").iterdir() if path.is_file()),
            *(DOCS / "adr").glob("*.md"),
            *pages,
            *pictures(),
        }
    )


def pictures() -> Iterator[Path]:
    for guide in (DOCS / "guides").glob("*/*.md"):
        for bang, _, target, _ in LINK.findall(guide.read_text("utf-8")):
            if bang:
                yield (guide.parent / target).resolve()


def plan() -> dict[str, Any]:
    text = (DOCS / "site" / "pages.yaml").read_text("utf-8")
    found: dict[str, Any] = yaml.safe_load(text)
    return found


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def record(site: Path) -> str:
    """Return what the site is made of, and what it is, as JSON."""
    files = sorted(path for path in site.rglob("*") if path.is_file() and path.name != RECORD)
    said = {
        "sources": {path.relative_to(ROOT).as_posix(): digest(path) for path in sources()},
        "files": {path.relative_to(site).as_posix(): digest(path) for path in files},
    }
    return json.dumps(said, indent=0, ensure_ascii=False) + "\n"


def build(python: Path, lang: str, folder: Path, site: Path) -> None:
    """Write the pages of a language."""
    pages = folder / f"pages-{lang}"
    names = places(lang)
    for source, place in names.items():
        target = pages / place
        target.parent.mkdir(parents=True, exist_ok=True)
        text = source.read_text("utf-8")
        text = parted_lists(text)
        text = in_language(text, lang) if source.stem == "layer-guides" else text
        target.write_text(relinked(text, source, Path(place), names), encoding="utf-8")
    if lang != DECISIONS_IN:
        (pages / DECISIONS_PAGE).write_text(decisions_page(lang), encoding="utf-8")
    for picture in pictures():
        shrink(picture, pages / "pictures" / f"{picture.stem}.webp")
    shutil.copytree(DOCS / "guides" / "examples", pages / "examples")
    config = folder / f"{lang}.yml"
    config.write_text(configuration(lang, pages, site / lang), encoding="utf-8")
    subprocess.run(
        [python, "-P", "-m", "mkdocs", "build", "-q", "-f", config],
        check=True,
        env={
            **os.environ,
            "NO_MKDOCS_2_WARNING": "1",
            "SOURCE_DATE_EPOCH": "0",
            "PYTHONHASHSEED": "0",
        },
    )
    for pattern in LEFT_OUT:
        for path in list((site / lang).rglob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in (site / lang).rglob("lunr*.min.js"):
        if path.name not in LUNR:
            path.unlink()
    drop_unused_pictures(site / lang)
    for page in (site / lang).rglob("*.html"):
        page.write_text(plain_page(page.read_text("utf-8"), site / lang), encoding="utf-8")


def places(lang: str) -> dict[Path, str]:
    """Return where each source stands on the site."""
    said = plan()
    guides = {DOCS / "guides" / lang / f"{name}.md": f"{name}.md" for name in said["guides"]}
    shared = {DOCS / f"{name}.md": f"reference/{name}.md" for name in said["reference"]}
    return {**guides, **shared, **(decisions() if lang == DECISIONS_IN else {})}


def decisions() -> dict[Path, str]:
    """Return the records of decisions, which are written in one language alone."""
    return {path: f"decisions/{path.name}" for path in sorted((DOCS / "adr").glob("*.md"))}


def configuration(lang: str, pages: Path, site: Path) -> str:
    said = plan()
    records = [{first_heading(path): place} for path, place in decisions().items()]
    nav: list[Any] = [{words[lang]: f"{name}.md"} for name, words in said["guides"].items()]
    shared = [{words[lang]: f"reference/{name}.md"} for name, words in said["reference"].items()]
    nav += [
        {said["sections"]["reference"][lang]: shared},
        {said["sections"]["decisions"][lang]: records if lang == DECISIONS_IN else DECISIONS_PAGE},
    ]
    own = {
        "INHERIT": str(DOCS / "site" / "mkdocs.yml"),
        "site_name": said["title"][lang],
        "docs_dir": str(pages),
        "site_dir": str(site),
        "theme": {"language": lang},
        "plugins": [{"search": {"lang": [lang], "separator": r"[\s\u200b\-，。、；：（）]+"}}],
        "nav": nav,
    }
    return yaml.safe_dump(own, allow_unicode=True, sort_keys=False)


def first_heading(path: Path) -> str:
    return path.read_text("utf-8").partition("\n")[0].removeprefix("# ")


def parted_lists(text: str) -> str:
    """Put a line between a text and its list: this Markdown sees no list without it."""
    parts = FENCED.split(text)
    parts[::2] = [BEGINNING_LIST.sub(r"\1\n\n", part) for part in parts[::2]]
    return "".join(parts)


def decisions_page(lang: str) -> str:
    """Return the list of decisions for readers of another language than they are written in."""
    title = plan()["sections"]["decisions"][lang]
    rows = [
        f"- [{first_heading(path)}](../{DECISIONS_IN}/{place.removesuffix('.md')}.html)"
        for path, place in decisions().items()
    ]
    return f"# {title}\n\n" + "\n".join(rows) + "\n"


def in_language(text: str, lang: str) -> str:
    """Return the part of a page that holds a whole language after the other."""
    parts = re.split(r"^(?=# )", text, flags=re.M)[1:]
    return dict(zip(LANGUAGES, parts, strict=True))[lang]


def relinked(text: str, source: Path, place: Path, names: dict[Path, str]) -> str:
    """Return a page whose links lead to pages of the site; what is not there is named only."""
    up = "../" * (len(place.parts) - 1)

    def replace(match: re.Match[str]) -> str:
        bang, words, target, anchor = match.groups()
        if not target or ":" in target:
            return match[0]
        if bang:
            return f"![{words}]({up}pictures/{Path(target).stem}.webp)"
        if target.startswith("reference/"):
            return match[0]
        if "examples/" in target:
            return f"[{words}]({up}examples/{Path(target).name})"
        found = names.get((source.parent / target).resolve())
        return f"[{words}]({up}{found}{anchor or ''})" if found else words

    return LINK.sub(replace, text)


def shrink(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.open(source).convert("RGB")
    if picture.width > PICTURE_WIDTH:
        height = round(picture.height * PICTURE_WIDTH / picture.width)
        picture = picture.resize((PICTURE_WIDTH, height), Image.Resampling.LANCZOS)
    picture.save(target, quality=60, method=6)


def drop_unused_pictures(site: Path) -> None:
    """Leave out what only the other language shows."""
    used = "".join(page.read_text("utf-8") for page in site.rglob("*.html"))
    for path in (site / "pictures").glob("*"):
        if path.name not in used:
            path.unlink()


def plain_page(text: str, site: Path) -> str:
    """Return a page without scripts of its own: the server's policy lets none of them run."""
    depth = re.search(r'href="((?:\.\./)*)assets/', text)
    up = depth[1] if depth else ""

    def outside(match: re.Match[str]) -> str:
        data = match[1].encode()
        name = f"page-{hashlib.sha256(data).hexdigest()[:8]}.js"
        path = site / "assets" / "javascripts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        return f'<script src="{up}assets/javascripts/{name}"></script>'

    parts = PREFORMATTED.split(INLINE_SCRIPT.sub(outside, text))
    # Half of a page is white space of templates; in code it means something.
    parts[::2] = [re.sub(r"\s*\n\s*", "\n", part) for part in parts[::2]]
    return "".join(parts)


def share_assets(site: Path) -> None:
    """Keep the files of the theme once, beside the languages."""
    for lang in LANGUAGES:
        shutil.copytree(site / lang / "assets", site / "assets", dirs_exist_ok=True)
        shutil.rmtree(site / lang / "assets")
        for page in (site / lang).rglob("*.html"):
            text = OWN_ASSETS.sub(r"\1../\2assets/", page.read_text("utf-8"))
            page.write_text(same_page(text, page.relative_to(site / lang), site), encoding="utf-8")
        # The theme asks it for pages of the other language, which are linked already.
        (site / lang / "sitemap.xml").write_text("<urlset/>\n", encoding="utf-8")


def same_page(text: str, page: Path, site: Path) -> str:
    """Lead from a page to the same in the other language, where it is there."""
    for lang in LANGUAGES:
        if (site / lang / page).is_file():
            # Not what stands in the head: there the theme looks for more of the language.
            before, after = f'../{lang}/index.html" hreflang="{lang}" class', page.as_posix()
            text = text.replace(before, f'../{lang}/{after}" hreflang="{lang}" class')
    return text


if __name__ == "__main__":
    main()

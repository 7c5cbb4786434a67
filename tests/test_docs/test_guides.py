"""Every command and block of code of the guides is run as it stands, top to bottom.

Oracle: the exit code of each; both languages hold the same blocks, so one of them is run.
"""

import configparser
import hashlib
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from api.settings import Settings
from layers.basemaps import load_basemaps
from layers.expansion.ground_constraints import parse_constraints

ROOT = Path(__file__).parents[2]
GUIDES = ROOT / "docs" / "guides"
NAMES = sorted(path.stem for path in (GUIDES / "zh").glob("*.md"))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.M | re.S)
ANSWERED_BY_VERDICT = tuple(
    f"ftzgis {name}" for name in ("check ", "batch", "claim", "stale", "layers audit")
)
VERDICTS = (0, 1, 3)
"""A check that finds a conflict, or cannot tell, has done what it was asked."""


def blocks(lang: str, name: str) -> list[tuple[str, str]]:
    return BLOCK.findall((GUIDES / lang / f"{name}.md").read_text("utf-8"))


def test_both_languages_have_the_same_guides_and_commands() -> None:
    assert sorted(path.stem for path in (GUIDES / "en").glob("*.md")) == NAMES
    assert len(NAMES) >= 9
    for name in NAMES:
        assert blocks("zh", name) == blocks("en", name), name
        heads = [
            re.findall(r"^(#+) ", (GUIDES / lang / f"{name}.md").read_text("utf-8"), re.M)
            for lang in ("zh", "en")
        ]
        assert heads[0] == heads[1], name


@dataclass
class Walk:
    """A folder in which the commands of a guide are run one after the other."""

    folder: Path
    env: dict[str, str]
    port: int
    server: list[subprocess.Popen] = field(default_factory=list)

    def shell(self, line: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-c", self.filled(line)], cwd=self.folder, env=self.env,
            capture_output=True, encoding="utf-8", check=False, timeout=300,
        )  # fmt: skip

    def filled(self, line: str) -> str:
        """Return a line with the server's port, the newest check's id and a digest in it."""
        line = line.replace("127.0.0.1:8000", f"127.0.0.1:{self.port}")
        if "DIGEST" in line:
            made = (self.folder / "out" / "replacement.zip").read_bytes()
            line = line.replace("DIGEST", hashlib.sha256(made).hexdigest())
        if "CHECK_ID" not in line:
            return line
        listed = json.loads(self.shell("ftzgis checks list --json").stdout)
        return line.replace("CHECK_ID", listed["checks"][0]["id"])

    def serve(self, line: str) -> None:
        command = f"exec env {line.replace('ftzgis serve', f'ftzgis serve --port {self.port}')}"
        self.server.append(
            subprocess.Popen(["bash", "-c", command], cwd=self.folder, env=self.env,
                             stderr=subprocess.DEVNULL)
        )  # fmt: skip
        until = time.monotonic() + 120
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5):
                    return
            except OSError:
                assert time.monotonic() < until, line
                time.sleep(0.3)


@pytest.fixture
def walk(own_store: Path, tmp_path: Path) -> Iterator[Walk]:
    folder, tools = tmp_path / "walk", tmp_path / "bin"
    shutil.copytree(GUIDES / "examples", folder)
    tools.mkdir()
    program = tools / "ftzgis"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -P -m api "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    known = ("HOME", "LANG", "NUMBA_CACHE_DIR", "TMPDIR")
    kept = {name: os.environ[name] for name in known if name in os.environ}
    env = {
        **kept,
        "PATH": f"{tools}:{os.environ['PATH']}",
        "PYTHONPATH": str(ROOT),
        "FTZGIS_DATA_DIR": str(own_store),
        "FTZGIS_KERNEL_DIR": str(ROOT / ".local" / "kernels"),
        "NO_PROXY": "127.0.0.1",
    }
    found = Walk(folder=folder, env=env, port=port)
    yield found
    for server in found.server:
        server.terminate()
        server.wait(20)


@pytest.mark.slow
@pytest.mark.parametrize("name", [one for one in NAMES if blocks("zh", one)])
def test_a_guide_runs_from_its_first_line_to_its_last(name: str, walk: Walk) -> None:
    for kind, text in blocks("zh", name):
        RUN[kind](walk, text)


RED = "ecological_red_line"
SAID = "--title 练习 --source 管委会 --covers 53 --precision-m 0.01 --accept"
PREPARED = {
    "README.md": (
        "ftzgis convert site.geojson --to-crs EPSG:4543 -o site.zip",
        "ftzgis convert site.geojson --to-crs EPSG:4543 -o site.dxf",
        "ftzgis convert red_line_practice.geojson -o red_line_2024.zip",
    ),
    "docs/claim-examined.md": (),
    "docs/http.md": (
        "ftzgis convert site.geojson --to-crs EPSG:4543 -o site.zip",
        "mkdir 项目 && cp site.geojson 项目/",
        "ftzgis layers export districts -o districts.gpkg",
        f"ftzgis layers import districts.gpkg --id districts --kind district {SAID}",
        f"ftzgis layers import red_line_practice.geojson --id red_line_2026 --kind {RED} {SAID}",
    ),
    "docs/ogc.md": (),
}
"""Pages of both languages, and what the files and layers that they name are made by first."""


@pytest.mark.slow
@pytest.mark.parametrize("name", PREPARED)
def test_a_page_runs_from_its_first_line_to_its_last(name: str, walk: Walk) -> None:
    for line in PREPARED[name]:
        done = walk.shell(line)
        assert done.returncode == 0, f"{line}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    walk.serve("ftzgis serve")
    found = BLOCK.findall((ROOT / name).read_text("utf-8"))
    assert found
    for kind, text in found:
        # Their Python asks by clients of other makers: tests/test_api/ogc/test_catalogue_clients.py
        if kind != "python":
            RUN[kind](walk, text)


def run_console(walk: Walk, text: str) -> None:
    for line in text.replace("\\\n", " ").splitlines():
        assert line.startswith("$ "), line
        run_line(walk, line.removeprefix("$ "))


def run_line(walk: Walk, line: str) -> None:
    line = line.replace("python3 run.py -- ", "ftzgis ")
    if "run.py" in line or "pip download" in line:
        # The installation has tests of its own: here that there are such commands and files.
        said = (ROOT / "run.py").read_text("utf-8")
        for word in line.partition("#")[0].partition("run.py")[2].split():
            assert f"run.py {word} " in said, line
        assert (ROOT / "requirements.lock").is_file()
        return
    if "ftzgis serve" in line:
        walk.serve(line)
        return
    if (
        line.split(maxsplit=1)[0] in {"ogrinfo", "ogr2ogr"}
        and shutil.which(line.split(maxsplit=1)[0]) is None
    ):
        pytest.skip("GDAL's programs are not installed: apt-get install gdal-bin")
    done = walk.shell(line)
    allowed = VERDICTS if line.startswith(ANSWERED_BY_VERDICT) else (0,)
    assert done.returncode in allowed, f"{line}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    assert "urn:ftzgis:" not in done.stdout, done.stdout[-2000:]
    for name in re.findall(r"curl .*-o (\S+)", line):
        assert b"urn:ftzgis:" not in (walk.folder / name).read_bytes()[:400], line


def run_python(walk: Walk, text: str) -> None:
    """Run a block after those before it, as in one notebook."""
    script = walk.folder / "blocks.py"
    before = script.read_text("utf-8") if script.exists() else ""
    script.write_text(before + walk.filled(text), encoding="utf-8")
    done = walk.shell(f"{sys.executable} -P blocks.py")
    assert done.returncode == 0, done.stderr[-2000:]


def run_ini(walk: Walk, text: str) -> None:
    """Read a unit of systemd, and ask the program whether it takes the options."""
    unit = configparser.ConfigParser(strict=False)
    unit.optionxform = str  # type: ignore[assignment]
    unit.read_string(text)
    assert set(unit.sections()) == {"Unit", "Service", "Install"}
    for setting in re.findall(r"^Environment=FTZGIS_(\w+)=", text, re.M):
        assert setting.lower() in Settings.model_fields
    program, *options = unit["Service"]["ExecStart"].split()
    assert program.endswith("/bin/ftzgis")
    done = walk.shell(f"ftzgis {' '.join(options)} --help")
    assert done.returncode == 0, done.stderr


def run_nginx(walk: Walk, text: str) -> None:
    """Have nginx itself read the block."""
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
    if nginx is None:
        pytest.skip("nginx is not installed: apt-get install nginx")
    conf = walk.folder / "nginx.conf"
    server = f"server {{ listen 127.0.0.1:{walk.port}; {text} }}"
    temp = " ".join(
        f"{one}_temp_path {walk.folder};"
        for one in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    conf.write_text(
        f"pid {walk.folder}/nginx.pid; error_log stderr; events {{}}\n"
        f"http {{ access_log off; {temp} {server} }}\n",
        encoding="utf-8",
    )
    done = walk.shell(f"{nginx} -t -p {walk.folder} -c {conf}")
    assert done.returncode == 0, done.stderr


def run_toml(walk: Walk, text: str) -> None:
    """Read the block as what the page calls it: a file of base maps."""
    path = walk.folder / "basemaps.toml"
    path.write_text(text, encoding="utf-8")
    assert [one.id for one in load_basemaps(path)] == ["tianditu", "office"]


def run_json(walk: Walk, text: str) -> None:
    """Be refused as the page shows: a Shapefile whose .prj is lost."""
    lost = walk.folder / "lost" / "site.zip"
    lost.parent.mkdir()
    with zipfile.ZipFile(walk.folder / "site.zip") as whole, zipfile.ZipFile(lost, "w") as less:
        for one in whole.namelist():
            if not one.endswith(".prj"):
                less.writestr(one, whole.read(one))
    done = walk.shell("curl -s -F file=@lost/site.zip http://127.0.0.1:8000/api/v1/checks")
    shown, answered = json.loads(text), json.loads(done.stdout)
    assert set(shown) == set(answered)
    for name in ("type", "status", "code"):
        assert shown[name] == answered[name]
    assert shown["params"]["name"] == answered["params"]["name"]
    proposed = {one["crs"] for one in answered["params"]["proposals"]}
    assert {one["crs"] for one in shown["params"]["proposals"]} <= proposed


def run_yaml(_: Walk, text: str) -> None:
    """Read the block as what the guide calls it: a file of constraints on ground."""
    assert parse_constraints("guide.yaml", text).constraints


RUN = {
    "console": run_console,
    "python": run_python,
    "ini": run_ini,
    "nginx": run_nginx,
    "toml": run_toml,
    "json": run_json,
    "yaml": run_yaml,
}


def test_links_and_pictures_of_the_guides_are_there() -> None:
    shared = {path.name for path in (ROOT / "docs").glob("*.md")}
    for path in GUIDES.glob("*/*.md"):
        text = path.read_text("utf-8")
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", text):
            if target.startswith("reference/"):
                assert target.removeprefix("reference/") in shared, (path, target)
            else:
                assert (path.parent / target).is_file(), (path, target)

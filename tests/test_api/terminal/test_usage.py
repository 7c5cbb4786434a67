"""What a person reads who typed a command wrongly: their language, and what was perhaps meant."""

import re
import shutil
import sys
from pathlib import Path

import pytest

from api.cli import ROOMS, main

COMMANDS = [name for names in ROOMS.values() for name in names]
ENGLISH = re.compile(r"\b(error|missing|no such|got|invalid|unexpected|try|input|requires)\b", re.I)


@pytest.fixture(scope="module")
def home(built_store: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A built store: a line that is nearly right would begin with building one in the home."""
    return Path(shutil.copytree(built_store, tmp_path_factory.mktemp("usage") / "data"))


@pytest.fixture(autouse=True)
def _at_home(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FTZGIS_DATA_DIR", str(home))
    # What is nearly right may write a file where the person stands.
    monkeypatch.chdir(tmp_path)


def typed(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], *words: str
) -> tuple[int, str]:
    monkeypatch.setattr(sys, "argv", ["ftzgis", *words])
    with pytest.raises(SystemExit) as ended:
        main()
    return int(ended.value.code or 0), capfd.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("wrong", [("--nix",), ("--lang",), ("--lang", "fr"), ("a",) * 9])
def test_no_wrong_line_is_answered_in_the_words_of_the_parser(
    command: str,
    wrong: tuple[str, ...],
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    code, said = typed(monkeypatch, capfd, command, *wrong)
    assert code == 2
    assert re.search(r"[\u4e00-\u9fff]", said)
    assert not ENGLISH.search(said), said
    _, said = typed(monkeypatch, capfd, command, "--lang", "en", *wrong[:1])
    assert not re.search(r"[\u4e00-\u9fff]", said), said


@pytest.mark.parametrize(
    ("line", "zh"),
    [
        ("search", "缺少选项 --least-ha。"),
        ("check", "缺少参数 FILE。"),
        ("serch", "没有命令 serch。是否为 search, serve？"),
        ("layers impot", "没有命令 impot。是否为 import？"),
        ("check a --natur x", "没有选项 --natur。是否为 --nature, --datum？"),
        ("check --crs", "选项 --crs 后面要写值。"),
        ("check a --json=3", "选项 --json 后面不写值。"),
        ("check a --lang fr", "不能是 fr；可用：'zh', 'en'。"),
        ("find a b c", "多出的参数：b c。"),
        ("serve --port x", "--port 须为整数。"),
    ],
)
def test_what_is_wrong_is_named(
    line: str, zh: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    code, said = typed(monkeypatch, capfd, *line.split())
    assert code == 2
    assert zh in said


def test_a_line_that_is_right_ends_with_its_own_code(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    assert typed(monkeypatch, capfd, "--version") == (0, "")
    assert typed(monkeypatch, capfd, "check", "--help") == (0, "")

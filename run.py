"""One door to the product for a machine with nothing but Python 3.11+ and pip.

    python3 run.py serve            build what is missing, serve http://127.0.0.1:8000
    python3 run.py test             install the test tools too, run all tests
    python3 run.py -- ARGS          the command line tool: python3 run.py -- check site.zip
    python3 run.py lock             resolve the locked versions anew (for maintainers; needs uv)

A private environment is made once in .local/ from a hashed lock file and used from then
on. Only the standard library is imported here.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent
OLDEST = (3, 11)
LOCKS = {"run": ROOT / "requirements.lock", "test": ROOT / "requirements-test.lock"}
STAMP = "installed.txt"
USAGE = 2
FAILED = 4


def main(arguments: list[str]) -> int:
    """Route to a command and return its exit code."""
    if sys.version_info < OLDEST:
        found = ".".join(map(str, sys.version_info[:3]))
        say(
            f"需要 Python 3.11 或更新版本，当前为 {found}",
            f"Python 3.11 or newer is needed, this is {found}",
        )
        return USAGE
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command == "serve":
        return tool(["serve", *rest])
    if command == "--":
        return tool(rest)
    if command == "test":
        python = environment("test")
        return run([python, "-m", "pytest", *(rest or ["-n", "2"])])
    if command == "lock":
        return lock()
    print(__doc__.strip())
    return 0 if command in {"", "-h", "--help", "help"} else USAGE


def tool(arguments: list[str]) -> int:
    """Run the command line tool ``ftzgis``, with its data inside the clone."""
    os.environ.setdefault("FTZGIS_DATA_DIR", str(ROOT / ".local" / "data"))
    return run([environment("run"), "-m", "api", *arguments])


def environment(purpose: str) -> str:
    """Return the private environment's Python, made or completed if need be.

    There is one environment; ``test`` adds its tools to what ``run`` has.
    """
    folder = ROOT / ".local" / f"venv-{sys.version_info[0]}.{sys.version_info[1]}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    if digest(LOCKS[purpose]) not in installed(folder):
        with Turn(folder.with_suffix(".lock")):
            if digest(LOCKS[purpose]) not in installed(folder):
                install(folder, python, purpose)
    return str(python)


def installed(folder: Path) -> list[str]:
    """Return the digests of the lock files that an environment was completed from."""
    stamp = folder / STAMP
    return stamp.read_text(encoding="utf-8").split() if stamp.is_file() else []


def install(folder: Path, python: Path, purpose: str) -> None:
    """Make the environment, or add to a sound one; a half-made one is thrown away."""
    started = time.monotonic()
    say(
        "正在安装所需程序包（首次约一分钟）…",
        "Installing packages (about a minute the first time) ...",
    )
    sound = digest(LOCKS["run"]) in installed(folder)
    if not sound:
        shutil.rmtree(folder, ignore_errors=True)
    for step in steps(folder, python, LOCKS[purpose], fresh=not sound):
        if subprocess.run(step, check=False, cwd=ROOT).returncode:
            say(
                "安装失败。请检查网络或内部软件源（pip 配置）后重试。",
                "Installation failed. Check the network or your package index and try again.",
            )
            raise SystemExit(FAILED)
    # The test lock holds everything that the other one does.
    holds = {"run": ["run"], "test": ["run", "test"]}[purpose]
    lines = "\n".join(digest(LOCKS[name]) for name in holds)
    (folder / STAMP).write_text(lines, encoding="utf-8")
    seconds = time.monotonic() - started
    say(f"安装完成，用时 {seconds:.0f} 秒", f"Installed in {seconds:.0f} s")


def steps(folder: Path, python: Path, locked: Path, *, fresh: bool) -> list[list[str]]:
    """Return the commands that install a lock file: by uv where it is, else by pip."""
    safe = ["--require-hashes", "--only-binary", ":all:", "-r", str(locked)]
    uv = shutil.which("uv")
    if uv:
        make = [uv, "venv", "--quiet", "--python", sys.executable, str(folder)]
        fill = [uv, "pip", "install", "--quiet", "--python", str(python), *safe]
    else:
        make = [sys.executable, "-m", "venv", str(folder)]
        pip = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        fill = [*pip, *safe]
    return [make, fill] if fresh else [fill]


def run(command: list[str]) -> int:
    """Run a command from the root of the product and return its exit code."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    try:
        return subprocess.run(
            command, check=False, env={**os.environ, "PYTHONPATH": path}
        ).returncode
    except KeyboardInterrupt:
        return 0


def lock() -> int:
    """Resolve pyproject.toml into the two lock files; they hold no address of any index."""
    extras = {"run": [], "test": ["--extra", "test"]}
    for purpose, target in LOCKS.items():
        done = subprocess.run(
            [
                "uv",
                "pip",
                "compile",
                "--quiet",
                "--universal",
                "--generate-hashes",
                "--no-header",
                "--no-emit-index-url",
                "--no-annotate",
                "--upgrade",
                "--python-version",
                "3.11",
                *extras[purpose],
                "pyproject.toml",
                "-o",
                str(target),
            ],
            check=False,
            cwd=ROOT,
        )
        if done.returncode:
            return FAILED
    return 0


def digest(locked: Path) -> str:
    """Return what an environment must have been made from to be current."""
    return hashlib.sha256(locked.read_bytes() + sys.version.encode()).hexdigest()


def say(zh: str, en: str) -> None:
    """Tell the person at the terminal what goes on."""
    print(f"{zh}\n{en}", file=sys.stderr, flush=True)


class Turn:
    """Wait for one's turn among processes that start at the same moment."""

    STALE_S = 900.0

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        while True:
            try:
                os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY))
            except FileExistsError:
                self.drop_if_stale()
                time.sleep(0.5)
            else:
                return

    def drop_if_stale(self) -> None:
        """Take away the mark of a process that died long ago."""
        try:
            if time.time() - self.path.stat().st_mtime > self.STALE_S:
                self.path.unlink(missing_ok=True)
        except FileNotFoundError:
            pass

    def __exit__(self, *_: object) -> None:
        self.path.unlink(missing_ok=True)


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(sys.argv[1:]))

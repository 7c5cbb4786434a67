"""One door to the product for a machine with nothing but Python 3.11+ and pip.

    python3 run.py serve            build what is missing, serve http://127.0.0.1:8000
    python3 run.py test             install the test tools too, run all tests
    python3 run.py -- ARGS          the command line tool: python3 run.py -- check site.zip
    python3 run.py setup            only install, to work without a network from then on
    python3 run.py lock             resolve the locked versions anew (for maintainers)

A private environment is made once in .local/ from a hashed lock file and used from then
on. Only the standard library is imported here.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

if os.name == "nt":
    import msvcrt
else:
    import fcntl

ROOT = Path(__file__).resolve().parent
OLDEST = (3, 11)
LOCKS = {"run": ROOT / "requirements.lock", "test": ROOT / "requirements-test.lock"}
STAMP = "installed.txt"
USAGE = 2
FAILED = 4
# Neighbours of a file share what they start: each worker takes half of all, in their order.
BOTH_CORES = ["-n", "2", "--dist", "worksteal"]


def say(zh: str, en: str) -> None:
    """Tell the person at the terminal what goes on."""
    print(f"{zh}\n{en}", file=sys.stderr, flush=True)


# Before any definition that an older Python cannot even read.
if sys.version_info < OLDEST:
    found = ".".join(map(str, sys.version_info[:3]))
    say(
        f"需要 Python 3.11 或更新版本，当前为 {found}",
        f"Python 3.11 or newer is needed, this is {found}",
    )
    sys.exit(USAGE)


def main(arguments: list[str]) -> int:
    """Route to a command and return its exit code."""
    command, rest = (arguments[0], arguments[1:]) if arguments else ("", [])
    if command == "serve":
        return tool(["serve", *rest])
    if command == "--":
        return tool(rest)
    if command == "test":
        python = environment("test")
        os.chdir(ROOT)
        return run([python, "-P", "-m", "pytest", *(rest or BOTH_CORES)])
    if command == "setup":
        environment("run")
        return 0
    if command == "lock":
        return lock()
    print(__doc__.strip())
    return 0 if command in {"", "-h", "--help", "help"} else USAGE


def tool(arguments: list[str]) -> int:
    """Run the command line tool ``ftzgis``, with its data inside the clone."""
    os.environ.setdefault("FTZGIS_DATA_DIR", str(ROOT / ".local" / "data"))
    # -P: a folder named api or maps where the person stands is not ours.
    return run([environment("run"), "-P", "-m", "api", *arguments])


def environment(purpose: str) -> str:
    """Return the private environment's Python, made or completed if need be.

    There is one environment; ``test`` adds its tools to what ``run`` has.
    """
    folder = ROOT / ".local" / f"venv-{sys.version_info[0]}.{sys.version_info[1]}"
    wanted = digest(LOCKS[purpose])
    if wanted not in installed(folder):
        with turn(folder.with_name(f"{folder.name}.lock")):
            if wanted not in installed(folder):
                install(folder, purpose)
    return str(interpreter(folder))


def interpreter(folder: Path) -> Path:
    """Return where an environment keeps its Python."""
    return folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def installed(folder: Path) -> list[str]:
    """Return the digests of the lock files that an environment was completed from."""
    stamp = folder / STAMP
    sound = stamp.is_file() and interpreter(folder).exists()
    return stamp.read_text(encoding="utf-8").split() if sound else []


def install(folder: Path, purpose: str) -> None:
    """Make the environment, or add to a sound one; a half-made one is thrown away."""
    started = time.monotonic()
    say(
        "正在安装所需程序包（首次约一分钟）…",
        "Installing packages (about a minute the first time) ...",
    )
    sound = digest(LOCKS["run"]) in installed(folder)
    if not sound:
        shutil.rmtree(folder, ignore_errors=True)
    for step in steps(folder, LOCKS[purpose], fresh=not sound):
        # Standard output belongs to the command that follows: it may be JSON.
        if subprocess.run(step, check=False, cwd=ROOT, stdout=sys.stderr).returncode:
            say(
                "安装失败，原因见上。若为网络问题，请检查网络或软件源（pip 或 uv 的配置）后重试。",
                "Installation failed for the reason above. If it is the network, check it or "
                "your package index (configuration of pip or uv) and try again.",
            )
            raise SystemExit(FAILED)
    # The test lock holds everything that the other one does.
    holds = {"run": ["run"], "test": ["run", "test"]}[purpose]
    lines = "\n".join(digest(LOCKS[name]) for name in holds)
    (folder / STAMP).write_text(lines, encoding="utf-8")
    seconds = time.monotonic() - started
    say(f"安装完成，用时 {seconds:.0f} 秒", f"Installed in {seconds:.0f} s")


def steps(folder: Path, locked: Path, *, fresh: bool) -> list[list[str]]:
    """Return the commands that install a lock file: by uv where it is, else by pip."""
    python = str(interpreter(folder))
    safe = ["--require-hashes", "--only-binary", ":all:", "-r", str(locked)]
    uv = shutil.which("uv")
    if uv:
        make = [uv, "venv", "--quiet", "--python", sys.executable, str(folder)]
        fill = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", python, *safe]
        return [make, fill] if fresh else [fill]
    make = [sys.executable, "-m", "venv", str(folder)]
    # An environment that uv made has no pip.
    complete = [python, "-m", "ensurepip"]
    fill = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *safe]
    return [make if fresh else complete, fill]


def run(command: list[str]) -> int:
    """Become the command where the system can, so that signals reach it; else wait for it."""
    path = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    os.environ["PYTHONPATH"] = path
    if os.name != "nt":
        os.execv(command[0], command)
    with subprocess.Popen(command) as program:
        while True:
            try:
                return program.wait()
            except KeyboardInterrupt:
                continue  # The program hears it too, and ends in its own way.


def lock() -> int:
    """Resolve pyproject.toml into the two lock files; they hold no address of any index."""
    uv = resolver()
    extras = {"run": [], "test": ["--extra", "test"]}
    for purpose, target in LOCKS.items():
        done = subprocess.run(
            [
                uv,
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


def resolver() -> str:
    """Return the uv of the path, or that of the tests' environment."""
    return shutil.which("uv") or str(Path(environment("test")).with_name("uv"))


def digest(locked: Path) -> str:
    """Return what an environment must have been made from to be current."""
    return hashlib.sha256(locked.read_bytes() + sys.version.encode()).hexdigest()


@contextmanager
def turn(path: Path) -> Iterator[None]:
    """Wait for one's turn; the system ends it with the process, however that dies."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8") as mark:
        if not taken(mark):
            say("另一进程正在安装，请稍候…", "Another process is installing, waiting ...")
            while not taken(mark):
                time.sleep(0.2)
        yield


def taken(mark: TextIO) -> bool:
    """Take the turn if nobody has it."""
    try:
        if os.name == "nt":
            msvcrt.locking(mark.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    return True


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(main(sys.argv[1:]))

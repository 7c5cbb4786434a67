"""A private PostGIS cluster on a socket of its own, for comparisons and tests."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ACCOUNT = "postgres"


def binaries() -> Path | None:
    """Folder of the newest installed server, None without one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].parent if found else None


@contextmanager
def cluster(port: int | None = None) -> Iterator["Psql"]:
    """Start an empty cluster with PostGIS, stop and remove it at the end.

    It listens on a socket of its own; with a port, there on this machine too.
    """
    home = binaries()
    if home is None:
        raise RuntimeError("no PostgreSQL server; install postgresql-15-postgis-3")
    folder = Path(tempfile.mkdtemp(prefix="ftzgis-pg-"))
    root = os.geteuid() == 0
    if root:
        shutil.chown(folder, ACCOUNT)
    prefix = ["runuser", "-u", ACCOUNT, "--"] if root else []

    def run(*command: str, text: str | None = None) -> str:
        done = subprocess.run(
            [*prefix, *command],
            input=text,
            capture_output=True,
            text=True,
            check=False,
            cwd=folder,
        )
        if done.returncode:
            raise RuntimeError(done.stderr.strip()[-2000:])
        return done.stdout

    data = folder / "data"
    run(str(home / "initdb"), "-D", str(data), "-A", "trust", "-E", "UTF8", "--no-sync")
    number, address = port or 5432, "127.0.0.1" if port else ""
    options = (
        f"-c listen_addresses='{address}' -c port={number}"
        f" -c unix_socket_directories='{folder}' -c fsync=off"
        " -c shared_buffers=512MB -c work_mem=256MB -c max_parallel_workers_per_gather=0 -c jit=off"
    )
    control = (str(home / "pg_ctl"), "-D", str(data), "-w", "-l", str(folder / "log"))
    run(*control, "-o", options, "start")
    try:
        at = ["-h", str(folder), "-p", str(number), "-d", "postgres"]
        psql = Psql(run, [str(home / "psql"), *at, "-qAtX"], folder, number)
        psql("create extension postgis")
        yield psql
    finally:
        run(*control, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)


class Psql:
    """Runs SQL and returns its unaligned rows as text."""

    def __init__(self, run, command: list[str], folder: Path, port: int) -> None:  # noqa: ANN001
        self._run, self._command, self.folder, self.port = run, command, folder, port

    @property
    def process(self) -> int:
        """The server's process."""
        return int((self.folder / "data/postmaster.pid").read_text().splitlines()[0])

    def __call__(self, sql: str) -> str:
        return self._run(*self._command, "-v", "ON_ERROR_STOP=1", text=sql).strip()

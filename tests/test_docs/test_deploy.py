"""Units and files to run an office: looked at by the programs that read them."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

DEPLOY = Path(__file__).parents[2] / "docs" / "deploy"


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="no systemd here")
def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    """Oracle: systemd-analyze verify, with programs and users that are on this machine."""
    for unit in (*DEPLOY.glob("*.service"), *DEPLOY.glob("*.timer")):
        text = unit.read_text("utf-8").replace("/opt/ftzgis/venv/bin/ftzgis", "/bin/true")
        text = re.sub("User=.*", "User=root", text)
        (tmp_path / unit.name).write_text(text, "utf-8")
    units = sorted(str(path) for path in tmp_path.iterdir())
    assert len(units) == 4
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    ours = [line for line in done.stderr.splitlines() if "ftzgis" in line]
    assert (done.returncode, ours) == (0, [])


@pytest.mark.skipif(shutil.which("nginx") is None, reason="no nginx here")
def test_nginx_reads_its_configuration(tmp_path: Path) -> None:
    """Oracle: nginx -t, with a certificate made for the moment."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl here")
    key, crt = tmp_path / "k", tmp_path / "c"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", crt,
         "-days", "1", "-subj", "/CN=gis.example"], check=True, capture_output=True,
    )  # fmt: skip
    text = (DEPLOY / "nginx.conf").read_text("utf-8")
    text = text.replace("/etc/ssl/gis.example.crt", str(crt))
    text = text.replace("/etc/ssl/gis.example.key", str(key))
    path = tmp_path / "nginx.conf"
    path.write_text(f"pid {tmp_path}/pid; error_log stderr;\n{text}", "utf-8")
    done = subprocess.run(
        ["nginx", "-t", "-c", path, "-p", tmp_path], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


def test_the_compose_file_names_files_that_are_there() -> None:
    told = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
    assert set(told["services"]) == {"server", "proxy"}
    assert (DEPLOY / "nginx.compose.conf").is_file()
    root = (DEPLOY / told["services"]["server"]["build"]["context"]).resolve()
    assert (root / told["services"]["server"]["build"]["dockerfile"]).is_file()

"""Machine code that is kept between starts: a damaged file is never run."""

from pathlib import Path

import pytest

from api.workspace import kernels
from api.workspace.doctor import examine
from api.workspace.workspace import Workspace
from tests.test_api.workspace.conftest import (
    damaged,
)


@pytest.mark.parametrize("how", ["zeroed", "cut", "empty", "gone"])
def test_machine_code_that_a_disk_has_changed_is_not_run(tmp_path: Path, how: str) -> None:
    """Oracle: the bytes; what numba does not find it compiles anew (its documentation)."""
    home = tmp_path / "kernels"
    (home / "geo").mkdir(parents=True)
    one, two = home / "geo" / "join.py311.1.nbc", home / "geo" / "join.py311.nbi"
    one.write_bytes(b"code" * 100)
    two.write_bytes(b"index" * 100)
    kernels.keep_digests(home)
    assert kernels.drop_unsound(home) == []
    damaged(one, how, two)
    # What is only seen at the next start must not be taken for new at the end of this one.
    if how == "zeroed":
        kernels.keep_digests(home)
    assert kernels.drop_unsound(home) == ([] if how == "gone" else ["geo/join.py311.1.nbc"])
    assert not one.exists()
    assert two.read_bytes() == b"index" * 100


def test_machine_code_of_a_process_that_was_killed_is_compiled_anew(tmp_path: Path) -> None:
    path = tmp_path / "kernels" / "join.py311.1.nbc"
    path.parent.mkdir()
    path.write_bytes(b"code")
    assert kernels.drop_unsound(path.parent) == []
    assert not path.exists()


def test_doctor_names_machine_code_that_was_dropped(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "damaged", ["geo/join.py311.1.nbc"])
    findings = [(one.what, one.name) for one in examine(workspace).findings]
    assert findings == [("copy", "kernels/geo/join.py311.1.nbc")]

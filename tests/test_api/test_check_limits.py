"""What a server refuses to check. Oracle: vertices counted by hand."""

import numpy as np
import pytest

from api.jobs.check_limits import CheckTooLargeError
from api.jobs.check_site import read_and_check
from api.jobs.workspace import Workspace
from api.settings import Settings
from layers.model import ReadOptions
from layers.readers import Source, read_sites


def ring(count: int, east: float = 102.7) -> str:
    turns = np.linspace(0, 2 * np.pi, count, endpoint=False)
    points = np.column_stack([25 + 1e-3 * np.sin(turns), east + 1e-3 * np.cos(turns)])
    return "".join(f"J{n},{lat:.9f},{lon:.9f}\n" for n, (lat, lon) in enumerate(points))


@pytest.fixture
def server(own_store):
    """A workspace as the server has it: sites are read for it, here in this process."""
    workspace = Workspace(Settings(data_dir=own_store, max_site_vertices=50))
    workspace.reader = lambda source, options: read_sites(source, options, counties=None)
    return workspace


def check(workspace: Workspace, text: str):
    source = Source(name="x", files={"x": text.encode()})
    return read_and_check(workspace, source, ReadOptions(crs="EPSG:4490"))


def test_one_large_site(server):
    # A ring of 49 points has 50 vertices with the closing one.
    assert len(check(server, "点号,纬度,经度\n" + ring(49)).sites) == 1
    with pytest.raises(CheckTooLargeError) as caught:
        check(server, "点号,纬度,经度\n" + ring(50))
    assert caught.value.params == {"site": "1", "found": 51, "limit": 50}
    server.reader = None
    assert len(check(server, "点号,纬度,经度\n" + ring(50)).sites) == 1


def test_many_sites(server):
    table = "点号,纬度,经度\n" + "".join(
        f"地块{n},,\n{ring(49, 102.7 + n * 3e-3)}" for n in range(21)
    )
    with pytest.raises(CheckTooLargeError) as caught:
        check(server, table)
    assert caught.value.params == {"site": None, "found": 1050, "limit": 1000}

"""How long small requests wait while many clients ask for the ground of whole layers."""

import http.client
import multiprocessing
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from itertools import cycle
from statistics import quantiles

from bench.server import served

CLIENTS = 45
HEAVY = tuple(
    f"/api/v1/{work}/layers/{layer}"
    for layer in ("demo_basin_farmland", "demo_permanent_basic_farmland", "demo_parcels")
    for work in ("suitability", "terrain")
)
SMALL = {
    "/livez": "/livez",
    "list of layers": "/api/v1/layers",
    "ten items": "/collections/demo_parcels/items?f=json&limit=10",
}
_BEGIN_S = 3.0


def run(port: int, seconds: float, clients: int = CLIENTS) -> None:
    print("ms: half, 95 % and 99 % are faster, the slowest")
    with served(port):
        print(f"alone: {_told(_measured(port, seconds / 4))}", flush=True)
        for name, pause_s in (
            ("clients that wait as told", None),
            ("that ask twice a second", 0.5),
        ):
            print(f"{clients} {name}: {_beside(port, seconds, clients, pause_s)}", flush=True)


def _beside(port: int, seconds: float, clients: int, pause_s: float | None) -> str:
    """Return what small requests took beside clients in a process of their own."""
    until = time.time() + _BEGIN_S + seconds
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as apart:
        asking = apart.submit(_ask_for_much, port, until, clients, pause_s)
        time.sleep(_BEGIN_S)
        found = _measured(port, seconds)
        return f"{_told(found)}; answers {asking.result()}"


def _measured(port: int, seconds: float) -> dict[str, list[float]]:
    """Return how many ms each small request took, one after the other."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    found: dict[str, list[float]] = {name: [] for name in SMALL}
    until = time.time() + seconds
    for name in cycle(SMALL):
        if time.time() > until:
            return found
        start = time.perf_counter()
        connection.request("GET", SMALL[name])
        answer = connection.getresponse()
        answer.read()
        found[name].append(1e3 * (time.perf_counter() - start))
        if answer.status != 200:
            raise SystemExit(f"{name}: {answer.status}")
        time.sleep(0.02)
    return found


def _told(found: dict[str, list[float]]) -> str:
    return ", ".join(
        f"{name} {cuts[49]:.0f} {cuts[94]:.0f} {cuts[98]:.0f} {max(ms):.0f}"
        for name, ms in found.items()
        for cuts in [quantiles(ms, n=100)]
    )


def _ask_for_much(port: int, until: float, clients: int, pause_s: float | None) -> dict[int, int]:
    """Return how often each status was answered."""
    with ThreadPoolExecutor(clients) as pool:
        asked = pool.map(lambda number: _client(port, until, number, pause_s), range(clients))
        return dict(sum(asked, Counter()))


def _client(port: int, until: float, number: int, pause_s: float | None) -> Counter[int]:
    """Post again and again, from an address of this machine that no other client has."""
    found: Counter[int] = Counter()
    address = (f"127.0.1.{number + 1}", 0)
    for path in cycle(HEAVY[number % len(HEAVY) :] + HEAVY[: number % len(HEAVY)]):
        if time.time() > until:
            return found
        ask = http.client.HTTPConnection("127.0.0.1", port, timeout=60, source_address=address)
        ask.request("POST", path)
        answer = ask.getresponse()
        answer.read()
        ask.close()
        found[answer.status] += 1
        told_s = float(answer.getheader("retry-after") or 1)
        time.sleep(max(0.0, min(told_s if pause_s is None else pause_s, until - time.time())))
    return found

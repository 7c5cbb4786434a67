"""Mutated inputs over all readers: each is read with a balanced account, or refused in words.

    python -m bench.fuzz_readers --count 20000 --seed 1
    python -m bench.fuzz_readers --only 1234           one input again, with its traceback

Inputs are made from the files of tests/golden by a seed and their number. They are read in
a process of their own, so that one that hangs or crashes it is named and the rest goes on.
Prints every fault and ends with 1 if there is any.
"""

import argparse
import contextlib
import io
import json
import multiprocessing
import random
import re
import resource
import signal
import sys
import traceback
import zipfile
from collections import Counter
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from bench import ROOT

SECONDS = 10.0
"""Of processor time: other programs on the machine do not count."""
MEMORY_BYTES = 6 * 2**30
HOSTILE = (
    *(b"", b"\x00", b"NaN", b"1e999", b"-1", b"9" * 400, b"null", b"[]", b"{}", b'"', b"<", b">"),
    *(b",", b",,,,", b"\n\n\n", b" " * 3000, b"(" * 3000, b"[" * 3000, b"@", b"J1,2,", b"\xff\xfe"),
    *(b'numberMatched="9"', b' hidden="1"', b' width="0"', b"SRID=4544;", b"60", b"102,47,59.1"),
    *("见图".encode(), "坐标".encode("gbk"), b"#REF!", b"102.595959", b"34500000", b"<!--", b"]]>"),
)
REFERENCES = (None, None, "EPSG:4543", "EPSG:4490", "EPSG:4522")
_NO_SHAPES = (".md", ".tif", ".conf")
LIMITS = {"max_bytes": 2**21, "max_unpacked_bytes": 2**25, "max_vertices": 200_000}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--only", type=int)
    options = parser.parse_args()
    corpus = read_corpus()
    if options.only is not None:
        print(outcome(corpus, options.seed, options.only, trace=True))
        return
    faults: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    for number, result in run(corpus, options.seed, options.first, options.count):
        outcomes[result.split(" ")[0]] += 1
        if result.startswith("FAULT"):
            faults[result] += 1
            print(number, result, flush=True)
        if number % 1_000 == 999:
            print(f"{number + 1 - options.first} done", flush=True)
    print(json.dumps(outcomes.most_common()))
    print(f"{options.count} inputs, {sum(faults.values())} faults of {len(faults)} kinds")
    sys.exit(1 if faults else 0)


def read_corpus() -> list[tuple[str, dict[str, bytes]]]:
    """Return named sets of files: those of the tests, and texts in further formats."""
    folders = [ROOT / "tests" / "golden" / name for name in ("cases", "readers")]
    paths = sorted(p for f in folders for p in f.rglob("*.*") if p.suffix not in _NO_SHAPES)
    found = [
        (path.name, _with_companions(path))
        for path in paths
        if path.suffix not in (".dbf", ".shx", ".prj") and path.parent.name != "statistics"
    ]
    texts = {name: text.encode() for name, text in TEXTS.items()}
    made = {name: make() for name, make in MADE.items()}
    return found + [(name, {name: data}) for name, data in {**texts, **made}.items()]


def _with_companions(path: Path) -> dict[str, bytes]:
    others = path.parent.glob(f"{path.stem}.*") if path.suffix == ".shp" else (path,)
    return {other.name: other.read_bytes() for other in sorted(others)}


SQUARE = "[[102.8,24.96],[102.8,24.97],[102.81,24.97],[102.81,24.96],[102.8,24.96]]"
FEATURE = (
    '{"type":"Feature","properties":{"name":"a"},'
    f'"geometry":{{"type":"Polygon","coordinates":[{SQUARE}]}}}}'
)
TEXTS = {
    "lines.geojsonl": f"{FEATURE}\n{FEATURE.replace('102.8', '102.9')}\n",
    "mixed.geojson": f'{{"type":"FeatureCollection","features":[{FEATURE},'
    '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[102,25]}},'
    '{"type":"Feature","properties":{},"geometry":null}]}',
    "esri.json": '{"geometryType":"esriGeometryPolygon","spatialReference":{"wkid":4490},'
    f'"features":[{{"attributes":{{"a":1}},"geometry":{{"rings":[{SQUARE}]}}}}]}}',
    "topo.json": '{"type":"Topology","transform":{"scale":[0.01,0.01],"translate":[102.8,24.96]},'
    '"arcs":[[[0,0],[0,1],[1,0],[0,-1],[-1,0]]],"objects":{"a":{"type":"GeometryCollection",'
    '"geometries":[{"type":"Polygon","arcs":[[0]],"properties":{"a":1}}]}}}',
    "wkt.csv": 'id,wkt\n1,"POLYGON((102.8 24.96,102.8 24.97,102.81 24.97,102.8 24.96))"\n'
    '2,"POINT(102.8 24.9)"\n',
    "cass.dat": "1,,584000.0,2755000.0,1890.1\n2,,584100.0,2755000.0,1890.1\n"
    "3,,584100.0,2755100.0,1890.1\n4,,584000.0,2755100.0,1890.1\n",
    "dms.csv": "点号,经度,,,纬度,,\n,度,分,秒,度,分,秒\nJ1,102,47,59.12,24,58,38.9\n"
    "J2,102,48,5.3,24,58,38.9\nJ3,102,48,5.3,24,58,52.01\nJ4,102,47,59.12,24,58,52.01\n",
    "signed.txt": "[属性描述]\n坐标系=2000国家大地坐标系\n[地块坐标]\n4,,1,甲,面,,,,@\n"
    "J1,1,24°58′33.6″,102°47′56.4″\nJ2,1,24°58′33.6″,102°48′14.4″\nJ3,1,24°58′15.6″,102°48′14.4″\n",
    "dm.csv": "点号,经度°,′,纬度°,′\nJ1,102,47.985,24,58.648\nJ2,102,48.1,24,58.648\n"
    "J3,102,48.1,24,58.9\n",
    "packed.csv": "点号,经度(度分秒),纬度(度分秒)\nJ1,102.47591,24.58389\nJ2,102.48053,24.58389\n"
    "J3,102.48053,24.58520\n",
    "beside.csv": "点号,X,Y,,点号,X,Y\nJ1,2755000,584000,,J4,2755100,584100\n"
    "J2,2755100,584000,,J5,2755050,584150\nJ3,2755100,584050,,J6,2755000,584100\n",
    "unnamed.csv": "点号,X,Y,,,\nJ1,2755000,584000,,2755500,584500\nJ2,2755100,584000,,2755600,"
    "584500\nJ3,2755100,584100,,2755600,584600\n地块三\n2755000 584000\n",
    "report.xls": "<html><body><table><tr><td>报表</td></tr></table><table><tr><th>点号<th>X<th>Y"
    '<tr style="display:none"><td>J1<td>2755000<td>584000<tr><td>J2<td>2755100<td>584000'
    "<tr><td>J3<td rowspan=2>2755100<td>584100</table></body></html>",
    "srid.csv": 'id;a;b\n1;"SRID=4490;POLYGON((102.8 24.96,102.8 24.97,102.81 24.97,102.8 24.96))"'
    ';"POLYGON((102.9 24.96,102.9 24.97,102.91 24.97,102.9 24.96))"\n2;"SRID=4543;POINT(1 2)";\n',
    "page.gml": '<w:FeatureCollection xmlns:w="http://www.opengis.net/wfs/2.0" '
    'xmlns:m="http://www.opengis.net/gml/3.2" numberMatched="3" next="x"><w:member><p><g>'
    '<m:Polygon srsName="EPSG:4490"><m:exterior><m:LinearRing><m:posList>102.8 24.96 102.8 24.97 '
    "102.81 24.97 102.8 24.96</m:posList></m:LinearRing></m:exterior></m:Polygon></g></p>"
    "</w:member></w:FeatureCollection>",
    "page.geojson": f'{{"type":"FeatureCollection","numberMatched":5,"features":[{FEATURE}],'
    '"links":[{"rel":"next"}]}',
    "table.csv": "界址点坐标表,,,\n地块,点号,X,Y\n一,J1,2755000,584000\n一,J2,2755100,584000\n"
    "一,J3,2755100,584100\n一,J1,2755000,584000\n\n二,J1,2755500,584500\n二,J2,2755600,584500\n"
    "二,J3,2755600,584600\n制表：甲,,,\n",
}


DXF = (
    "0\nSECTION\n2\nHEADER\n9\n$INSUNITS\n70\n4\n0\nENDSEC\n"
    "0\nSECTION\n2\nENTITIES\n{}0\nENDSEC\n0\nEOF\n"
)


def _ring(layer: str, paper: int, points: str) -> str:
    head = f"0\nPOLYLINE\n8\n{layer}\n67\n{paper}\n66\n1\n70\n1\n"
    vertices = (
        f"0\nVERTEX\n8\n{layer}\n67\n{paper}\n10\n{x}\n20\n{y}\n"
        for x, y in (point.split(",") for point in points.split())
    )
    return head + "".join(vertices) + f"0\nSEQEND\n8\n{layer}\n67\n{paper}\n"


def _hidden_book() -> bytes:
    """Return a workbook with hidden rows, columns and sheets, blocks side by side, and a remark."""
    import openpyxl  # noqa: PLC0415 - heavy

    book = openpyxl.Workbook()
    sheet = book.active
    for row in (
        ["地块一", None, None, "地块二"],
        ["点号", "X", "Y", "点号", "X", "Y"],
        ["J1", 2755000.0, 584000.0, "J1", 2755500.0, 584500.0],
        ["J2", 2755100.0, 584000.0, "J2", 2755600.0, 584500.0],
        ["J3", 2755100.0, 584100.0, "J3", 2755600.0, 584600.0],
        ["备注 2755000 584000"],
    ):
        sheet.append(row)
    sheet.row_dimensions[4].hidden = True
    sheet.column_dimensions["F"].hidden = True
    book.create_sheet("隐藏").append(["点号", "经度(度)", "经度(分)", "纬度(度)", "纬度(分)"])
    book["隐藏"].sheet_state = "hidden"
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


MADE = {
    "hidden.xlsx": _hidden_book,
    "paper.dxf": lambda: DXF.format(
        _ring("A", 0, "584000,2755000 584100,2755000 584100,2755100")
        + _ring("A", 1, "584200,2755000 584300,2755000 584300,2755100")
        + _ring("F", 1, "0,0 841,0 841,594 0,594")
        + "0\nTEXT\n8\nA\n10\n584050\n20\n2755050\n1\nDK-1\n"
    ).encode(),
    "mm.dxf": lambda: DXF.format(
        _ring("A", 0, "584000000,2755000000 584100000,2755000000 584100000,2755100000")
    ).encode(),
}
"""Further files, made when they are asked for."""


def run(
    corpus: list[tuple[str, dict[str, bytes]]], seed: int, first: int, count: int
) -> Iterator[tuple[int, str]]:
    """Return what became of each input, by its number."""
    context = multiprocessing.get_context("fork")
    number, last = first, first + count
    while number < last:
        ours, theirs = context.Pipe(duplex=False)
        worker = context.Process(target=_work, args=(theirs, corpus, seed, number, last))
        worker.start()
        theirs.close()
        with contextlib.suppress(EOFError):
            while number < last and ours.poll(6 * SECONDS):
                yield number, ours.recv()
                number += 1
        if number < last:
            yield number, "FAULT the process hung or died"
            number += 1
        worker.kill()
        worker.join()


def _work(
    pipe: Connection,
    corpus: list[tuple[str, dict[str, bytes]]],
    seed: int,
    first: int,
    last: int,
) -> None:
    # Imports count for no input.
    _read("warm", {"mixed.geojson": TEXTS["mixed.geojson"].encode()}, None)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    for number in range(first, last):
        pipe.send(outcome(corpus, seed, number))


class _LateError(BaseException):
    """An input took too long; of no kind that a reader would catch."""


def outcome(
    corpus: list[tuple[str, dict[str, bytes]]], seed: int, number: int, *, trace: bool = False
) -> str:
    """Read one input and return what became of it; a fault begins with FAULT."""
    from geo.errors import PlanningError  # noqa: PLC0415 - in the process that reads

    chance = random.Random(f"{seed}/{number}")  # noqa: S311 - a seeded test
    name, files = chance.choice(corpus)
    mutated = {own: _mutated(data, chance, corpus) for own, data in files.items()}

    def late(*_: object) -> None:
        raise _LateError

    signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, SECONDS)
    try:
        return _read(name, mutated, chance.choice(REFERENCES))
    except PlanningError as exc:
        return _worded(exc)
    except _LateError:
        if trace:
            traceback.print_exc()
        return f"FAULT {name} takes more than {SECONDS} s"
    except Exception as exc:  # noqa: BLE001 - any other is what is looked for
        if trace:
            traceback.print_exc()
        place = traceback.extract_tb(exc.__traceback__)[-1]
        return f"FAULT {name} {type(exc).__name__} {Path(place.filename).name}:{place.lineno}"
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


def _read(name: str, files: dict[str, bytes], crs: str | None) -> str:
    from api.workspace.answers import report_out  # noqa: PLC0415
    from layers.model import ReadOptions  # noqa: PLC0415
    from layers.readers import ReadLimits, Source, read_sites  # noqa: PLC0415
    from maps.document.reading import read_blocks  # noqa: PLC0415
    from maps.i18n import LANGUAGES  # noqa: PLC0415

    sites = read_sites(
        Source(name=name, files=files),
        ReadOptions(crs=crs),
        counties=None,
        limits=ReadLimits(**LIMITS),
    )
    report = report_out(sites.report)
    json.dumps(report.model_dump(mode="json"), allow_nan=False)
    for lang in LANGUAGES:
        read_blocks(report, lang)
    ledger = sites.report.ledger
    if ledger is None or any(one.reason == "unaccounted" for one in ledger.left_out):
        return f"FAULT {name} has an account that does not balance"
    return f"read {name}"


def _worded(exc: Exception) -> str:
    from maps.i18n import LANGUAGES, tr  # noqa: PLC0415

    code, params = exc.code, exc.params  # type: ignore[attr-defined]
    json.dumps(params, allow_nan=False)
    for lang in LANGUAGES:
        tr(f"errors.{code}", lang, **params)
    return f"{code} "


def _mutated(
    data: bytes, chance: random.Random, corpus: list[tuple[str, dict[str, bytes]]]
) -> bytes:
    if data[:4] == b"PK\x03\x04" and chance.random() < 0.7:
        with contextlib.suppress(zipfile.BadZipFile, OSError, RuntimeError):
            return _repacked(data, chance, corpus)
    for _ in range(chance.choice((0, 1, 1, 2, 3, 8))):
        data = chance.choice(MUTATIONS)(data, chance, corpus)
    return data


def _repacked(
    data: bytes, chance: random.Random, corpus: list[tuple[str, dict[str, bytes]]]
) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        names = old.namelist()
        chosen = chance.choice(names)
        for name in names:
            inner = old.read(name)
            inner = _mutated(inner, chance, corpus) if name == chosen else inner
            new.writestr(name, inner, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _flip(data: bytes, chance: random.Random, _: object) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 4, 16))):
        if changed:
            changed[chance.randrange(len(changed))] = chance.randrange(256)
    return bytes(changed)


def _cut(data: bytes, chance: random.Random, _: object) -> bytes:
    return data[: chance.randrange(len(data) + 1)]


def _insert(data: bytes, chance: random.Random, _: object) -> bytes:
    at = chance.randrange(len(data) + 1)
    drop = chance.choice((0, 0, 1, 8))
    return data[:at] + chance.choice(HOSTILE) * chance.choice((1, 1, 20)) + data[at + drop :]


def _lines(data: bytes, chance: random.Random, _: object) -> bytes:
    lines = data.split(b"\n")
    at, to = chance.randrange(len(lines)), chance.randrange(len(lines))
    match chance.randrange(4):
        case 0:
            del lines[at]
        case 1:
            lines.insert(to, lines[at])
        case 2:
            lines[at], lines[to] = lines[to], lines[at]
        case _:
            lines.insert(at, chance.choice(HOSTILE))
    return b"\n".join(lines)


def _tokens(data: bytes, chance: random.Random, _: object) -> bytes:
    between = chance.choice((b",", b" ", b">", b'"', b"<"))
    parts = data.split(between)
    parts[chance.randrange(len(parts))] = chance.choice(HOSTILE)
    return between.join(parts)


def _repeat(data: bytes, chance: random.Random, _: object) -> bytes:
    start = chance.randrange(len(data) + 1)
    piece = data[start : start + chance.choice((3, 40, 400))]
    return data[:start] + piece * chance.choice((2, 50, 500)) + data[start:]


def _splice(
    data: bytes, chance: random.Random, corpus: list[tuple[str, dict[str, bytes]]]
) -> bytes:
    other = chance.choice(list(chance.choice(corpus)[1].values()))
    return data[: chance.randrange(len(data) + 1)] + other[chance.randrange(len(other) + 1) :]


def _recoded(data: bytes, chance: random.Random, _: object) -> bytes:
    with contextlib.suppress(UnicodeError):
        return data.decode().encode(chance.choice(("gbk", "utf-16", "utf-16-le", "utf-16-be")))
    return data


def _columns(data: bytes, chance: random.Random, _: object) -> bytes:
    """Move, double, drop or empty a column of every line, as people do with their tables."""
    if b"\x00" in data:
        return data
    between = chance.choice((b",", b";", b"</td>", b"<td>"))
    lines = [line.split(between) for line in data.split(b"\n")]
    widest = max(map(len, lines))
    at, to, how = chance.randrange(widest), chance.randrange(widest), chance.randrange(4)
    for cells in lines:
        if at < len(cells) and len(cells) > 1:
            cell = cells[at] if how in (0, 3) else cells.pop(at)
            if how == 3:
                cells[at] = b""
            elif how < 2:
                cells.insert(to, cell)
    return b"\n".join(map(between.join, lines))


def _numbers(data: bytes, chance: random.Random, _: object) -> bytes:
    """Scale, round or swap numbers: other units, whole degrees, minutes of 60."""
    if b"\x00" in data:
        return data
    found = list(re.finditer(rb"\d+\.?\d*", data[:100_000]))
    for match in reversed(chance.sample(found, min(len(found), chance.choice((1, 3, 200))))):
        number = match[0]
        other = chance.choice(
            (b"60", b"0", number.split(b".")[0], number + b"000", b"-" + number, b"1e3" + number)
        )
        data = data[: match.start()] + other + data[match.end() :]
    return data


MUTATIONS = (
    _flip,
    _cut,
    _insert,
    _lines,
    _lines,
    _tokens,
    _tokens,
    _repeat,
    _splice,
    _recoded,
    _columns,
    _columns,
    _numbers,
    _numbers,
)


if __name__ == "__main__":
    main()

"""Sheets for printing (paper space) of drawings: what is on them is named, with its layer.

Oracle: where the test itself drew each line.
"""

import io

import ezdxf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.workspace.answers import report_out
from layers.errors import NoClosedLinesError
from layers.model import ReadOptions
from layers.readers import Source, read_sites
from layers.readers.errors import PaperSpaceError
from layers.readers.ledger import has_lost_features, may_be_plot
from maps.document.reading import left_out_text
from maps.i18n import LANGUAGES, tr

X, Y = 580_000.0, 2_764_000.0
FRAME = [(0.0, 0.0), (841.0, 0.0), (841.0, 594.0), (0.0, 594.0)]
PLACES = st.tuples(st.sampled_from(["model", "paper"]), st.sampled_from(["用地", "红线"]))


def square(dx: float) -> list[tuple[float, float]]:
    return [(X + dx + x, Y + y) for x, y in ((0, 0), (100, 0), (100, 100), (0, 100))]


def drawn(places: list[tuple[str, str]], *, frames: int = 1, pieces: bool = False) -> bytes:
    """Return a drawing with one plot at each place, as one line or as four."""
    drawing = ezdxf.new("R2010")
    paper = drawing.layout("Layout1")
    for number, (space, layer) in enumerate(places):
        on = drawing.modelspace() if space == "model" else paper
        ring, name = square(200.0 * number), {"layer": layer}
        if pieces:
            for start, end in zip(ring, [*ring[1:], ring[0]], strict=True):
                on.add_line(start, end, dxfattribs=name)
        else:
            on.add_lwpolyline(ring, close=True, dxfattribs=name)
    for _ in range(frames):
        paper.add_lwpolyline(FRAME, close=True, dxfattribs={"layer": "图框"})
        paper.add_line((0, 0), (100, 0), dxfattribs={"layer": "图框"})
    stream = io.StringIO()
    drawing.write(stream)
    return stream.getvalue().encode("utf-8")


def read(data: bytes, layer: str | None = "*"):
    source = Source(name="a.dxf", files={"a.dxf": data})
    return read_sites(source, ReadOptions(crs="EPSG:4543", layer=layer), counties=None)


@settings(deadline=None, max_examples=25)
@given(st.lists(PLACES, min_size=1, max_size=5), st.integers(0, 1), st.booleans())
def test_every_closed_line_is_read_or_named(
    places: list[tuple[str, str]], frames: int, pieces: bool
) -> None:
    data = drawn([("model", "用地"), *places], frames=frames, pieces=pieces)
    sites = read(data)
    named = {(one.label, one.reason): one for one in sites.report.ledger.left_out}
    assert len(sites.features) == 1 + sum(space == "model" for space, _ in places)
    for layer in ("用地", "红线"):
        count = sum(place == ("paper", layer) for place in places)
        entry = named.get((layer, "paper_space"))
        assert (entry.count if entry else 0) == count
        assert entry is None or may_be_plot(entry)
    frame = named.get(("图框", "paper_frame"))
    assert (frame.count if frame else 0) == frames
    assert frame is None or not may_be_plot(frame)
    assert has_lost_features(sites.report) is any(space == "paper" for space, _ in places)


def test_paper_beside_the_chosen_layer_is_named_and_no_loss() -> None:
    data = drawn([("model", "用地"), ("paper", "红线")], frames=0)
    sites = read(data, layer="用地")
    (entry,) = sites.report.ledger.left_out
    assert (entry.label, entry.reason, may_be_plot(entry)) == ("红线", "paper_frame", False)
    assert has_lost_features(read(data, layer=None).report)


def test_a_drawing_whose_lines_are_all_on_paper_is_refused_by_that_reason() -> None:
    with pytest.raises(PaperSpaceError) as caught:
        read(drawn([("paper", "用地")]), layer=None)
    assert caught.value.params["layers"] == ["图框", "用地"]
    for lang, word in (("zh", "图纸空间"), ("en", "paper space")):
        assert word in tr(f"errors.{caught.value.code}", lang, **caught.value.params)
    with pytest.raises(NoClosedLinesError):
        read(drawn([], frames=0), layer=None)


def test_it_is_said_in_words() -> None:
    report = report_out(read(drawn([("model", "用地"), ("paper", "用地")])).report)
    said = {
        lang: [left_out_text(one, lang) for one in report.ledger.left_out] for lang in LANGUAGES
    }
    assert [text for text in said["zh"] if "用地" in text and "移到模型空间" in text]
    assert [text for text in said["en"] if "用地" in text and "move them into model space" in text]


def test_a_corner_that_is_nowhere_makes_its_line_unreadable() -> None:
    data = drawn([("model", "用地")], frames=0).decode()
    corners = (
        f"  0\nVERTEX\n  8\n用地\n 10\n{x}\n 20\n{y}\n" if at != 2 else "  0\nVERTEX\n  8\n用地\n"
        for at, (x, y) in enumerate(square(500.0))
    )
    line = "  0\nPOLYLINE\n  8\n用地\n 66\n1\n 70\n1\n" + "".join(corners) + "  0\nSEQEND\n"
    head, mark, rest = data.partition("  2\nENTITIES\n")
    assert mark
    sites = read((head + mark + line + rest).encode())
    (entry,) = sites.report.ledger.left_out
    assert (entry.reason, may_be_plot(entry)) == ("not_finite", True)


def test_lines_that_are_invisible_are_read_and_named() -> None:
    drawing = ezdxf.new("R2010")
    for number, invisible in enumerate((0, 1, 1)):
        drawing.modelspace().add_lwpolyline(
            square(200.0 * number), close=True, dxfattribs={"layer": "用地", "invisible": invisible}
        )
    stream = io.StringIO()
    drawing.write(stream)
    sites = read(stream.getvalue().encode())
    (issue,) = [one for one in sites.report.issues if one.code == "lines_invisible"]
    assert (len(sites.features), issue.params) == (3, {"layer": "用地", "count": 2})

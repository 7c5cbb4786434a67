"""Tables made from known values in many layouts. Oracle: the values that they were made from."""

import contextlib
import csv
import io
from itertools import pairwise, product

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from layers.density.statistics.dictionary import load_dictionary
from layers.density.statistics.table import TableOptions, TableValues, read_table
from layers.density.statistics.totals import parts_of
from layers.density.statistics.unit_names import unit_names
from layers.errors import EmptyFileError, StatisticsTableError
from layers.readers.sheets import plain_word, read_sheet
from layers.readers.source import DEFAULT_LIMITS
from layers.zones import shipped_zone

UNITS = {"昆明片区": "kunming", "云南自贸试验区红河片区": "honghe", "德宏片区（瑞丽）": "dehong"}
INDICATORS = {
    "工业总产值": "industrial_output", "固定资产投资": "fixed_investment", "进出口总额": "trade"
}  # fmt: skip
MEASURES = {"亿元": 1.0, "万元": 1e-4, "千元": 1e-5, "百万元": 1e-2}
TIMES = {
    "2021年": (2021, "full_year", ""), "2022": (2022, "full_year", ""),
    "2022年1-9月": (2022, "partial_year", "01-09"), "2023年一季度": (2023, "partial_year", "01-03"),
    "2024年计划": (2024, "target", ""), "2023年预计": (2023, "estimate", ""),
}  # fmt: skip
LAYOUTS = ("long", "by_indicator", "by_time", "units_across", "times_over", "indicators_over")
PLACES = ("heading", "row_below", "title", "cell", "merged_title")
WIDE_DIGITS = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
DIGITS = {
    "number": float,
    "text": "{:.1f}".format,
    "thousands": "{:,.1f}".format,
    "wide": lambda value: f"{value:,.1f}".translate(WIDE_DIGITS),
    "footnote": "{:.1f}*".format,
}
NOISE = " ,，*x?()①²'/~约;:"


@st.composite
def tables(draw: st.DrawFn) -> dict:
    """Return values by unit, indicator and time, and how they are to be laid out."""
    units = draw(st.lists(st.sampled_from(sorted(UNITS)), min_size=1, max_size=3, unique=True))
    names = draw(st.lists(st.sampled_from(sorted(INDICATORS)), min_size=1, max_size=3, unique=True))
    times = draw(st.lists(st.sampled_from(sorted(TIMES)), min_size=1, max_size=3, unique=True))
    keys = list(product(units, names, times))
    numbers = st.integers(min_value=1, max_value=99_999_999).map(lambda tenths: tenths / 10)
    count = len(keys)
    return {
        "units": units, "names": names, "times": times,
        "values": dict(zip(keys, draw(st.lists(numbers, min_size=count, max_size=count)), strict=True)),
        "layout": draw(st.sampled_from(LAYOUTS)), "place": draw(st.sampled_from(PLACES)),
        "measure": draw(st.sampled_from(sorted(MEASURES))), "digits": draw(st.sampled_from(sorted(DIGITS))),
        "form": draw(st.sampled_from(["csv", "xlsx"])), "note": draw(st.booleans()),
    }  # fmt: skip


def rows_of(made: dict) -> tuple[list[list], list[list], set[int]]:
    """Return rows of headings, rows of the body, and the columns of the values."""
    units, names, times, values = (made[key] for key in ("units", "names", "times", "values"))
    layout = made["layout"]
    if layout == "long":
        body = [[*key, values[key]] for key in product(units, names, times)]
        return [["片区", "指标", "统计时间", "数值"]], body, {3}
    if layout == "by_indicator":
        body = [[u, t, *(values[u, n, t] for n in names)] for u, t in product(units, times)]
        return [["片区", "年份", *names]], body, set(range(2, 2 + len(names)))
    if layout == "by_time":
        body = [[u, n, *(values[u, n, t] for t in times)] for u, n in product(units, names)]
        return [["片区", "指标", *times]], body, set(range(2, 2 + len(times)))
    if layout == "units_across":
        body = [[n, t, *(values[u, n, t] for u in units)] for n, t in product(names, times)]
        return [["指标", "年份", *units]], body, set(range(2, 2 + len(units)))
    outer, inner = (times, names) if layout == "times_over" else (names, times)
    first = ["片区", *(over if not at else None for over in outer for at, _ in enumerate(inner))]
    second = [None, *(under for _ in outer for under in inner)]
    body = [
        [u, *(values[(u, i, o) if layout == "times_over" else (u, o, i)] for o in outer for i in inner)]
        for u in units
    ]  # fmt: skip
    return [first, second], body, set(range(1, 1 + len(outer) * len(inner)))


def laid_out(made: dict) -> list[list]:
    """Return all rows of a table, with the unit of measure where it is to stand."""
    heads, body, places = rows_of(made)
    measure, digits = made["measure"], DIGITS[made["digits"]]
    shown = [
        [digits(cell) if at in places else cell for at, cell in enumerate(row)] for row in body
    ]
    above: list[list] = [["表1 主要经济指标"]]
    if made["place"] == "heading":
        heads[-1] = [
            f"{cell}（{measure}）" if at in places else cell for at, cell in enumerate(heads[-1])
        ]
    elif made["place"] == "row_below":
        heads.append([measure if at in places else None for at in range(len(heads[-1]))])
    elif made["place"] == "title":
        above.append([f"单位：{measure}"])
    elif made["place"] == "merged_title":
        above = [[f"主要经济指标（单位：{measure}）"]]
    else:
        mark = "*" if made["digits"] == "footnote" else ""
        shown = [
            [f"{str(cell).removesuffix('*')}{measure}{mark}" if at in places else cell for at, cell in enumerate(row)]
            for row in shown
        ]  # fmt: skip
    return [*above, *heads, *shown, *_footnote(made)]


def _footnote(made: dict) -> list[list]:
    """Return the footnote: a mark that none explains is asked about."""
    return [["注：* 见附表三。"]] if made["note"] or made["digits"] == "footnote" else []


def written(rows: list[list], made: dict) -> bytes:
    if made["form"] == "csv":
        text = io.StringIO()
        csv.writer(text).writerows([["" if cell is None else cell for cell in row] for row in rows])
        return text.getvalue().encode("utf-8-sig")
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    width = max(map(len, rows))
    sheet.merge_cells(start_row=1, end_row=1, start_column=1, end_column=max(width, 2))
    _merge_groups(sheet, rows)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _merge_groups(sheet, rows: list[list]) -> None:
    """Merge names that stand over several columns, or over the row below."""
    for at, (row, below) in enumerate(pairwise(rows), start=1):
        if row[0] != "片区" or below[0] is not None:
            continue
        sheet.merge_cells(start_row=at, end_row=at + 1, start_column=1, end_column=1)
        starts = [n for n, cell in enumerate(row) if cell is not None and n] + [len(row)]
        for start, end in pairwise(starts):
            if end - start > 1 and None in row[start:end]:
                sheet.merge_cells(start_row=at, end_row=at, start_column=start + 1, end_column=end)


def read(data: bytes) -> TableValues:
    sheet = read_sheet("表", data, sheet=None, declared_encoding=None, limits=DEFAULT_LIMITS)
    names = unit_names(shipped_zone())
    options = TableOptions(source="统计局", quality="official")
    return read_table(
        sheet,
        options,
        load_dictionary(),
        lambda text: names.get(plain_word(text)),
        parts_of(shipped_zone()),
    )


def truth(made: dict) -> dict:
    return {
        (UNITS[unit], INDICATORS[name], *TIMES[time]): value * MEASURES[made["measure"]]
        for (unit, name, time), value in made["values"].items()
    }


def found(table: TableValues) -> dict:
    return {one.key: one.value for one in table.observations}


@pytest.mark.slow
@settings(deadline=None, max_examples=300)
@given(tables())
def test_every_layout_reads_back_to_the_values_that_it_was_made_from(made: dict) -> None:
    table = read(written(laid_out(made), made))
    assert found(table) == pytest.approx(truth(made), rel=1e-12)
    assert [one for one in table.questions if one.code != "part_exceeds"] == []
    if made["digits"] == "footnote" and made["note"]:
        assert {one.note for one in table.observations} == {"注：* 见附表三。"}


@settings(deadline=None, max_examples=300)
@given(tables(), st.data())
def test_noise_never_makes_another_number_in_silence(made: dict, data: st.DataObject) -> None:
    made = {**made, "form": "csv"}
    rows = [["" if cell is None else str(cell) for cell in row] for row in laid_out(made)]
    line = data.draw(st.integers(0, len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[line]) - 1))
    cell = rows[line][column]
    kind = data.draw(st.sampled_from(["insert", "empty", "drop_row", "twice", "swap_rows"]))
    if kind == "insert":
        at = data.draw(st.integers(0, len(cell)))
        rows[line][column] = cell[:at] + data.draw(st.sampled_from(NOISE)) + cell[at:]
    elif kind == "empty":
        rows[line][column] = ""
    elif kind == "drop_row":
        del rows[line]
    elif kind == "twice":
        rows.insert(line, list(rows[line]))
    else:
        other = data.draw(st.integers(0, len(rows) - 1))
        rows[line], rows[other] = rows[other], rows[line]
    table = None
    with contextlib.suppress(StatisticsTableError, EmptyFileError):
        table = read(written(rows, made))
    right = truth(made)
    for one in table.observations if table and not table.questions else ():
        if one.relation == "=":
            assert right[one.key] == pytest.approx(one.value, rel=1e-12), (one, rows)

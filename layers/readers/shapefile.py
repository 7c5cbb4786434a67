"""Shapefiles: the members are checked by us, read by GDAL, and decoded by us."""

import struct
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from layers.errors import DamagedFileError, EmptyFileError, TooComplexError
from layers.model import Issue, LeftOut, Severity
from layers.readers._translate import translated
from layers.readers.encoding import (
    EncodingGuess,
    decode_cut,
    named_encoding,
    sniffing_issues,
    stated_encoding,
)
from layers.readers.ogr import LARGEST_EXACT, read_ogr
from layers.readers.parsed import Account, Parsed
from layers.readers.ring_roles import NESTED, OUTSIDE, rearrange_rings
from layers.readers.sniff import FileFormat
from layers.readers.source import ReadLimits

_FORMAT: Final = str(FileFormat.SHAPEFILE)
_LANGUAGE_DRIVERS: Final = {0x4D: "GB18030", 0x7A: "GB18030", 0x4F: "Big5", 0x78: "Big5"}
_SAMPLED_RECORDS: Final = 20_000
_WHOLE_PLACES: Final = 18


def parse_shapefile(
    name: str,
    parts: Mapping[str, bytes],
    *,
    declared_encoding: str | None,
    limits: ReadLimits,
) -> Parsed:
    """Parse the members of one Shapefile, given by suffix.

    The encoding is, in this order: declared, stated by ``.cpg``, stated by the language
    byte of the ``.dbf``, or decided from the bytes. A statement that the bytes
    contradict is dropped with an issue.

    Raises
    ------
    DamagedFileError, EmptyFileError, EncodingUndecidedError, TooComplexError
    """
    with translated(name, _FORMAT):
        records = _require_whole(name, parts)
        if records > limits.max_features:
            raise TooComplexError(name=name, what="features", limit=limits.max_features)
        names, values = _dbf_texts(parts[".dbf"])
        guess, issues = _encoding(name, parts, names + values, declared_encoding)
        dbf, long_numbers = _with_long_numbers_as_text(parts[".dbf"])
        files = {"data.shp": parts[".shp"], "data.shx": parts[".shx"], "data.dbf": dbf}
        # Every byte is a character of ISO-8859-1, so that nothing is lost on the way
        # through GDAL and we decode, also where a name was cut inside a character.
        raw = read_ogr(name, "data.shp", files, layer=None, encoding="ISO-8859-1")
        attributes, cut = _decoded(raw.attributes, guess.encoding or "ASCII", long_numbers)
    lost = list(raw.left_out)
    if _has_records_without_index(parts[".shp"], parts[".shx"]):
        lost.append(LeftOut(what="rest", label="", reason="record_not_indexed", part=True))
    if deleted := _deleted(parts[".dbf"]):
        lost.append(LeftOut(what="feature", label="", reason="record_deleted", count=deleted))
    geometry, turned = rearrange_rings(raw.geometry, (OUTSIDE, NESTED))
    own_crs = parts.get(".prj", b"").decode("utf-8", "replace").strip("\ufeff\x00 \t\r\n")
    if cut:
        issues.append(Issue(code="text_cut", severity=Severity.WARNING, params={"fields": cut}))
    return Parsed(
        format=_FORMAT,
        geometry=geometry,
        attributes=attributes,
        own_crs=own_crs or None,
        own_crs_how="prj_file" if own_crs else None,
        encoding=guess.encoding,
        encoding_how=guess.how,
        issues=(*sniffing_issues(guess), *issues, *turned),
        account=Account(found=records, left_out=tuple(lost)),
    )


def _deleted(dbf: bytes) -> int:
    """Return how many records are marked as deleted: GDAL passes over them."""
    count, header_bytes, record_bytes = struct.unpack_from("<IHH", dbf, 4)
    return dbf[header_bytes : header_bytes + count * record_bytes : record_bytes].count(b"*")


def _index_of(shx: bytes) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Return where the records begin, and the bytes of their content."""
    index = np.frombuffer(shx[100:], dtype=">i4", count=max(len(shx) - 100, 0) // 8 * 2)
    return index[0::2].astype(np.int64) * 2, index[1::2].astype(np.int64) * 2


def _has_records_without_index(shp: bytes, shx: bytes) -> bool:
    """Tell whether bytes behind the header belong to no record that the index names.

    An index that names a record twice, or that lost its end together with the table, leaves
    the others unread.
    """
    start, size = _index_of(shx)
    # Records begin with eight bytes of their own; an index names them in any order.
    _, first = np.unique(start, return_index=True)
    indexed = int((size[first] + 8).sum())
    told_bytes = struct.unpack_from(">i", shp, 24)[0] * 2
    return bool(told_bytes - 100 > indexed)


def _require_whole(name: str, parts: Mapping[str, bytes]) -> int:
    """Return the number of records, after checking that the members fit together.

    A file that was cut off would otherwise read as one with fewer or smaller features.
    """
    shp, shx, dbf = parts[".shp"], parts[".shx"], parts[".dbf"]
    start, words = _index_of(shx)
    count, header_bytes, record_bytes = struct.unpack_from("<IHH", dbf, 4)
    whole = (
        len(shx) >= 100
        and struct.unpack_from(">i", shp, 24)[0] * 2 <= len(shp)
        and bool((start >= 100).all() and (words >= 4).all())
        and bool((start + 8 + words <= len(shp)).all())
        and count == len(start)
        # Even a record without fields has its mark of deletion.
        and (record_bytes >= 1 or count == 0)
        and header_bytes + count * record_bytes <= len(dbf)
    )
    if not whole:
        raise DamagedFileError(name=name, format=_FORMAT)
    if count == 0:
        raise EmptyFileError(name=name)
    return int(count)


@dataclass(frozen=True, slots=True)
class _Field:
    """A field of a .dbf: where it is described, and where it stands in a record."""

    described_at: int
    name: bytes
    kind: bytes
    decimals: int
    begin: int
    width: int


def _dbf_fields(dbf: bytes) -> Iterator[_Field]:
    header_bytes = struct.unpack_from("<H", dbf, 8)[0]
    begin = 1
    for at in range(32, header_bytes - 31, 32):
        if dbf[at] == 0x0D:
            return
        name, kind = dbf[at : at + 11].split(b"\x00")[0], dbf[at + 11 : at + 12]
        width, decimals = dbf[at + 16], dbf[at + 17]
        if kind == b"C":
            width, decimals = width + 256 * decimals, 0
        yield _Field(at, name, kind, decimals, begin, width)
        begin += width


def _different_cells(dbf: bytes, field: _Field, most: int | None = None) -> list[bytes]:
    """Return the distinct raw values of a field, in some order."""
    count, header_bytes, record_bytes = struct.unpack_from("<IHH", dbf, 4)
    count = count if most is None else min(count, most)
    body = np.frombuffer(dbf, np.uint8, count * record_bytes, header_bytes)
    table = body.reshape(count, record_bytes)
    cells = np.ascontiguousarray(table[:, field.begin : field.begin + field.width])
    if not cells.shape[1]:
        return []
    found: list[bytes] = np.unique(cells.view(f"S{cells.shape[1]}").ravel()).tolist()
    return [value.strip() for value in found]


def _dbf_texts(dbf: bytes) -> tuple[list[bytes], list[bytes]]:
    """Return the raw field names, and the distinct raw values of the text fields."""
    names: list[bytes] = []
    values: set[bytes] = set()
    for field in _dbf_fields(dbf):
        names.append(field.name)
        if field.kind == b"C":
            values.update(_different_cells(dbf, field, _SAMPLED_RECORDS))
    return names, sorted(values)


def _with_long_numbers_as_text(dbf: bytes) -> tuple[bytes, list[int]]:
    """Return a table whose longest whole numbers are texts, and which fields these are.

    GDAL makes real numbers of whole ones of more than 18 places, and of an identifier of 19
    digits the last ones change.
    """
    marked, found = bytearray(dbf), list[int]()
    for at, field in enumerate(_dbf_fields(dbf)):
        if field.kind != b"N" or field.decimals or field.width <= _WHOLE_PLACES:
            continue
        if any(_is_long(cell) for cell in _different_cells(dbf, field)):
            marked[field.described_at + 11] = ord("C")
            found.append(at)
    return bytes(marked), found


def _is_long(cell: bytes) -> bool:
    digits = cell.lstrip(b"+-")
    return digits.isdigit() and int(digits) > LARGEST_EXACT


def _number_text(value: object) -> str | None:
    """Return a number of a .dbf as text; blanks and asterisks stand for none."""
    text = str(value).strip(" \x00*") if value is not None else ""
    return text or None


def _encoding(
    name: str, parts: Mapping[str, bytes], texts: list[bytes], declared: str | None
) -> tuple[EncodingGuess, list[Issue]]:
    cpg = parts.get(".cpg", b"").decode("latin-1").strip()
    language = _LANGUAGE_DRIVERS.get(parts[".dbf"][29])
    stated = ((named_encoding(cpg), "cpg_file"), (language, "dbf_language"))
    return stated_encoding(name, texts, declared, stated)


def _decoded(
    raw: pd.DataFrame, encoding: str, long_numbers: Collection[int]
) -> tuple[pd.DataFrame, list[str]]:
    """Decode names and text values; say which fields held a cut character."""
    columns: list[pd.Series[Any]] = []
    names: list[str] = []
    cut: list[str] = []
    for at, raw_name in enumerate(raw.columns):
        field, was_cut = _decode(str(raw_name), encoding)
        series = raw.iloc[:, at]
        if at in long_numbers:
            series = pd.Series([_number_text(value) for value in series], dtype=object)
        if series.dtype == object:
            pairs = [_decode(v, encoding) if isinstance(v, str) else (v, False) for v in series]
            series = pd.Series([text for text, _ in pairs], dtype=object)
            was_cut = was_cut or any(flag for _, flag in pairs)
        names.append(field)
        columns.append(series)
        if was_cut:
            cut.append(field)
    frame = pd.concat(columns, axis=1) if columns else raw.copy()
    return frame.set_axis(names, axis=1), cut


def _decode(text: str, encoding: str) -> tuple[str, bool]:
    raw = text.encode("latin-1", "replace")
    return decode_cut(raw, encoding) or (raw.decode(encoding, "replace"), True)

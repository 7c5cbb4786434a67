"""From domain values to the answers that people and programs read."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from datetime import date
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import shapely

from geo.measure.restore import round_coordinates
from layers.check.rules import ControlRule
from layers.model import LayerStatus, LayerVersion, Ledger, ReadReport
from layers.provenance import canonical_json
from layers.rasters.model import RasterVersion
from layers.store.catalogue import LAST, Kind, load_kinds
from layers.store.withdrawals import Steps, plain_steps
from layers.zones import Zone
from maps.answers import (
    Basis,
    JsonObject,
    LedgerOut,
    LeftOutOut,
    Note,
    ReadReportOut,
    Title,
    VersionStep,
)
from maps.data.answers import LayerOut

DISPLAY_DECIMALS: Final = 8
"""Decimals of degrees in answers: 1 mm, finer than any layer's precision."""

_UNSURE: Final = (LayerStatus.DEMONSTRATION, LayerStatus.INDICATIVE)


def basis_of(versions: Iterable[LayerVersion | RasterVersion]) -> list[Basis]:
    """Return the layers among ``versions`` that cannot be relied on as official, by status."""
    found: dict[str, dict[str, LayerVersion | RasterVersion]] = {}
    for version in versions:
        if version.spec.status in _UNSURE:
            found.setdefault(version.spec.status, {})[version.spec.id] = version
    return [
        Basis(status=status, layer_ids=sorted(own), titles=_shown_titles(own.values()))
        for status, own in sorted(found.items())
    ]


def _shown_titles(versions: Iterable[LayerVersion | RasterVersion]) -> list[Title]:
    """Return what layers show, each once, the gravest first: control lines by their kinds."""
    kinds, said = load_kinds(), dict[tuple[int, str], Title]()
    for one in versions:
        kind = kinds.get(one.spec.kind)
        own = kind if kind and kind.control else one.spec
        place = kind.precedence if kind else LAST
        said[place, own.title_zh] = Title(zh=own.title_zh, en=own.title_en)
    return [said[at] for at in sorted(said)]


def rule_title(rule: ControlRule, kind: Kind) -> Title:
    """Return what a rule is called; one without a name of its own is called as its kind."""
    return Title(zh=rule.name_zh or kind.title_zh, en=rule.name_en or kind.title_en)


def geojson(geometry: Any, decimals: int = DISPLAY_DECIMALS) -> JsonObject:  # noqa: ANN401
    """Return a lon/lat geometry as GeoJSON with rounded coordinates.

    Where rounding would make a valid shape invalid, its coordinates stay as they are.
    """
    (shape,) = round_coordinates(np.array([geometry], dtype=object), decimals)
    answer: JsonObject = json.loads(shapely.to_geojson(shape))
    return answer


def shapes_of(geometries: Iterable[JsonObject | None]) -> npt.NDArray[Any]:
    """Return the shapes of answers that were kept, None where an answer has none.

    For what comes from the archive: use cases hand :class:`geo.model.Sites` to each other.
    """
    texts = [None if one is None else json.dumps(one) for one in geometries]
    shapes: npt.NDArray[Any] = shapely.from_geojson(np.array(texts, dtype=object))
    return shapes


def plain(value: Any) -> JsonObject:  # noqa: ANN401 - any dataclass
    """Return a dataclass as JSON values, dates in ISO 8601."""
    answer: JsonObject = json.loads(canonical_json(asdict(value)))
    return answer


def steps_out(steps: Steps) -> list[VersionStep]:
    """Return what was said of a version as an answer."""
    return [VersionStep(**row) for row in plain_steps(steps)]


def report_out(report: ReadReport) -> ReadReportOut:
    """Return a read report as an answer."""
    notes = [
        Note(
            code=issue.code,
            severity=issue.severity,
            feature_id=issue.feature_id,
            params=issue.params,
        )
        for issue in report.issues
    ]
    return ReadReportOut(
        name=report.name,
        sha256=report.sha256,
        size_bytes=report.size_bytes,
        format=report.format,
        encoding=report.encoding,
        encoding_how=report.encoding_how,
        crs=report.crs,
        crs_how=report.crs_how,
        feature_count=report.feature_count,
        precision_m=report.precision_m,
        issues=notes,
        statements={section: list(lines) for section, lines in report.statements.items()},
        ledger=ledger_out(report.ledger),
    )


def ledger_out(ledger: Ledger | None) -> LedgerOut | None:
    """Return the account of an input as an answer; old reports have none."""
    if ledger is None:
        return None
    entries = [LeftOutOut(**asdict(entry)) for entry in ledger.left_out]
    return LedgerOut(unit=ledger.unit, found=ledger.found, used=ledger.used, left_out=entries)


def layer_out(version: LayerVersion, *, in_use: bool, steps: Steps) -> LayerOut:
    """Return a layer version as an answer, with what was said of it."""
    spec = version.spec
    return LayerOut(
        id=spec.id,
        kind=spec.kind,
        title=Title(zh=spec.title_zh, en=spec.title_en),
        status=spec.status,
        sensitivity=spec.sensitivity,
        source=spec.source,
        licence=spec.licence,
        version=version.number,
        sha256=version.sha256,
        content_sha256=version.content_sha256,
        created_at=version.created_at.isoformat(),
        crs=version.crs,
        feature_count=version.feature_count,
        geometry_type=version.geometry_type,
        bounds_lonlat=version.bounds_lonlat,
        precision_m=spec.precision_m,
        data_date=_iso(spec.data_date),
        valid_from=_iso(spec.valid_from),
        valid_to=_iso(spec.valid_to),
        covered=version.covered,
        in_use=in_use,
        withdrawals=steps_out(steps),
    )


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


MAP_DECIMALS: Final = 7
"""Decimals of degrees for drawing: 1 cm."""


def short_name(zone: Zone) -> Title:
    """Return the short name of a zone, as titles have it."""
    return Title(**zone.profile.short_name.model_dump())

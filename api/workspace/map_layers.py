"""Layers of the store as layers of a printed map."""

from collections.abc import Iterable
from typing import Any, Final

import numpy as np

from api.workspace.loaded import LoadedLayer
from layers.model import LayerStatus
from layers.store.catalogue import load_kinds
from maps.figure.model import FigureLayer
from maps.i18n import tr
from maps.source_words import source_text
from maps.style.styles import drawing_place, styles

_UNSURE: Final = {
    LayerStatus.DEMONSTRATION: "figure.demonstration_mark",
    LayerStatus.INDICATIVE: "figure.indicative_mark",
}
"""What is written across a map, the gravest first."""
_DIMENSIONS: Final = {"Point": 0, "LineString": 1}


def drawn_layer(loaded: LoadedLayer, box: Any, lang: str) -> FigureLayer:  # noqa: ANN401
    """Return what of a layer lies in a lon/lat box, with the names that its style asks for."""
    spec = loaded.version.spec
    known = load_kinds().get(spec.kind)
    hits = np.sort(loaded.controls.tree.query(box))
    features = loaded.features.iloc[hits]
    names: tuple[str | None, ...] = ()
    if styles()["kinds"].get(spec.kind, {}).get("printed_names"):
        column = next((c for c in (f"name_{lang}", "name_zh") if c in features), None)
        if column:
            names = tuple(n if isinstance(n, str) else None for n in features[column])
    return FigureLayer(
        look=spec.kind,
        title=spec.title_zh if lang == "zh" else spec.title_en,
        geometries=features.geometry.to_numpy(),
        names=names,
        dimension=_DIMENSIONS.get(loaded.version.geometry_type, 2),
        # That a map shows no control line is something to say; that it shows no lake is not.
        missed=known is None or known.control,
    )


def in_drawing_order(loaded: Iterable[LoadedLayer]) -> list[LoadedLayer]:
    """Return layers from the bottom up, as on the page."""
    return sorted(
        loaded, key=lambda one: (*drawing_place(one.version.spec.kind), one.version.layer_id)
    )


def credits_of(loaded: Iterable[LoadedLayer], lang: str) -> tuple[str, ...]:
    """Return the sources that must stand on a map: of boundaries, with their review number."""
    specs = [one.version.spec for one in loaded]
    return tuple(
        tr(
            "figure.credit",
            lang,
            title=spec.title_zh if lang == "zh" else spec.title_en,
            source=source_text(spec.source, lang),
        )
        for spec in specs
        if styles()["kinds"].get(spec.kind, {}).get("credit")
    )


def mark_of(statuses: Iterable[str], lang: str) -> str | None:
    """Return what must be written across a map that shows layers of these statuses."""
    found = set(statuses)
    return next((tr(key, lang) for status, key in _UNSURE.items() if status in found), None)

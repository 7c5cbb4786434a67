"""How a layer version looks and what is said of it in files for other programs."""

from typing import Final

from layers.model import LayerStatus, LayerVersion
from layers.store.forms.styled_geopackage import Presentation
from maps.i18n import LANGUAGES, tr
from maps.style.qml import qml
from maps.style.sld import sld
from maps.style.symbols import Dimension

_DIMENSIONS: Final[dict[str, tuple[Dimension, ...]]] = {
    "Point": (0,),
    "LineString": (1,),
    "Polygon": (2,),
}
_UNSURE: Final = frozenset({LayerStatus.DEMONSTRATION, LayerStatus.INDICATIVE})
_ALL: Final[tuple[Dimension, ...]] = (2, 1, 0)


def dimensions_of(version: LayerVersion) -> tuple[Dimension, ...]:
    """Return of what a layer consists: points (0), lines (1), areas (2), the largest first."""
    return _DIMENSIONS.get(version.geometry_type, _ALL)


def presentation_of(version: LayerVersion) -> Presentation:
    """Return how a version is named, described and drawn in a GeoPackage."""
    spec = version.spec
    return Presentation(
        name=version.layer_id,
        title=titled(version),
        description=_in_all_languages(version),
        metadata=metadata_of(version),
        qml=qml(spec.kind, dimensions_of(version)[0]),
        sld=sld(version.layer_id, spec.kind, dimensions_of(version)),
    )


def titled(version: LayerVersion, langs: tuple[str, ...] = LANGUAGES) -> str:
    """Return what a layer is called; what is no official or reference layer says so."""
    spec = version.spec
    titles = {"zh": spec.title_zh, "en": spec.title_en}
    text = " ".join(titles[lang] for lang in langs)
    if spec.status not in _UNSURE:
        return text
    return f"{text} [{' '.join(tr(f'statuses.{spec.status}', lang) for lang in langs)}]"


def metadata_of(version: LayerVersion) -> dict[str, str]:
    """Return what is known of a version, under plain names; what is not known is left out."""
    spec = version.spec
    found = {
        "layer": version.layer_id,
        "version": str(version.number),
        "kind": spec.kind,
        "title_zh": spec.title_zh,
        "title_en": spec.title_en,
        "status": str(spec.status),
        "sensitivity": str(spec.sensitivity),
        "source": spec.source,
        "licence": spec.licence,
        "data_date": _text(spec.data_date),
        "valid_from": _text(spec.valid_from),
        "valid_to": _text(spec.valid_to),
        "precision_m": _text(spec.precision_m),
        "feature_count": str(version.feature_count),
        "content_sha256": version.content_sha256,
    }
    return {name: value for name, value in found.items() if value}


def _in_all_languages(version: LayerVersion) -> str:
    return " ".join(
        tr(
            "ogc.layer_description",
            lang,
            status=tr(f"statuses.{version.spec.status}", lang),
            source=version.spec.source,
            version=version.number,
            count=version.feature_count,
        )
        for lang in LANGUAGES
    )


def _text(value: object) -> str:
    return "" if value is None else str(value)

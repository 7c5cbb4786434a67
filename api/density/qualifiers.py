"""What travels with a number from the store into an answer."""

from geo.model import Nature, Qualified
from maps.density.answers import Qualifiers
from maps.density.qualified import with_mark


def qualifiers_of(number: Qualified, area_quality: str | None = None) -> Qualifiers:
    """Return all that a reader must know of a number, and of the area that it is divided by."""
    return with_mark(
        Qualifiers(
            relation=number.relation,
            year=number.year,
            period=number.period,
            months=number.months,
            nature=number.nature,
            quality=number.quality,
            source=number.source,
            basis=number.basis,
            area_quality=area_quality or "",
        )
    )


def qualifiers_of_file(source_name: str, note: str = "") -> Qualifiers:
    """Return the qualifiers of quantities that a file reports without saying for which time."""
    found = Qualifiers(
        relation="=", year=None, period="unclear", months="", nature=Nature.FACT,
        quality="reported", source=source_name, basis=note,
    )  # fmt: skip
    return with_mark(found)

"""Published values and areas of planning units, with unit, period, source and quality."""

from dataclasses import dataclass

from geo.model import Qualified


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanningUnit:
    """A zone, district, park or county that values are published for.

    ``layer`` is the catalogue layer that draws it, None where nothing does;
    ``boundary_since`` the first year that this boundary holds for, and ``drawn_as`` the
    features of the layer that draw it, where its id does not tell.
    """

    id: str
    level: str
    layer: str | None
    boundary_since: int | None
    name_zh: str
    name_en: str
    drawn_as: tuple[str, ...] = ()

    @property
    def feature_ids(self) -> tuple[str, ...]:
        """Ids of the features that draw it: units of an imported layer are ``layer/feature``."""
        return self.drawn_as or (self.id.rpartition("/")[2],)


@dataclass(frozen=True, slots=True, kw_only=True)
class Indicator:
    """A quantity; only an extensive one (it adds up over units) may be divided by land."""

    id: str
    name_zh: str
    name_en: str
    unit: str
    extensive: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """One published value.

    ``period`` is full_year, partial_year, cumulative, target, estimate, preliminary or
    unclear; ``months`` are those of a part (``01-09``) or the last one of what is
    cumulative (``..09``), empty for a whole year. ``relation`` is ``=``, ``>``, ``<`` or
    ``~`` as published; ``note`` what the table says of it besides.
    """

    unit_id: str
    indicator: str
    year: int
    period: str
    value: float
    relation: str
    unit: str
    source: str
    quality: str
    months: str = ""
    note: str = ""

    @property
    def key(self) -> tuple[str, str, int, str, str]:
        """What it is a value of; another of the same key stands in its place."""
        return self.unit_id, self.indicator, self.year, self.period, self.months

    @property
    def qualified(self) -> Qualified:
        """The number with all that a reader must know of it."""
        return Qualified(
            value=self.value,
            relation=self.relation,
            unit=self.unit,
            year=self.year,
            period=self.period,
            months=self.months,
            quality=self.quality,
            source=self.source,
            basis=self.note,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedArea:
    """One published area of one kind of land; the years that it holds for may be unknown."""

    unit_id: str
    denominator: str
    area_km2: float
    first_year: int | None
    last_year: int | None
    source: str
    quality: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanIndicator:
    """One of the plan's indicators, as printed.

    ``base_value`` is None where the plan has no figure. ``target_rule`` is ``value``,
    ``rises`` or ``share_of_province_rises``; ``growth_kind`` is ``annual_pct``,
    ``cumulative`` or None.
    """

    number: int
    id: str
    name_zh: str
    name_en: str
    unit: str
    base_value: float | None
    target_value: float | None
    target_rule: str
    printed_growth: float | None
    growth_kind: str | None
    base_year: int
    target_year: int
    source: str
    quality: str

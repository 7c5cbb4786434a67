"""What searching and moving of sites keeps to, as data."""

from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from layers.yaml_text import load_yaml

_FILE = "siting_data/terms.yaml"


@dataclass(frozen=True, slots=True, kw_only=True)
class SitingTerms:
    """Margins and measures with what they rest on; see the file for what each is."""

    margin_m: float
    precision_factor: float
    shift_accuracy_m: float
    reach_m: float
    cell_m: float
    contour_interval_m: float
    cut_compactness: float
    cells_across: int
    most_candidates: int
    most_given_up: int
    pixels_across: int
    steep_deg: float
    bound_reach_m: float
    bound_kinds: list[str]
    most_alternatives: int
    alternative_least: float
    alternative_most: float
    alternative_width: float
    alternative_apart: float
    quality: str
    note_zh: str
    note_en: str

    def margin_for(self, precision_m: float | None) -> float:
        """Return the distance to keep from lines whose coordinates are as precise as this."""
        return max(self.margin_m, self.precision_factor * (precision_m or 0.0))


@cache
def siting_terms() -> SitingTerms:
    """Return the terms that ship."""
    text = files("layers.expansion").joinpath(_FILE).read_text(encoding="utf-8")
    return SitingTerms(**load_yaml(text))

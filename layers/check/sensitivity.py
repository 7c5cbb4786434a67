"""At which contact widths an overlap is measured again: a data file, for the annex."""

from functools import cache
from importlib.resources import files

from layers.yaml_text import load_yaml


@cache
def sensitivity_widths_m() -> tuple[float, ...]:
    """Return the widths in metres, rising from 0."""
    text = (
        files("layers.check").joinpath("review_data/sensitivity.yaml").read_text(encoding="utf-8")
    )
    return tuple(float(width) for width in load_yaml(text)["widths_m"])

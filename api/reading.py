"""What a person says of a file beside handing it in; the same words at every door."""

from datetime import date
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import AfterValidator, StringConstraints

from api.operation import Question
from api.upload import Upload

if TYPE_CHECKING:
    from layers.model import ReadOptions


class Dated(Question):
    """On which day's law and layers something is judged; None is today in China."""

    on: date | None = None


class Said(Question):
    """Who withdraws or restores something, and why; both are kept with it."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class Reading(Question):
    """How coordinates and texts of a file are meant; None leaves it to what the file says."""

    crs: str | None = None
    encoding: str | None = None
    layer: str | None = None
    datum: Literal["true", "gcj02", "bd09"] = "true"
    swap_axes: bool = False
    length_unit: Literal["m", "dm", "cm", "mm"] = "m"

    @property
    def options(self) -> "ReadOptions":
        """The same as readers take it."""
        from layers.model import Datum, ReadOptions  # noqa: PLC0415 - heavy

        return ReadOptions(
            crs=self.crs,
            encoding=self.encoding,
            layer=self.layer,
            datum=Datum(self.datum),
            swap_axes=self.swap_axes,
            length_unit=self.length_unit,
        )


def _known_nature(nature: str | None) -> str | None:
    """Refuse a nature that is none before anything is read or begun."""
    from layers.check.natures import require_nature  # noqa: PLC0415 - heavy

    return require_nature(nature)


Nature = Annotated[str | None, AfterValidator(_known_nature)]
"""Nature of a project, see the operation ``natures``; None where it is not stated."""


class FileReading(Reading):
    """A file with sites, and how it is meant."""

    file: Upload

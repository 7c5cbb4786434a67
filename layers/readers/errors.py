"""Why tables and lists of boundary points are refused."""

from collections.abc import Sequence

from layers.errors import AmbiguousFileError, BadLineError, ReadError


class PlotLineError(BadLineError):
    """A line like that of a plot lacks the @ at its end. Params: ``name``, ``line``, ``text``."""

    code = "layers.read.plot_line"


class BadCellError(BadLineError):
    """A cell of a point is no number.

    Params: ``name``, ``line``, ``cell``, ``column``, ``text``.
    """

    code = "layers.read.bad_cell"


class EmptyCellError(BadLineError):
    """A cell of a point is empty. Params as those of :class:`BadCellError`."""

    code = "layers.read.empty_cell"


class RoundedCellError(BadLineError):
    """A coordinate was rounded by a spreadsheet. Params as those of :class:`BadCellError`."""

    code = "layers.read.rounded_cell"


class UnreadableShapesError(ReadError):
    """No shape of a file can be read. Params: ``name``, ``label`` of the first, ``count``."""

    code = "layers.read.unreadable_shapes"


class RepeatedColumnsError(ReadError):
    """Columns of points stand there twice, and how is unclear. Params: ``name``, ``columns``."""

    code = "layers.read.repeated_columns"


class PaperSpaceError(ReadError):
    """A drawing has closed lines on sheets for printing only. Params: ``name``, ``layers``."""

    code = "layers.read.paper_space"


class NoListedLayerError(ReadError):
    """A GeoPackage has shapes, but in no table that it lists as a layer.

    Params: ``name``, ``views`` and ``tables``, which hold or may hold them.
    """

    code = "layers.read.no_listed_layer"


class OtherGeodataError(ReadError):
    """A file of another program, with shapes, that is not read. Params: ``name``, ``format``."""

    code = "layers.read.other_geodata"


class BadDegreesError(BadLineError):
    """Degrees, minutes or seconds in a column of their own are none.

    Params: ``name``, ``line``, ``cell``, ``text``.
    """

    code = "layers.read.bad_degrees"


class DegreeColumnsError(ReadError):
    """Degrees have minutes and seconds in columns without names. Params: ``name``, ``columns``."""

    code = "layers.read.degree_columns"


class MixedReferenceError(ReadError):
    """Features of one file are in several reference systems. Params: ``name``, ``found``."""

    code = "layers.read.mixed_references"


class FewPointsError(ReadError):
    """No plot of a table has three points. Params: ``name``, ``plot``, ``points``, ``count``."""

    code = "layers.read.few_points"


class UnknownChoiceError(AmbiguousFileError):
    """The file has no layer of the name that was asked for.

    Params: ``name``, ``choices``, ``wanted``.
    """

    code = "layers.read.unknown_choice"


def choice_error(name: str, choices: Sequence[str], wanted: str | None) -> AmbiguousFileError:
    """Return the error of a file whose layers were not told apart, by whether one was named."""
    if wanted is None:
        return AmbiguousFileError(name=name, choices=list(choices))
    return UnknownChoiceError(name=name, choices=list(choices), wanted=wanted[:100])


class PlotSectionError(BadLineError):
    """Plots stand in two sections of a list. Params: ``name``, ``line``, ``section``, ``first``."""

    code = "layers.read.plot_section"


class RepeatedMemberError(ReadError):
    """An object of a JSON text has a shape twice. Params: ``name``, ``member``."""

    code = "layers.read.repeated_member"

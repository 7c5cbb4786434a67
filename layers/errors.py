"""Errors of files, readers and the layer store."""

from typing import cast

from geo.errors import InputError, PlanningError


class NotFoundError(PlanningError):
    """Something that was asked for by its id does not exist."""

    code = "layers.store.not_found"


class ConflictError(InputError):
    """Something is another than it was said to be; base of those that say what it is now."""


class GoneError(NotFoundError):
    """Something existed and was taken back or removed; base of those that say by whom or when."""


class UnknownLayerError(NotFoundError):
    """No layer has this id. Params: ``layer_id``."""

    code = "layers.store.unknown_layer"


class UnknownVersionError(NotFoundError):
    """The layer has no such version. Params: ``layer_id``, ``version``."""

    code = "layers.store.unknown_version"


class UnknownKindError(InputError):
    """No layer kind has this id. Params: ``kind``, ``known``."""

    code = "layers.catalogue.unknown_kind"


class LayerIdError(InputError):
    """A layer id is not lower-case letters, digits and underscores. Params: ``layer_id``."""

    code = "layers.store.layer_id"


class LayerConcernError(InputError):
    """A layer differs from what was said of it or stood before; a person confirms it or mends it.

    Params: ``layer_id``, ``count``, ``concerns`` (code, params).
    """

    code = "layers.store.concerns"


class ExportFormatError(InputError):
    """A suffix names no export format. Params: ``suffix``, ``supported``."""

    code = "layers.store.export_format"


class SeveralZonesError(InputError):
    """One list of boundary points has one zone. Params: ``zones``."""

    code = "layers.export.several_zones"


class RuleFileError(InputError):
    """A rule file is not as it must be. Params: ``file``, ``field``, ``problem``."""

    code = "layers.rules.invalid"


class DamagedVersionError(PlanningError):
    """A stored version's bytes no longer match its digest. Params: ``layer_id``, ``version``."""

    code = "layers.store.damaged"


class DamagedTableError(DamagedVersionError):
    """The same of a version of a data set of statistics."""

    code = "layers.store.damaged_table"


class DamagedCountError(DamagedVersionError):
    """How many versions of a data set stood cannot be read. Params: as its base."""

    code = "layers.store.damaged_count"


class DamagedRasterError(DamagedVersionError):
    """The same of a version of a raster."""

    code = "layers.store.damaged_raster"


class UnknownTableError(UnknownLayerError):
    """There is no such data set of statistics. Params: ``layer_id``."""

    code = "layers.statistics.unknown_table"


class CannotTellError(PlanningError):
    """What is known allows no answer; base of those that say what is missing."""

    code = "layers.store.cannot_tell"


class LostVersionError(CannotTellError):
    """A version has its file and no row in the catalogue. Params: ``layer_id``, ``version``."""

    code = "layers.store.lost"


class VanishedVersionError(CannotTellError):
    """A version stood here, and no file and no row of it is left. Params as above."""

    code = "layers.store.vanished"


class OfficialLostError(CannotTellError):
    """A demonstration cannot stand for an official layer. Params: ``layer_id``, ``lost``."""

    code = "layers.store.official_lost"


class LayerFactError(InputError):
    """What is said about a layer cannot be. Params: ``fact``, ``value``."""

    code = "layers.store.fact"


class KindChangedError(InputError):
    """A layer keeps its kind. Params: ``layer_id``, ``kind``, ``found``."""

    code = "layers.store.kind_changed"


class ReadError(InputError):
    """A file could not be read; base of all reader errors."""

    code = "layers.read.failed"


class EmptyFileError(ReadError):
    """The file has no bytes or no features. Params: ``name``."""

    code = "layers.read.empty"


class UnknownFormatError(ReadError):
    """The content is of no supported format. Params: ``name``, ``supported``."""

    code = "layers.read.unknown_format"


class DrawingFormatError(ReadError):
    """A CAD drawing in a closed format (DWG, DGN). Save it as DXF. Params: ``name``, ``format``."""

    code = "layers.read.closed_drawing"


class DatabaseFormatError(ReadError):
    """A personal geodatabase or other closed database. Params: ``name``, ``format``."""

    code = "layers.read.closed_database"


class ArchiveFormatError(ReadError):
    """An archive that is not zip (RAR, 7z). Pack it as zip. Params: ``name``, ``format``."""

    code = "layers.read.foreign_archive"


class DocumentFormatError(ReadError):
    """An old workbook, a PDF or a text document. Save it as XLSX. Params: ``name``, ``format``."""

    code = "layers.read.document"


class BadLineError(ReadError):
    """A line of a table or a list of points is none. Params: ``name``, ``line``, ``text``."""

    code = "layers.read.bad_line"


class NoCoordinatesError(ReadError):
    """No columns of a table are coordinates. Params: ``name``, ``columns``."""

    code = "layers.read.no_coordinates"


class NoClosedLinesError(ReadError):
    """No lines of a drawing enclose anything. Params: ``name``, ``layers``."""

    code = "layers.read.no_closed_lines"


class ZoneDisagreesError(ReadError):
    """The stated zone is not that of the eastings. Params: ``name``, ``stated``, ``found``."""

    code = "layers.read.zone_disagrees"


class UnsupportedGeometryError(ReadError):
    """A geometry is of a kind that is not read. Params: ``name``, ``feature``, ``found``."""

    code = "layers.read.geometry_kind"


class IllegibleLayerError(ReadError):
    """Something of a layer could not be read. Params: ``name``, ``what``, ``label``, ``reason``."""

    code = "layers.read.illegible_layer"


class SeveralZonesInFileError(ReadError):
    """Plots of one file lie in several zones. Params: ``name``, ``zones``, ``plots``."""

    code = "layers.read.several_zones"


class IncompleteShapefileError(ReadError):
    """A Shapefile lacks companions. Params: ``name``, ``missing`` (list of suffixes)."""

    code = "layers.read.incomplete_shapefile"


class DamagedFileError(ReadError):
    """The format is known but the content cannot be parsed. Params: ``name``, ``format``."""

    code = "layers.read.damaged"


class AmbiguousFileError(ReadError):
    """The file holds several layers and none was named. Params: ``name``, ``choices``."""

    code = "layers.read.ambiguous"

    @property
    def choices(self) -> list[str]:
        """Names that may be asked for."""
        return [str(choice) for choice in cast("list[object]", self.params["choices"])]


class EncodingUndecidedError(ReadError):
    """The text encoding cannot be decided. Params: ``name``, ``tried``."""

    code = "layers.read.encoding"


class HostileArchiveError(ReadError):
    """An archive escapes its folder, is too large or unpacks too far. Params: ``name``, ``why``."""

    code = "layers.read.hostile_archive"


class TooLargeError(ReadError):
    """The input is over a size limit. Params: ``limit_bytes``."""

    code = "layers.read.too_large"


class TooSlowError(ReadError):
    """Reading took longer than allowed and was stopped. Params: ``name``, ``seconds``."""

    code = "layers.read.too_slow"


class ReaderCrashedError(ReadError):
    """The process that read the file died of it. Params: ``name``."""

    code = "layers.read.crashed"


class NotABundleError(InputError):
    """The bytes are no bundle of the expected form. Params: ``form``."""

    code = "layers.bundle.not_one"


class AlteredBundleError(InputError):
    """Files of a bundle are not what its manifest says. Params: ``files``."""

    code = "layers.bundle.altered"


class UnknownNatureError(InputError):
    """No project has this nature. Params: ``nature``, ``known``."""

    code = "layers.natures.unknown"


class OutsideRegionError(InputError):
    """No site of a file lies in the region. Params: ``site``, ``lon``, ``lat``, ``crs``, ..."""

    code = "layers.check.outside_region"


class SiteTooSmallError(InputError):
    """No site of a file is large enough to be judged. Params: ``site``, ``area_m2``, ..."""

    code = "layers.check.site_too_small"


class RulesChangedError(InputError):
    """The rules are no longer those that a check was judged by. Params: ``check_id``."""

    code = "layers.rules.changed"


class WrongGeometryError(InputError):
    """A kind is made of other geometries. Params: ``kind``, ``expected``, ``found``."""

    code = "layers.store.wrong_geometry"


class ShiftedDatumError(InputError):
    """A control layer is declared GCJ-02 or BD-09; such layers are never stored."""

    code = "layers.import.shifted_datum"


class MissingFileError(ReadError):
    """A path names no readable file. Params: ``name``."""

    code = "layers.read.missing_file"


class TooComplexError(ReadError):
    """The content is over a limit. Params: ``name``, ``what`` (a code), ``limit``."""

    code = "layers.read.too_complex"


class DatumNeedsLonLatError(InputError):
    """A shifted datum is declared for coordinates that are not lon/lat. Params: ``crs``."""

    code = "layers.read.datum_needs_lonlat"


class UnsavedFormulaError(ReadError):
    """Cells of a workbook hold a formula and no value. Params: ``name``, ``cells``."""

    code = "layers.read.unsaved_formula"


class StatisticsError(InputError):
    """A table of statistics cannot be used. Params: ``file``, ``line``, ``why``."""

    code = "layers.statistics.invalid"


class StatisticsTableError(InputError):
    """Rows of a table do not fit; nothing of it is taken.

    Params: ``name``, ``count``, ``problems`` (line, column, code, text).
    """

    code = "layers.statistics.table"


class StatisticsQuestionError(StatisticsTableError):
    """A table can be read, but something in it needs a person's word before it is taken.

    Params: ``name``, ``count``, ``problems`` (line, column, code, text).
    """

    code = "layers.statistics.questions"


class NoKnownFieldError(InputError):
    """No column is one that the evaluation knows. Params: ``name``, ``columns``."""

    code = "layers.records.no_field"


class SchemeFileError(InputError):
    """A file of schemes is not as it must be. Params: ``file``, ``field``, ``problem``."""

    code = "layers.permu.scheme_file"


class SchemeToFillError(InputError):
    """A scheme is a sheet that nobody has filled. Params: ``scheme``, ``count``, ``fields``."""

    code = "layers.permu.scheme_to_fill"


class UnknownSchemeError(InputError):
    """No per-mu scheme has this id. Params: ``scheme``, ``known``."""

    code = "layers.permu.unknown_scheme"

"""Errors of rasters and their store."""

from geo.errors import InputError
from layers.errors import CannotTellError, NotFoundError, ReadError


class UnknownRasterError(NotFoundError):
    """No raster has this id, or it has no such version. Params: ``raster_id``, ``version``."""

    code = "layers.rasters.unknown"


class UnknownRasterKindError(InputError):
    """No raster has this kind. Params: ``kind``, ``known``."""

    code = "layers.rasters.unknown_kind"


class MadeKindError(InputError):
    """Rasters of this kind are calculated and never imported. Params: ``kind``."""

    code = "layers.rasters.made_kind"


class NotGeoTiffError(ReadError):
    """The file is no GeoTIFF that can be read. Params: ``name``."""

    code = "layers.rasters.not_geotiff"


class UnstatedUnitError(InputError):
    """Nobody said what unit the values are in. Params: ``name``, ``known``."""

    code = "layers.rasters.unstated_unit"


class WrongUnitError(InputError):
    """Values of this kind cannot be in this unit. Params: ``unit``, ``kind``, ``known``."""

    code = "layers.rasters.wrong_unit"


class ImplausibleValueError(InputError):
    """Values cannot be in the stated unit.

    Params: ``name``, ``found``, ``least``, ``most``, ``unit``.
    """

    code = "layers.rasters.implausible"


class RasterConcernError(InputError):
    """A raster contradicts what is said of it; a person confirms it or mends it.

    Params: ``name``, ``count``, ``concerns`` (code, params).
    """

    code = "layers.rasters.concerns"


class NoGeotransformError(InputError):
    """Nothing says where the pixels lie. Params: ``name``, ``why`` (a code)."""

    code = "layers.rasters.no_geotransform"


class ComplexPixelsError(InputError):
    """Pixels are complex numbers. Params: ``name``, ``type``."""

    code = "layers.rasters.complex"


class NodataTypeError(InputError):
    """No pixel of such a type has the nodata value. Params: ``name``, ``nodata``, ``type``."""

    code = "layers.rasters.nodata_type"


class FractionalClassError(InputError):
    """Classes or grades are no whole numbers. Params: ``name``, ``found``."""

    code = "layers.rasters.fractional"


class ChangedPlaceError(InputError):
    """A GeoTIFF cannot hold the CRS of the file. Params: ``crs``."""

    code = "layers.rasters.unwritable_crs"


class UnknownClassesError(InputError):
    """No dictionary of classes has this name. Params: ``classes``, ``known``."""

    code = "layers.rasters.unknown_classes"


class StrangeClassError(InputError):
    """Values are not in the dictionary of classes. Params: ``name``, ``classes``, ``found``."""

    code = "layers.rasters.strange_class"


class EmptyRasterError(InputError):
    """No pixel says anything. Params: ``name``."""

    code = "layers.rasters.all_nodata"


class BandError(InputError):
    """The raster has no such band, or several and none was named. Params: ``name``, ``bands``."""

    code = "layers.rasters.band"


class NoRasterError(InputError):
    """No raster of the kind is there, or none at the place. Params: ``kind``, ``site``."""

    code = "layers.rasters.none_here"


class RasterGoneError(CannotTellError):
    """Rasters that were no demonstrations stood here and count no more: nothing takes their place.

    Params: ``kind``, ``gone`` (ids).
    """

    code = "layers.rasters.gone"


class ClassesDifferError(InputError):
    """Rasters around a site name their classes by other dictionaries, which are not mixed.

    Params: ``site``, ``dictionaries``, ``rasters``.
    """

    code = "layers.rasters.classes_differ"


class WrongRasterKindError(InputError):
    """The named raster is of another kind. Params: ``raster``, ``needed``, ``found``."""

    code = "layers.rasters.wrong_kind"


class WindowTooLargeError(InputError):
    """More pixels are asked for than are read at once. Params: ``pixels``, ``most``."""

    code = "layers.rasters.window_too_large"

"""Readers: hostile bytes in, checked frames and a report out."""

from layers.readers.intake import read_layer, read_sites
from layers.readers.source import DEFAULT_LIMITS, ReadLimits, Source, source_from_path

__all__ = [
    "DEFAULT_LIMITS",
    "ReadLimits",
    "Source",
    "read_layer",
    "read_sites",
    "source_from_path",
]

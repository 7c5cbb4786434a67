"""The zone that is planned for: a folder of data, read whole and checked when it is opened.

What each file holds is said by its schema in :mod:`layers.zones.schema`; the guide for making a
folder is ``docs/guides``. The zone that ships is the first such folder, ``yunnan``.
"""

from layers.zones.load import examine_folder, load_zone, shipped_zone
from layers.zones.model import Region, Zone

__all__ = ["Region", "Zone", "examine_folder", "load_zone", "shipped_zone"]

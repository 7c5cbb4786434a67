"""Refusals of the gate, apart from what builds bundles: a terminal must word them at once."""

from collections.abc import Mapping
from typing import cast

from geo.errors import InputError
from maps.answers import JsonObject


class PublicationRefusedError(InputError):
    """The gate refused a bundle; nothing was stored. Params: ``count``, ``faults``."""

    code = "api.publish.refused"

    @property
    def faults(self) -> list[tuple[str, Mapping[str, object]]]:
        """Codes with parameters, worded in ``publish_faults``."""
        faults = cast("list[JsonObject]", self.params["faults"])
        return [(fault["code"], fault["params"]) for fault in faults]

"""Refusals of the gate, apart from what builds bundles: a terminal must word them at once."""

from typing import cast

from geo.errors import InputError


class PublicationRefusedError(InputError):
    """The gate refused a bundle; nothing was stored. Params: ``count``, ``faults``."""

    code = "api.publish.refused"

    @property
    def faults(self) -> list[dict[str, object]]:
        """Each with ``code`` and ``params``, worded in ``publish_faults``."""
        return cast("list[dict[str, object]]", self.params["faults"])

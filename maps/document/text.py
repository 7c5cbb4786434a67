"""Warnings as lines, for printers that take no documents yet; it goes with the last of them."""

from collections.abc import Mapping, Sequence
from typing import Any

from maps.i18n import tr

Answer = Mapping[str, Any]


def basis_lines(basis: Sequence[Answer], lang: str) -> list[str]:
    """Return one warning per status that is not official."""
    return [
        f"! {tr('basis.' + item['status'], lang)} ({', '.join(item['layer_ids'])})"
        for item in basis
    ]

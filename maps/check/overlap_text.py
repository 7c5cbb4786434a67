"""A table of overlaps as plain text for a terminal."""

from collections.abc import Mapping
from typing import Any

from maps.i18n import tr

Answer = Mapping[str, Any]


def overlap_text(answer: Answer, lang: str) -> str:
    """Return what the table is of, what it comes to, and where it is."""
    layer = tr(
        "cli.overlap_layer",
        lang,
        title=answer["title"][lang],
        id=answer["layer_id"],
        version=answer["layer_version"],
        status=tr(f"statuses.{answer['layer_status']}", lang),
    )
    counts = tr(
        "cli.overlap_counts",
        lang,
        parcels=f"{answer['parcels']:,}",
        touched=f"{answer['touched']:,}",
        overlaps=f"{answer['overlaps']:,}",
        hectares=f"{answer['overlap_area_m2'] / 1e4:,.4f}",
    )
    output = answer["output"]
    megabytes = f"{output['size_bytes'] / 1e6:.1f}"
    odd = [
        tr(f"cli.overlap_{name}", lang, parcels=f"{answer[name]:,}")
        for name in ("outside_region", "too_small")
        if answer[name]
    ]
    return "\n".join(
        [layer, counts, *odd, tr("cli.written", lang, path=output["path"], megabytes=megabytes)]
    )

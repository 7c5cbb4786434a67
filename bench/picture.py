"""Growth as a picture."""

from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")
import matplotlib.pyplot as plt

_WHO = ("kernel, cold", "kernel, warm", "shapely, prepared")
_COLOURS = ("#c2410c", "#0f766e", "#475569")


def draw(growth: dict[str, list[tuple[int, float, float, float]]], path: Path) -> None:
    figure, axes = plt.subplots(1, len(growth), figsize=(11, 3.6), sharey=True)
    for axis, (what, rows) in zip(axes, growth.items(), strict=True):
        for at, (who, colour) in enumerate(zip(_WHO, _COLOURS, strict=True), start=1):
            axis.loglog([r[0] for r in rows], [r[at] for r in rows], "o-", color=colour, label=who)
        axis.set_xlabel(what)
        axis.grid(visible=True, which="major", color="#e2e8f0")
        axis.spines[["top", "right"]].set_visible(False)
    axes[0].set_ylabel("CPU seconds")
    axes[0].legend(frameon=False)
    figure.tight_layout()
    figure.savefig(path, dpi=130)

"""The command line ``ftzgis``: the same use cases and the same JSON as over HTTP."""

import sys

import typer

from api import serve
from api.check import audit_commands as audit
from api.check import batch_commands as batch
from api.check import commands as review
from api.check import overlap_commands as overlap
from api.check import report_commands as report
from api.data import commands as layers
from api.data import convert_commands as convert
from api.data import rasters_commands as rasters
from api.density import commands as statistics
from api.density import density_commands as density
from api.density import intensity_commands as intensity
from api.density import permu_commands as permu
from api.density import scenario_commands as scenario
from api.expansion import commands as sites
from api.expansion import terrain_commands as terrain
from api.publish import commands as publish
from api.workbench import commands as look

app = typer.Typer(
    name="ftzgis",
    help="自贸区国土空间规划：图层、管控线核查、土地经济密度、离线地图。\n\n"
    "Spatial planning of a free-trade zone: layers, red-line checks, density, offline maps.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for topic in (
    review,
    report,
    batch,
    overlap,
    convert,
    density,
    statistics,
    intensity,
    permu,
    scenario,
    look,
    publish,
    terrain,
    sites,
    serve,
):
    app.add_typer(topic.app)
layers.app.add_typer(audit.app)
app.add_typer(layers.app, name="layers")
layers.app.command(name="diff")(look.diff)
layers.app.command(name="tiles")(look.tiles)
app.add_typer(rasters.app, name="rasters")
app.add_typer(statistics.tables_app, name="stats")
app.add_typer(publish.publications_app, name="publications")


def main() -> None:
    """Run the command line; see :mod:`api.__main__`, which comes before."""
    # Windows consoles are not UTF-8 by default, and every message may be Chinese.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    app()

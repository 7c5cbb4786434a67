"""Every operation as a method. Made by docs/make_calls_stub.py; do not edit."""

import api.density.questions
import api.expansion.questions
import api.notebook.results
import datetime
import layers.model
import layers.people.model
import maps.check.answers
import maps.check.audit_answers
import maps.check.batch_answers
import maps.check.overlap_answers
import maps.check.protection_answers
import maps.check.stale_answers
import maps.data.answers
import maps.data.backup_answers
import maps.data.guide_answers
import maps.data.health_answers
import maps.data.import_answers
import maps.data.purge_answers
import maps.data.raster_answers
import maps.data.withdrawal_answers
import maps.data.zone_answers
import maps.density.answers
import maps.density.density_answers
import maps.density.evaluated_answers
import maps.density.evaluation_answers
import maps.density.intensity_answers
import maps.density.linkage_answers
import maps.density.route_answers
import maps.density.scenario_answers
import maps.density.statement_answers
import maps.density.statistics_answers
import maps.expansion.access_answers
import maps.expansion.answers
import maps.expansion.earthworks_answers
import maps.expansion.ground_answers
import maps.expansion.suitability_answers
import maps.publish.answers
import maps.publish.replacement_answers
import maps.workbench.answers
import maps.workbench.basemaps_answers
import maps.workbench.people_answers
import maps.workbench.projects_answers
import maps.workbench.tasks_answers
import maps.workbench.tiles_answers
import pathlib
import pydantic.types
import typing

from api.notebook.doors import Door
from api.notebook.inputs import FileLike

class Calls:
    def __init__(self, door: Door) -> None: ...
    def check(
        self,
        file: FileLike,
        *,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        on: datetime.date | None = ...,
        nature: str | None = ...,
        geometry: bool = ...,
    ) -> api.notebook.results.Result[maps.check.answers.CheckResult]:
        """Check sites against all control layers.

        file : Files with sites.
        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        on : Judge by the rules and layers valid on this day; today in China if left out.
        nature : Nature of the project, see natures.
        geometry : Geometry in the JSON."""

    def checks_list(
        self, *, limit: int = ...
    ) -> api.notebook.results.Result[maps.workbench.answers.CheckList]:
        """List past checks, newest first.

        limit : How many at most."""

    def checks_show(
        self, check_id: str, *, geometry: bool = ...
    ) -> api.notebook.results.Result[maps.check.answers.CheckResult]:
        """Show a past check, with reviewers' verdicts.

        check_id : Check id.
        geometry : Geometry in the JSON."""

    def override(
        self,
        check_id: str,
        *,
        site_id: str,
        rule_id: str,
        layer_id: str | None = ...,
        verdict: str,
        reason: str,
        name: str,
    ) -> api.notebook.results.Result[maps.check.answers.CheckResult]:
        """Record a reviewer's own verdict beside the computed one.

        check_id : Check id.
        site_id : Site id.
        rule_id : Rule id.
        layer_id : Layer id; none where the layer is missing.
        verdict : Verdict, such as contact.
        reason : Reason.
        name : Who takes responsibility."""

    def claim(
        self, *, on: datetime.date | None = ...
    ) -> api.notebook.results.Result[maps.check.answers.ClaimCheck]:
        """Judge the plan's claim that nothing sensitive is touched.

        on : Judge by the rules and layers valid on this day; today in China if left out."""

    def why(
        self, kind: str | None = ..., *, on: datetime.date | None = ...
    ) -> api.notebook.results.Result[maps.check.protection_answers.ProtectionList]:
        """Say why places are protected: by which law, what is allowed, who decides, on a day.

        kind : Kind of control line; all where none is given.
        on : Judge by the rules and layers valid on this day; today in China if left out."""

    def register(
        self, *, on: datetime.date | None = ...
    ) -> api.notebook.results.Result[maps.check.answers.RegisterList]:
        """List the register of sensitive areas: each member, its law, whether a layer shows it.

        on : Judge by the rules and layers valid on this day; today in China if left out."""

    def natures(
        self, *, on: datetime.date | None = ..., nature: str | None = ...
    ) -> api.notebook.results.Result[maps.check.answers.NatureList]:
        """List the natures that a project can have, and what each needs by which clause.

        on : Judge by the rules and layers valid on this day; today in China if left out.
        nature : Nature of the project, see natures."""

    def evidence(self, check_id: str, *, form: str = ...) -> api.notebook.results.ResultFile:
        """Write the evidence of a past check.

        check_id : Check id.
        form : Kind of file."""

    def points(self, check_id: str, *, form: str = ...) -> api.notebook.results.ResultFile:
        """Write the boundary points of a past check's sites and overlaps.

        check_id : Check id.
        form : Kind of file."""

    def verify(
        self, file: FileLike, *, digest: typing.Optional[str] = ...
    ) -> api.notebook.results.Result[maps.check.answers.Verification]:
        """Compute a check again from its evidence alone.

        file : Evidence file.
        digest : Digest or check id that a report prints."""

    def report(
        self,
        check_id: str,
        *,
        project: str | None = ...,
        maker: str | None = ...,
        template: str | None = ...,
        form: str = ...,
    ) -> api.notebook.results.ResultFile:
        """Write the report of a past check.

        check_id : Check id.
        project : Name of the project, for the front page.
        maker : Who makes it.
        template : Name of an office's own Word template, from FTZGIS_TEMPLATES_DIR.
        form : Kind of file."""

    def report_template(self, *, form: str = ...) -> api.notebook.results.ResultFile:
        """Write a Word template with every field, to make an office's own from.

        form : Kind of file."""

    def batch(
        self,
        file: FileLike | list[FileLike],
        *,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        on: datetime.date | None = ...,
        nature: str | None = ...,
        folder: str | pathlib.Path,
    ) -> api.notebook.results.Result[maps.check.batch_answers.BatchWritten]:
        """Check many files in one run.

        file : Folders or files.
        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        on : Judge by the rules and layers valid on this day; today in China if left out.
        nature : Nature of the project, see natures.
        folder : Output folder."""

    def stale(
        self,
        *,
        on: datetime.date | None = ...,
        since: datetime.date | None = ...,
        law: bool = ...,
        layer: tuple[str, ...] = ...,
    ) -> api.notebook.results.Result[maps.check.stale_answers.StaleList]:
        """Find past checks that come out otherwise after changes of law or layers: by rule, with reason and area, counted by kind of change.

        on : Judge by the rules and layers valid on this day; today in China if left out.
        since : Only checks made on this day or later.
        law : Effect of the law alone: layers are the versions that each check had.
        layer : Effect of these layers alone: law and other layers as each check had them; repeated, or parted by commas."""

    def layers_audit(
        self, layer: tuple[str, ...] = ..., *, folder: str | pathlib.Path
    ) -> api.notebook.results.Result[maps.check.audit_answers.AuditWritten]:
        """Audit layers themselves.

        layer : Layers; all control layers if none.
        folder : Output folder."""

    def overlap(
        self,
        parcels: FileLike,
        layer: str,
        *,
        id_column: str | None = ...,
        workers: int = ...,
        scheduler: str | None = ...,
        output: str | pathlib.Path,
    ) -> api.notebook.results.Result[maps.check.overlap_answers.OverlapTable]:
        """Overlaps of millions of parcels with one layer.

        parcels : Parcels on disk.
        layer : Layer id.
        id_column : Column that names parcels.
        workers : Processes beside this one; 0: none.
        scheduler : Address of a dask scheduler.
        output : File to write; its suffix says which kind."""

    def import_choices(self) -> api.notebook.results.Result[maps.data.import_answers.ImportChoices]:
        """List kinds, dictionaries and areas that can be said of data that come in."""

    def layers_list(self) -> api.notebook.results.Result[maps.data.answers.LayerList]:
        """List the layers."""

    def layers_history(
        self, layer_id: str
    ) -> api.notebook.results.Result[maps.data.answers.LayerList]:
        """List all versions of a layer.

        layer_id : Layer id."""

    def layers_features(
        self, layer_id: str, *, bbox: str | None = ..., limit: int | None = ...
    ) -> dict[str, typing.Any]:
        """Return the features of a layer as GeoJSON.

        layer_id : Layer id.
        bbox : west,south,east,north in degrees.
        limit : How many at most."""

    def layers_guide(
        self, kind: str | None = ...
    ) -> api.notebook.results.Result[maps.data.guide_answers.KindGuides]:
        """Say how layers of a kind are prepared.

        kind : Kind; all without one."""

    def layers_preview(
        self,
        file: FileLike,
        *,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        id: str,
        kind: str,
        title: str,
        title_en: str | None = ...,
        source: str,
        status: str = ...,
        licence: str = ...,
        data_date: datetime.date | None = ...,
        covers: tuple[str, ...] = ...,
        covers_file: FileLike | None = ...,
        precision_m: typing.Optional[float] = ...,
        valid_from: datetime.date | None = ...,
        valid_to: datetime.date | None = ...,
        accept: bool = ...,
    ) -> api.notebook.results.Result[maps.data.answers.ImportPreview]:
        """Show what of a layer would come in.

        file : File.
        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        id : Id.
        kind : Kind.
        title : Title.
        title_en : English title.
        source : Where it comes from.
        status : Status, such as official.
        licence : Licence.
        data_date : Date of the data.
        covers : Codes of the area that it speaks about.
        covers_file : Or a file of that area.
        precision_m : Precision in metres.
        valid_from : First day of validity.
        valid_to : Last day of validity.
        accept : What is asked about is right."""

    def layers_import(
        self,
        file: FileLike,
        *,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        id: str,
        kind: str,
        title: str,
        title_en: str | None = ...,
        source: str,
        status: str = ...,
        licence: str = ...,
        data_date: datetime.date | None = ...,
        covers: tuple[str, ...] = ...,
        covers_file: FileLike | None = ...,
        precision_m: typing.Optional[float] = ...,
        valid_from: datetime.date | None = ...,
        valid_to: datetime.date | None = ...,
        accept: bool = ...,
    ) -> api.notebook.results.Result[maps.data.answers.ImportResult]:
        """Import a layer as a new version.

        file : File.
        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        id : Id.
        kind : Kind.
        title : Title.
        title_en : English title.
        source : Where it comes from.
        status : Status, such as official.
        licence : Licence.
        data_date : Date of the data.
        covers : Codes of the area that it speaks about.
        covers_file : Or a file of that area.
        precision_m : Precision in metres.
        valid_from : First day of validity.
        valid_to : Last day of validity.
        accept : What is asked about is right."""

    def layers_export(
        self, layer_id: str, *, version: int | None = ..., form: str = ...
    ) -> api.notebook.results.ResultFile:
        """Export a layer.

        layer_id : Layer id.
        version : Version; the current one without.
        form : Kind of file."""

    def qgis_project(
        self, *, form: str = ..., output: str | pathlib.Path
    ) -> api.notebook.results.ResultFile:
        """Write all layers and rasters with their looks for QGIS: unpack, open workspace.qgz.

        form : Kind of file.
        output : File to write; its suffix says which kind."""

    def layers_diff(
        self, layer_id: str, *, from_version: int, to_version: int
    ) -> api.notebook.results.Result[maps.workbench.answers.LayerComparison]:
        """Compare two versions of a layer.

        layer_id : Layer id.
        from_version : Earlier version.
        to_version : Later version."""

    def layers_tiles(
        self, layer_id: str
    ) -> api.notebook.results.Result[maps.workbench.tiles_answers.TileSet]:
        """Cut a large layer into tiles for the map.

        layer_id : Layer id."""

    def layers_tile_set(
        self, layer_id: str
    ) -> api.notebook.results.Result[maps.workbench.tiles_answers.TileSet]:
        """Say whether a layer has been cut into tiles.

        layer_id : Layer id."""

    def convert(
        self,
        file: FileLike,
        *,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        to_crs: str | None = ...,
        form: str = ...,
    ) -> api.notebook.results.ResultFile:
        """Turn a file of sites into another format.

        file : File.
        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        to_crs : CRS to write; that of the input without.
        form : Kind of file."""

    def rasters_list(self) -> api.notebook.results.Result[maps.data.raster_answers.RasterList]:
        """List the rasters."""

    def rasters_history(
        self, raster_id: str
    ) -> api.notebook.results.Result[maps.data.raster_answers.RasterList]:
        """List all versions of a raster.

        raster_id : Raster id."""

    def rasters_preview(
        self,
        file: FileLike,
        *,
        id: str,
        kind: str,
        title: str,
        title_en: str | None = ...,
        source: str,
        status: str = ...,
        licence: str = ...,
        data_date: datetime.date | None = ...,
        unit: str | None = ...,
        classes: str | None = ...,
        crs: str | None = ...,
        nodata: float | None = ...,
        band: typing.Optional[int] = ...,
        accept: bool = ...,
    ) -> api.notebook.results.Result[maps.data.raster_answers.RasterPreview]:
        """Show what of a raster would come in.

        file : File.
        id : Id.
        kind : Kind.
        title : Title.
        title_en : English title.
        source : Where it comes from.
        status : Status, such as official.
        licence : Licence.
        data_date : Date of the data.
        unit : Unit of the values.
        classes : Dictionary of classes.
        crs : CRS of the coordinates.
        nodata : Value of no data.
        band : Band.
        accept : What is asked about is right."""

    def rasters_import(
        self,
        file: FileLike,
        *,
        id: str,
        kind: str,
        title: str,
        title_en: str | None = ...,
        source: str,
        status: str = ...,
        licence: str = ...,
        data_date: datetime.date | None = ...,
        unit: str | None = ...,
        classes: str | None = ...,
        crs: str | None = ...,
        nodata: float | None = ...,
        band: typing.Optional[int] = ...,
        accept: bool = ...,
    ) -> api.notebook.results.Result[maps.data.raster_answers.RasterImport]:
        """Import a raster as a new version.

        file : File.
        id : Id.
        kind : Kind.
        title : Title.
        title_en : English title.
        source : Where it comes from.
        status : Status, such as official.
        licence : Licence.
        data_date : Date of the data.
        unit : Unit of the values.
        classes : Dictionary of classes.
        crs : CRS of the coordinates.
        nodata : Value of no data.
        band : Band.
        accept : What is asked about is right."""

    def rasters_export(
        self, raster_id: str, *, version: int | None = ..., form: str = ...
    ) -> api.notebook.results.ResultFile:
        """Export a raster as a cloud-optimised GeoTIFF.

        raster_id : Raster id.
        version : Version; the current one without.
        form : Kind of file."""

    def rasters_recipes(self) -> api.notebook.results.Result[maps.data.raster_answers.RecipeList]:
        """List open rasters that can be fetched."""

    def rasters_fetch(
        self, recipe_id: str, *, bbox: str
    ) -> api.notebook.results.Result[maps.data.raster_answers.RasterImport]:
        """Fetch a window of an open raster; goes on after a break.

        recipe_id : Recipe id.
        bbox : west,south,east,north in degrees."""

    def layers_withdraw(
        self, layer_id: str, version: int, *, name: str, reason: str
    ) -> api.notebook.results.Result[maps.data.withdrawal_answers.VersionStanding]:
        """Withdraw a version of a layer, by name and with a reason; it is kept, and what rests on it is listed.

        layer_id : Layer id.
        version : Its number.
        name : Who says so.
        reason : Reason."""

    def layers_restore(
        self, layer_id: str, version: int, *, name: str, reason: str
    ) -> api.notebook.results.Result[maps.data.withdrawal_answers.VersionStanding]:
        """Restore a version of a layer that was withdrawn, by name and with a reason.

        layer_id : Layer id.
        version : Its number.
        name : Who says so.
        reason : Reason."""

    def rasters_withdraw(
        self, raster_id: str, version: int, *, name: str, reason: str
    ) -> api.notebook.results.Result[maps.data.withdrawal_answers.VersionStanding]:
        """Withdraw a version of a raster, by name and with a reason; it is kept, and what rests on it is listed.

        raster_id : Raster id.
        version : Its number.
        name : Who says so.
        reason : Reason."""

    def rasters_restore(
        self, raster_id: str, version: int, *, name: str, reason: str
    ) -> api.notebook.results.Result[maps.data.withdrawal_answers.VersionStanding]:
        """Restore a version of a raster that was withdrawn, by name and with a reason.

        raster_id : Raster id.
        version : Its number.
        name : Who says so.
        reason : Reason."""

    def indicators(self) -> api.notebook.results.Result[maps.density.answers.IndicatorList]:
        """List indicators with their years and land."""

    def density(
        self, indicator: str, *, denominator: str, year: int, maker: typing.Optional[str] = ...
    ) -> api.notebook.results.Result[maps.density.answers.DensityTable]:
        """Land economic density.

        indicator : Indicator, see indicators.
        denominator : Which land to divide by.
        year : Year of the data.
        maker : Who makes it."""

    def density_years(
        self, indicator: str, *, denominator: str
    ) -> api.notebook.results.Result[maps.density.density_answers.DensityYears]:
        """The densities of all years of an indicator.

        indicator : Indicator, see indicators.
        denominator : Which land to divide by."""

    def unit(
        self, unit_id: str, *, maker: typing.Optional[str] = ...
    ) -> api.notebook.results.Result[maps.density.density_answers.UnitSheet]:
        """All that is known of a unit, on one page.

        unit_id : Planning unit.
        maker : Who makes it."""

    def density_compare(
        self,
        indicator: str,
        *,
        denominator: str,
        year: int,
        by: typing.Literal["district", "unit", "batch", "host"],
        maker: typing.Optional[str] = ...,
    ) -> api.notebook.results.Result[maps.density.linkage_answers.Comparison]:
        """Compare districts, linkage zones, batches or hosts, with bounds where land is uncertain.

        indicator : Indicator, see indicators.
        denominator : Which land to divide by.
        year : Year of the data.
        by : By district, unit (linkage zone), batch or host.
        maker : Who makes it."""

    def linkage(self) -> api.notebook.results.Result[maps.density.linkage_answers.LinkageList]:
        """List linkage zones, expansion areas and blocks, which no total counts."""

    def stats_missing(
        self, *, year: typing.Optional[int] = ..., unit_ids: tuple[str, ...] = ...
    ) -> api.notebook.results.Result[maps.density.linkage_answers.MissingFigures]:
        """List which figures are missing, and who has them.

        year : Year; the last one that is over if left out.
        unit_ids : Ids of planning units."""

    def plan(
        self, *, maker: typing.Optional[str] = ...
    ) -> api.notebook.results.Result[maps.density.statistics_answers.PlanMonitor]:
        """The plan's indicators and how they stand.

        maker : Who makes it."""

    def statement(
        self,
        *,
        year: int,
        quarter: int,
        unit_ids: tuple[str, ...] = ...,
        maker: typing.Optional[str] = ...,
    ) -> api.notebook.results.Result[maps.density.statement_answers.Statement]:
        """Statement of a quarter: targets, progress, judgement, texts, chart.

        year : Year.
        quarter : Quarter, 1 to 4: from January to its end.
        unit_ids : Ids of planning units.
        maker : Who makes it."""

    def resource_use(
        self,
        unit_id: str,
        *,
        year: int,
        carbon_t_per_tce: typing.Optional[float] = ...,
        factor_source: typing.Optional[str] = ...,
    ) -> api.notebook.results.Result[maps.density.statement_answers.ResourceUse]:
        """Energy, water, building land and carbon per gross product.

        unit_id : Planning unit.
        year : Year.
        carbon_t_per_tce : Factor in t of carbon dioxide per t of standard coal; without it no carbon.
        factor_source : Source of that factor."""

    def plan_final(
        self,
    ) -> api.notebook.results.Result[maps.density.statement_answers.FinalEvaluation]:
        """The plan's indicators at its end, and the base of the next plan."""

    def low_land(
        self,
        file: FileLike | None = ...,
        *,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        scheme: str,
        parcels: str | None = ...,
        geometry: bool = ...,
        nature: typing.Optional[typing.Literal["fact", "target", "estimate", "preliminary"]] = ...,
        accept: bool = ...,
        budget_wan: float,
        prices: tuple[str, ...] = ...,
        aim: typing.Literal["land", "money"] = ...,
    ) -> api.notebook.results.Result[maps.density.route_answers.LowLandPlan]:
        """Decide on low-yield land: the route of each parcel, land and money that a budget frees.

        file : Firms as a table or a layer.
        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        scheme : Scheme, see schemes.
        parcels : Layer of parcels; of their firms if no file is given.
        geometry : Geometry in the JSON.
        nature : What figures are of which only titles, names, notes or marks speak; told beside each.
        accept : What is asked about is right.
        budget_wan : Budget in 10k CNY.
        prices : ROUTE=cost a mu (10k CNY):share freed:money a freed mu (10k CNY); several, such as reserve=45:1:60.
        aim : Free as much land, or as much money."""

    def standard_land(
        self,
        file: FileLike,
        figures: FileLike,
        *,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        warn_months: int = ...,
        nature: typing.Optional[typing.Literal["fact", "target", "estimate", "preliminary"]] = ...,
        accept: bool = ...,
    ) -> api.notebook.results.Result[maps.density.route_answers.LandLedger]:
        """Promises of standard land against yearly figures, the calendar of terms, warnings.

        file : Table of promises.
        figures : Table of yearly figures.
        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        warn_months : How many months before its end a term is told.
        nature : What figures are of which only titles, names, notes or marks speak.
        accept : What is asked about is right."""

    def stats_template(
        self,
        name: str,
        *,
        year: typing.Optional[int] = ...,
        unit_ids: tuple[str, ...] = ...,
        form: str = ...,
    ) -> api.notebook.results.ResultFile:
        """An empty table to fill in.

        name : statistics, figures, zones or firms.
        year : Year of the missing figures; the last one that is over if left out.
        unit_ids : Ids of planning units.
        form : Kind of file."""

    def stats_list(self) -> api.notebook.results.Result[maps.density.statistics_answers.TableList]:
        """List the imported data sets."""

    def stats_history(
        self, dataset: str
    ) -> api.notebook.results.Result[maps.density.statistics_answers.TableList]:
        """List all versions of a data set.

        dataset : Data set id."""

    def stats_preview(
        self,
        file: FileLike,
        *,
        dataset: str,
        source: str,
        quality: str = ...,
        year: int | None = ...,
        layer: str | None = ...,
        encoding: str | None = ...,
        units_layer: str | None = ...,
        cny_per_usd: typing.Optional[float] = ...,
        rate_source: str | None = ...,
        ignore: tuple[str, ...] = ...,
        nature: typing.Optional[typing.Literal["fact", "target", "estimate", "preliminary"]] = ...,
        accept: bool = ...,
    ) -> api.notebook.results.Result[maps.density.statistics_answers.TablePreview]:
        """Show what an import would take in; store nothing.

        file : File.
        dataset : Data set id.
        source : Where it comes from.
        quality : Quality.
        year : Year, where the table has no column of years.
        layer : Layer or sheet inside the file.
        encoding : Text encoding.
        units_layer : Rows are features of this layer.
        cny_per_usd : Exchange rate.
        rate_source : Source of the rate.
        ignore : Columns to leave out.
        nature : What figures are of which only titles, names, notes or marks speak; kept beside each.
        accept : What is asked about is right."""

    def stats_import(
        self,
        file: FileLike,
        *,
        dataset: str,
        source: str,
        quality: str = ...,
        year: int | None = ...,
        layer: str | None = ...,
        encoding: str | None = ...,
        units_layer: str | None = ...,
        cny_per_usd: typing.Optional[float] = ...,
        rate_source: str | None = ...,
        ignore: tuple[str, ...] = ...,
        nature: typing.Optional[typing.Literal["fact", "target", "estimate", "preliminary"]] = ...,
        accept: bool = ...,
    ) -> api.notebook.results.Result[maps.density.statistics_answers.TableImport]:
        """Import a table, whole or not at all.

        file : File.
        dataset : Data set id.
        source : Where it comes from.
        quality : Quality.
        year : Year, where the table has no column of years.
        layer : Layer or sheet inside the file.
        encoding : Text encoding.
        units_layer : Rows are features of this layer.
        cny_per_usd : Exchange rate.
        rate_source : Source of the rate.
        ignore : Columns to leave out.
        nature : What figures are of which only titles, names, notes or marks speak; kept beside each.
        accept : What is asked about is right."""

    def stats_withdraw(
        self, dataset: str, version: int, *, name: str, reason: str
    ) -> api.notebook.results.Result[maps.data.withdrawal_answers.VersionStanding]:
        """Withdraw a version of a table, by name and with a reason; it is kept, and what rests on it is listed.

        dataset : Data set id.
        version : Its number.
        name : Who says so.
        reason : Reason."""

    def stats_restore(
        self, dataset: str, version: int, *, name: str, reason: str
    ) -> api.notebook.results.Result[maps.data.withdrawal_answers.VersionStanding]:
        """Restore a version of a table that was withdrawn, by name and with a reason.

        dataset : Data set id.
        version : Its number.
        name : Who says so.
        reason : Reason."""

    def intensity(
        self,
        file: FileLike,
        *,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        scheme: str = ...,
        nature: typing.Optional[typing.Literal["fact", "target", "estimate", "preliminary"]] = ...,
        accept: bool = ...,
    ) -> api.notebook.results.Result[maps.density.intensity_answers.IntensityReport]:
        """Evaluate the land use of development zones.

        file : File.
        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        scheme : Scheme of ideal values, see schemes; the national sample without one.
        nature : What figures are of which only titles, names, notes or marks speak; told beside each.
        accept : What is asked about is right."""

    def intensity_preview(
        self,
        file: FileLike,
        *,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        scheme: str = ...,
        nature: typing.Optional[typing.Literal["fact", "target", "estimate", "preliminary"]] = ...,
        accept: bool = ...,
    ) -> api.notebook.results.Result[maps.density.evaluated_answers.EvaluatedPreview]:
        """Show what is understood of a table of zones; compute nothing.

        file : File.
        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        scheme : Scheme of ideal values, see schemes; the national sample without one.
        nature : Nature of the project, see natures.
        accept : What is asked about is right."""

    def schemes(self) -> api.notebook.results.Result[maps.density.evaluation_answers.SchemeList]:
        """List the schemes by which firms and zones can be evaluated."""

    def scheme_sheet(self, scheme: str, *, form: str = ...) -> api.notebook.results.ResultFile:
        """Return a scheme as a file (YAML) to be filled in or changed.

        scheme : Id of the scheme, see schemes.
        form : Kind of file."""

    def permu(
        self,
        file: FileLike | None = ...,
        *,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        scheme: str,
        parcels: str | None = ...,
        geometry: bool = ...,
        nature: typing.Optional[typing.Literal["fact", "target", "estimate", "preliminary"]] = ...,
        accept: bool = ...,
    ) -> api.notebook.results.Result[maps.density.evaluation_answers.PermuReport]:
        """Score firms by the mu, find low-yield land.

        file : Firms as a table or a layer.
        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        scheme : Scheme, see schemes.
        parcels : Layer of parcels; of their firms if no file is given.
        geometry : Geometry in the JSON.
        nature : What figures are of which only titles, names, notes or marks speak; told beside each.
        accept : What is asked about is right."""

    def permu_preview(
        self,
        file: FileLike | None = ...,
        *,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        scheme: str,
        parcels: str | None = ...,
        geometry: bool = ...,
        nature: typing.Optional[typing.Literal["fact", "target", "estimate", "preliminary"]] = ...,
        accept: bool = ...,
    ) -> api.notebook.results.Result[maps.density.evaluated_answers.EvaluatedPreview]:
        """Show what is understood of a table of firms; score nothing.

        file : Firms as a table or a layer.
        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        scheme : Scheme, see schemes.
        parcels : Layer of parcels; of their firms if no file is given.
        geometry : Geometry in the JSON.
        nature : Nature of the project, see natures.
        accept : What is asked about is right."""

    def scenario(
        self,
        indicator: str,
        *,
        denominator: str,
        year: int,
        unit_id: str,
        cases: tuple[api.density.questions.CaseQuestion, ...],
    ) -> api.notebook.results.Result[maps.density.scenario_answers.ScenarioReport]:
        """Scenarios of expansion, side by side.

        indicator : Indicator, see indicators.
        denominator : Which land to divide by.
        year : Year of the data.
        unit_id : Planning unit.
        cases : Scenarios: name:added_km2[:density|plan[:year[:growth %]]]."""

    def downscale(
        self,
        indicator: str,
        *,
        year: int,
        units: tuple[str, ...] = ...,
        grid_m: typing.Optional[float] = ...,
        onto_layer: str | None = ...,
        weight_layer: str | None = ...,
        weight_raster: str | None = ...,
        raster: FileLike | None = ...,
        legend: str | None = ...,
        geometry: bool = ...,
    ) -> api.notebook.results.Result[maps.density.scenario_answers.DownscaleReport]:
        """Bring totals onto a grid or parcels (estimates).

        indicator : Indicator, see indicators.
        year : Year of the data.
        units : Only these units.
        grid_m : Side of cells in metres.
        onto_layer : Onto the features of this layer.
        weight_layer : Only where this layer is.
        weight_raster : Stored raster, or land_cover.
        raster : File with a raster of weights.
        legend : Legend of that raster.
        geometry : Geometry in the JSON."""

    def search(
        self,
        *,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        on: datetime.date | None = ...,
        constraint_set: str | None = ...,
        constraints: FileLike | None = ...,
        least_ha: float,
        most_ha: typing.Optional[float] = ...,
        width_m: float,
        compactness: float = ...,
        slope_deg: typing.Optional[float] = ...,
        grade: typing.Optional[int] = ...,
        district_km: typing.Optional[float] = ...,
        places: tuple[api.expansion.questions.Place, ...] = ...,
        place_km: typing.Optional[float] = ...,
        cell_m: typing.Optional[float] = ...,
        nature: str | None = ...,
        county: str | None = ...,
        area: FileLike | None = ...,
    ) -> api.notebook.results.Result[maps.expansion.answers.SearchReport]:
        """Search a county or an area for expansion sites.

        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        on : Judge by the rules and layers valid on this day; today in China if left out.
        constraint_set : Set of constraints on ground that ships: ordinary (default), soft, outside_boundary; none asks for none.
        constraints : Your own file of constraints on ground (YAML): hard, soft, listed, and prices.
        least_ha : Least area in ha.
        most_ha : Larger ground is cut, in ha.
        width_m : Least width in metres.
        compactness : Least compactness, 0 to 1.
        slope_deg : Steepest slope in degrees.
        grade : Worst grade of suitability; 1 is best.
        district_km : Farthest from a district, in km.
        places : name=lon,lat; repeatable.
        place_km : Farthest from a place, in km.
        cell_m : Side of the cells of slope in metres; used only where the area is too large for cells as fine as the heights.
        nature : Nature of the project, see natures.
        county : County, code or name.
        area : Or a file with an area."""

    def avoid(
        self,
        file: FileLike,
        *,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        on: datetime.date | None = ...,
        target_m2: float = ...,
        width_m: float = ...,
        reach_m: typing.Optional[float] = ...,
        nature: str | None = ...,
    ) -> api.notebook.results.Result[maps.expansion.answers.AvoidanceReport]:
        """Trim or shift sites clear of all hard lines.

        file : File.
        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        on : Judge by the rules and layers valid on this day; today in China if left out.
        target_m2 : Least area to keep in m2.
        width_m : Least width in metres.
        reach_m : Farthest shift in metres.
        nature : Nature of the project, see natures."""

    def rank(
        self,
        file: FileLike,
        *,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        on: datetime.date | None = ...,
        constraint_set: str | None = ...,
        constraints: FileLike | None = ...,
        criteria: str | None = ...,
        criteria_file: FileLike | None = ...,
        weights: tuple[api.expansion.questions.Weight, ...] = ...,
        places: tuple[api.expansion.questions.Place, ...] = ...,
        least_ha: float = ...,
        width_m: float = ...,
        nature: str | None = ...,
        indicator: str | None = ...,
        year: int | None = ...,
        denominator: str | None = ...,
        geometry: bool = ...,
    ) -> api.notebook.results.Result[maps.expansion.answers.RankingReport]:
        """Compare sites and say how firm the order is.

        file : File.
        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        on : Judge by the rules and layers valid on this day; today in China if left out.
        constraint_set : Set of constraints on ground that ships: ordinary (default), soft, outside_boundary; none asks for none.
        constraints : Your own file of constraints on ground (YAML): hard, soft, listed, and prices.
        criteria : Set of criteria.
        criteria_file : Your own file of criteria (YAML): any layer or raster can be one.
        weights : criterion=number; repeatable. Criteria that are not named keep their weight; 0 leaves one out.
        places : name=lon,lat; repeatable.
        least_ha : Least area in ha.
        width_m : Least width in metres.
        nature : Nature of the project, see natures.
        indicator : Indicator, see indicators.
        year : Year of the data.
        denominator : Which land to divide by.
        geometry : Geometry in the JSON."""

    def access(
        self,
        file: FileLike,
        *,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        kinds: tuple[str, ...] = ...,
        places: tuple[api.expansion.questions.Place, ...] = ...,
        minutes: tuple[float, ...] = ...,
        snap_m: typing.Optional[float] = ...,
        geometry: bool = ...,
    ) -> api.notebook.results.Result[maps.expansion.access_answers.AccessReport]:
        """Travel time and distance of sites on the roads, and isochrones.

        file : File.
        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        kinds : Kinds to be reached; port, airport, station, rail, substation and water_supply if none.
        places : Further places, name=lon,lat; repeatable.
        minutes : Times of the isochrones in minutes; 10,20,30 if none.
        snap_m : Farthest from a road to join it, in metres; 1500 if left out.
        geometry : Isochrones as geometry in the JSON."""

    def earthworks(
        self,
        file: FileLike,
        *,
        platforms: int = ...,
        cut_slope: typing.Optional[float] = ...,
        fill_slope: typing.Optional[float] = ...,
        dem_sd_m: typing.Optional[float] = ...,
        dem_length_m: typing.Optional[float] = ...,
        prices: tuple[api.expansion.questions.EarthPrice, ...] = ...,
        price_source: typing.Optional[str] = ...,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        swell: float,
        elevations_m: tuple[float, ...] = ...,
        raster: str | None = ...,
    ) -> api.notebook.results.Result[maps.expansion.earthworks_answers.EarthworksReport]:
        """Cut and fill of sites at platforms, with balance, slopes, error and cost.

        file : File.
        platforms : How many platforms; they divide the ground equally along its fall.
        cut_slope : Metres along for each metre of rise of cut slopes; upright if none.
        fill_slope : Metres along for each metre of rise of fill slopes; upright if none.
        dem_sd_m : Standard deviation of the error of heights in metres; bounds cannot be told without it.
        dem_length_m : Correlation length of these errors in metres; 5 pixels if none.
        prices : item=lowest:highest in CNY per cubic metre; cut, fill, spoil, borrow; repeatable.
        price_source : Where the prices are from.
        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        swell : Cubic metres of finished fill from one cubic metre of cut as it lies; needed.
        elevations_m : Elevation in metres, of all platforms or of each from the lowest; balanced if none.
        raster : Raster of heights."""

    def dossier(
        self,
        file: FileLike,
        *,
        platforms: int = ...,
        cut_slope: typing.Optional[float] = ...,
        fill_slope: typing.Optional[float] = ...,
        dem_sd_m: typing.Optional[float] = ...,
        dem_length_m: typing.Optional[float] = ...,
        prices: tuple[api.expansion.questions.EarthPrice, ...] = ...,
        price_source: typing.Optional[str] = ...,
        constraint_set: str | None = ...,
        constraints: FileLike | None = ...,
        criteria: str | None = ...,
        criteria_file: FileLike | None = ...,
        weights: tuple[api.expansion.questions.Weight, ...] = ...,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        alternatives: FileLike | None = ...,
        nature: str | None = ...,
        project: typing.Optional[str] = ...,
        maker: typing.Optional[str] = ...,
        template: str | None = ...,
        places: tuple[api.expansion.questions.Place, ...] = ...,
        indicator: str | None = ...,
        year: int | None = ...,
        denominator: str | None = ...,
        swell: typing.Optional[float] = ...,
        form: str = ...,
    ) -> api.notebook.results.ResultFile:
        """Dossier of a site: check, bounds, alternatives, ground, access, earthworks in one volume (docx, pdf, html, xlsx).

        file : File.
        platforms : How many platforms; they divide the ground equally along its fall.
        cut_slope : Metres along for each metre of rise of cut slopes; upright if none.
        fill_slope : Metres along for each metre of rise of fill slopes; upright if none.
        dem_sd_m : Standard deviation of the error of heights in metres; bounds cannot be told without it.
        dem_length_m : Correlation length of these errors in metres; 5 pixels if none.
        prices : Price of a cubic metre of earthworks in CNY, such as cut=12:18; repeated.
        price_source : Where the prices of earthworks are from.
        constraint_set : Set of constraints on ground that ships: ordinary (default), soft, outside_boundary; none asks for none.
        constraints : Your own file of constraints on ground (YAML): hard, soft, listed, and prices.
        criteria : Set of criteria.
        criteria_file : Your own file of criteria (YAML): any layer or raster can be one.
        weights : criterion=number; repeatable. Criteria that are not named keep their weight; 0 leaves one out.
        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        alternatives : File of the sites to compare with; without one, two of like size are searched for in the county.
        nature : Nature of the project, see natures.
        project : Name of the project, for the front page.
        maker : Who makes it.
        template : Name of an office's own Word template, from FTZGIS_TEMPLATES_DIR.
        places : name=lon,lat; repeatable.
        indicator : Indicator, see indicators.
        year : Year of the data.
        denominator : Which land to divide by.
        swell : Swell factor of earth; without it no earthworks are computed.
        form : Kind of file."""

    def terrain(
        self,
        file: FileLike | None = ...,
        *,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        of_layer: str | None = ...,
        raster: str | None = ...,
    ) -> api.notebook.results.Result[maps.expansion.ground_answers.TerrainReport]:
        """Heights, slopes and land cover of sites.

        file : File.
        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        of_layer : Polygons of a stored layer instead of a file.
        raster : Raster of heights."""

    def suitability(
        self,
        file: FileLike | None = ...,
        *,
        crs: str | None = ...,
        encoding: str | None = ...,
        layer: str | None = ...,
        datum: typing.Literal["true", "gcj02", "bd09"] = ...,
        swap_axes: bool = ...,
        length_unit: typing.Literal["m", "dm", "cm", "mm"] = ...,
        of_layer: str | None = ...,
        raster: str | None = ...,
    ) -> api.notebook.results.Result[maps.expansion.suitability_answers.SuitabilityReport]:
        """Suitability of sites for building.

        file : File.
        crs : CRS of the coordinates.
        encoding : Text encoding.
        layer : Layer or sheet inside the file.
        datum : Shift of the coordinates: true, gcj02, bd09.
        swap_axes : Coordinates are lat, lon.
        length_unit : Unit that plane coordinates count in; drawings are made in millimetres, too.
        of_layer : Polygons of a stored layer instead of a file.
        raster : Raster of heights."""

    def suitability_map(
        self, raster: str, *, rule: str = ..., folder: str | pathlib.Path
    ) -> api.notebook.results.Result[maps.expansion.suitability_answers.SuitabilityMap]:
        """A map of suitability over a raster of heights.

        raster : Raster of heights.
        rule : Rule set.
        folder : Output folder."""

    def people_list(self) -> api.notebook.results.Result[maps.workbench.people_answers.PersonList]:
        """List all accounts."""

    def people_add(
        self,
        id: str,
        *,
        title: typing.Optional[str] = ...,
        roles: tuple[layers.people.model.Role, ...],
        clearance: layers.model.Sensitivity = ...,
    ) -> api.notebook.results.Result[maps.workbench.people_answers.PersonOut]:
        """Let somebody in; the password is told once.

        id : Name to sign in with.
        title : Name that stands under what the person decides.
        roles : What the person, or the key, may do; may be repeated.
        clearance : How sensitive layers the person may see."""

    def people_change(
        self,
        person_id: str,
        *,
        title: typing.Optional[str] = ...,
        roles: typing.Optional[tuple[layers.people.model.Role, ...]] = ...,
        clearance: layers.model.Sensitivity | None = ...,
        disabled: bool | None = ...,
    ) -> api.notebook.results.Result[maps.workbench.people_answers.PersonOut]:
        """Change roles, clearance or name of an account, or shut it.

        person_id : Name of the account.
        title : Name that stands under what the person decides.
        roles : What the person, or the key, may do; may be repeated.
        clearance : How sensitive layers the person may see.
        disabled : Whether the account is shut."""

    def people_password(
        self, person_id: str
    ) -> api.notebook.results.Result[maps.workbench.people_answers.PersonOut]:
        """Give somebody a new password, told once.

        person_id : Name of the account."""

    def people_sign_out(
        self, person_id: str
    ) -> api.notebook.results.Result[maps.workbench.people_answers.SignedOut]:
        """Sign somebody out in every browser.

        person_id : Name of the account."""

    def keys_list(self) -> api.notebook.results.Result[maps.workbench.people_answers.KeyList]:
        """List keys of programs."""

    def keys_add(
        self,
        label: str,
        *,
        roles: tuple[layers.people.model.Role, ...],
        days: int,
        person: str | None = ...,
    ) -> api.notebook.results.Result[maps.workbench.people_answers.KeyOut]:
        """Make a key for a program; it is told once, and ends by itself.

        label : What the key is for.
        roles : What the person, or the key, may do; may be repeated.
        days : After how many days it ends.
        person : Whose key it is."""

    def keys_revoke(
        self, key_id: str
    ) -> api.notebook.results.Result[maps.workbench.people_answers.KeyOut]:
        """End a key.

        key_id : Id of the key."""

    def audit(
        self,
        *,
        person: str | None = ...,
        text: typing.Optional[str] = ...,
        since: pydantic.types.AwareDatetime | None = ...,
        until: pydantic.types.AwareDatetime | None = ...,
        limit: int = ...,
    ) -> api.notebook.results.Result[maps.workbench.people_answers.AuditList]:
        """Search the audit trail: who did what, when, from where, with which result.

        person : Entries of this person alone.
        text : Entries with this text alone.
        since : From this time on (with zone, as 2026-11-30T08:00:00+08:00).
        until : Before this time.
        limit : At most so many, the newest."""

    def projects_list(
        self,
    ) -> api.notebook.results.Result[maps.workbench.projects_answers.ProjectList]:
        """List all projects."""

    def projects_create(
        self,
        title: typing.Optional[str] = ...,
        *,
        file: FileLike | None = ...,
        content: dict[str, typing.Any] | None = ...,
    ) -> api.notebook.results.Result[maps.workbench.projects_answers.ProjectOut]:
        """Begin a project.

        title : Title.
        file : File.
        content : What the project keeps (over HTTP values, at a terminal a JSON file)."""

    def projects_show(
        self, project_id: str, *, version: typing.Optional[int] = ...
    ) -> api.notebook.results.Result[maps.workbench.projects_answers.ProjectOut]:
        """Show a project, as it is or was.

        project_id : Id of the project.
        version : Version; the current one without."""

    def projects_history(
        self, project_id: str
    ) -> api.notebook.results.Result[maps.workbench.projects_answers.ProjectHistory]:
        """List the versions of a project.

        project_id : Id of the project."""

    def projects_tasks(
        self, project_id: str
    ) -> api.notebook.results.Result[maps.workbench.tasks_answers.TaskList]:
        """List the tasks that a project keeps.

        project_id : Id of the project."""

    def projects_save(
        self,
        project_id: str,
        *,
        base: int,
        file: FileLike | None = ...,
        content: dict[str, typing.Any] | None = ...,
    ) -> api.notebook.results.Result[maps.workbench.projects_answers.ProjectSaved]:
        """Store a change of a project as a new version.

        project_id : Id of the project.
        base : Number of the version that was changed.
        file : File.
        content : What the project keeps (over HTTP values, at a terminal a JSON file)."""

    def projects_undo(
        self, project_id: str, *, base: int
    ) -> api.notebook.results.Result[maps.workbench.projects_answers.ProjectOut]:
        """Undo the last change of a project.

        project_id : Id of the project.
        base : Number of the version that was changed."""

    def projects_redo(
        self, project_id: str, *, base: int
    ) -> api.notebook.results.Result[maps.workbench.projects_answers.ProjectOut]:
        """Show again what was undone last.

        project_id : Id of the project.
        base : Number of the version that was changed."""

    def projects_revert(
        self, project_id: str, version: int, *, base: int
    ) -> api.notebook.results.Result[maps.workbench.projects_answers.ProjectOut]:
        """Show again an older version of a project.

        project_id : Id of the project.
        version : Version; the current one without.
        base : Number of the version that was changed."""

    def projects_duplicate(
        self,
        project_id: str,
        *,
        version: typing.Optional[int] = ...,
        title: typing.Optional[str] = ...,
    ) -> api.notebook.results.Result[maps.workbench.projects_answers.ProjectOut]:
        """Make a project of its own of another one.

        project_id : Id of the project.
        version : Version; the current one without.
        title : Title."""

    def projects_export(
        self, project_id: str, *, version: typing.Optional[int] = ..., form: str = ...
    ) -> api.notebook.results.ResultFile:
        """Write a project to one file (.ftzproject).

        project_id : Id of the project.
        version : Version; the current one without.
        form : Kind of file."""

    def projects_open(
        self, file: FileLike
    ) -> api.notebook.results.Result[maps.workbench.projects_answers.ProjectOut]:
        """Take in the file of a project.

        file : File."""

    def projects_withdraw(
        self, project_id: str, *, name: str, reason: str
    ) -> api.notebook.results.Result[maps.data.withdrawal_answers.VersionStanding]:
        """Withdraw a project, by name and with a reason; it is kept.

        project_id : Id of the project.
        name : Who says so.
        reason : Reason."""

    def projects_restore(
        self, project_id: str, *, name: str, reason: str
    ) -> api.notebook.results.Result[maps.data.withdrawal_answers.VersionStanding]:
        """Restore a project that was withdrawn.

        project_id : Id of the project.
        name : Who says so.
        reason : Reason."""

    def publications_list(
        self,
    ) -> api.notebook.results.Result[maps.publish.answers.PublicationList]:
        """List publications with their past versions."""

    def publications_export(
        self, site: pathlib.Path
    ) -> api.notebook.results.Result[maps.publish.answers.SiteExport]:
        """Write all maps that are shown as files for any web server.

        site : The folder for the maps."""

    def publications_themes(self) -> api.notebook.results.Result[maps.publish.answers.ThemeList]:
        """List themes, and what the gate asks of layers."""

    def publications_plan(self, theme: str, *, form: str = ...) -> api.notebook.results.ResultFile:
        """Write the plan of a theme, to be filled in.

        theme : Theme of the map.
        form : Kind of file."""

    def publish(
        self,
        file: FileLike | None = ...,
        *,
        plan: dict[str, typing.Any] | None = ...,
        release: bool = ...,
        due_at: datetime.datetime | None = ...,
        folder: str | pathlib.Path,
    ) -> api.notebook.results.Result[maps.publish.answers.Bundle]:
        """Pass a map through the gate, for a preview or at once.

        file : Plan as YAML.
        plan : The plan itself.
        release : Show it at once; without, it is built for a preview.
        due_at : When to show it, such as 2026-12-01T08:00; without a zone as in China.
        folder : Output folder."""

    def publications_release(
        self, publication_id: str, sha256: str, *, due_at: datetime.datetime | None = ...
    ) -> api.notebook.results.Result[maps.publish.answers.PublicationOut]:
        """Show a staged bundle, or an earlier one again.

        publication_id : Id of the publication.
        sha256 : Digest of the bundle.
        due_at : When to show it, such as 2026-12-01T08:00; without a zone as in China."""

    def publications_orders(self) -> api.notebook.results.Result[maps.publish.answers.OrderList]:
        """List releases that wait, and what came of others."""

    def publications_confirm(
        self, publication_id: str, sha256: str
    ) -> api.notebook.results.Result[maps.publish.answers.OrderOut]:
        """Confirm a release that another person asked for; by who is signed in.

        publication_id : Id of the publication.
        sha256 : Digest of the bundle."""

    def publications_drop(
        self, publication_id: str, sha256: str
    ) -> api.notebook.results.Result[maps.publish.answers.OrderOut]:
        """Take back a release that waits.

        publication_id : Id of the publication.
        sha256 : Digest of the bundle."""

    def publications_due(self) -> api.notebook.results.Result[maps.publish.answers.OrderList]:
        """Show all maps whose time has come; a server does so every minute."""

    def publications_views(
        self, *, days: int = ...
    ) -> api.notebook.results.Result[maps.publish.answers.ViewList]:
        """Views of published maps by day and language, where they are counted.

        days : Days until today."""

    def publications_keep(
        self, name: str, file: FileLike | None = ..., *, plan: dict[str, typing.Any] | None = ...
    ) -> api.notebook.results.Result[maps.publish.answers.ThemeList]:
        """Keep a plan as a template for later plans.

        name : Name of the template: small letters, digits, - and _.
        file : The plan (YAML).
        plan : The plan as values."""

    def publications_withdraw(
        self, publication_id: str, version: str | None = ..., *, name: str, reason: str
    ) -> api.notebook.results.Result[maps.data.withdrawal_answers.VersionStanding]:
        """Withdraw a version of a map, or without one all of it, by name and with a reason.

        publication_id : Id of the publication.
        version : Its digest; all versions without one.
        name : Who says so.
        reason : Reason."""

    def publications_restore(
        self, publication_id: str, version: str | None = ..., *, name: str, reason: str
    ) -> api.notebook.results.Result[maps.data.withdrawal_answers.VersionStanding]:
        """Restore what was withdrawn of a map, by name and with a reason.

        publication_id : Id of the publication.
        version : Its digest; all versions without one.
        name : Who says so.
        reason : Reason."""

    def replacement_make(
        self, layer_id: str, *, folder: str | pathlib.Path
    ) -> api.notebook.results.Result[maps.publish.replacement_answers.ReplacementWritten]:
        """Make again all that rests on what an official layer replaces, and list before and after.

        layer_id : Layer id.
        folder : Output folder."""

    def replacement_verify(
        self, file: FileLike, *, digest: typing.Optional[str] = ...
    ) -> api.notebook.results.Result[maps.publish.replacement_answers.ReplacementVerification]:
        """Tell whether the list of a replacement is true.

        file : The bundle replacement.zip.
        digest : Digest of the bundle that was handed over with it."""

    def find(self, q: str) -> api.notebook.results.Result[maps.workbench.answers.PlaceList]:
        """Find a place by name or coordinates.

        q : A name or coordinates."""

    def identify(
        self,
        lon: float,
        lat: float,
        *,
        tolerance_m: float = ...,
        layers: typing.Optional[tuple[str, ...]] = ...,
    ) -> api.notebook.results.Result[maps.workbench.answers.Identified]:
        """Say what stands at a position.

        lon : Longitude in degrees.
        lat : Latitude in degrees.
        tolerance_m : Reach to lines and points in metres.
        layers : Layer ids."""

    def measure(
        self, points: tuple[tuple[float, float], ...], *, closed: bool = ...
    ) -> api.notebook.results.Result[maps.workbench.answers.Measured]:
        """Measure lengths and area on the ellipsoid.

        points : lon,lat of each point.
        closed : Close to a ring."""

    def figure(
        self,
        *,
        layers: tuple[str, ...] = ...,
        bounds_lonlat: typing.Optional[tuple[float, float, float, float]] = ...,
        check_id: str | None = ...,
        title: str | None = ...,
        paper: typing.Literal["A4", "A3"] = ...,
        upright: bool = ...,
        maker: str | None = ...,
        review_number: str | None = ...,
        form: str = ...,
    ) -> api.notebook.results.ResultFile:
        """Draw a map for print.

        layers : Layer ids.
        bounds_lonlat : West,south,east,north in lon/lat.
        check_id : Sites of a past check too.
        title : Title of the map.
        paper : Paper.
        upright : Portrait.
        maker : Who makes it.
        review_number : Map review number.
        form : Kind of file."""

    def map(self, *, form: str = ...) -> api.notebook.results.ResultFile:
        """Write one self-contained offline map.

        form : Kind of file."""

    def basemaps(self) -> api.notebook.results.Result[maps.workbench.basemaps_answers.BasemapList]:
        """List the configured base maps."""

    def doctor(
        self, *, rebuild: bool = ...
    ) -> api.notebook.results.Result[maps.data.health_answers.Health]:
        """Check the installation and the stored data.

        rebuild : Rebuild lost catalogue rows first."""

    def purge(
        self,
        *,
        days: int,
        what: tuple[typing.Literal["checks", "uploads", "evidence", "projects"], ...] = ...,
        sure: bool = ...,
    ) -> api.notebook.results.Result[maps.data.purge_answers.Purge]:
        """List checks, uploads and files of tasks that are older than so many days, and remove them.

        days : How many days are kept.
        what : checks, uploads, evidence, projects; several.
        sure : Remove; without it only list."""

    def backup(
        self, archive: pathlib.Path
    ) -> api.notebook.results.Result[maps.data.backup_answers.BackupOut]:
        """Write the whole data folder into one file, while others go on working.

        archive : The file to write."""

    def restore(
        self, archive: pathlib.Path, into: pathlib.Path
    ) -> api.notebook.results.Result[maps.data.backup_answers.BackupOut]:
        """Unpack a backup into a new folder; every file is compared.

        archive : The backup.
        into : A new folder, for FTZGIS_DATA_DIR."""

    def zone_check(
        self, zone_folder: pathlib.Path
    ) -> api.notebook.results.Result[maps.data.zone_answers.ZoneCheck]:
        """List all that is wrong with a zone's folder, or say what the zone is.

        zone_folder : The zone's folder."""

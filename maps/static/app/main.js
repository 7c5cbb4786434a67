/* The page begins here: the map and what the page was told are filled in, then every part begins. */

import * as audit from "./check/audit.js";
import * as batch from "./check/batch.js";
import * as siteCheck from "./check/check.js";
import * as claim from "./check/claim.js";
import * as pastChecks from "./check/history.js";
import * as stale from "./check/stale.js";
import { fillPage } from "./core/page.js";
import * as theme from "./core/theme.js";
import { relabel } from "./core/words.js";
import * as convert from "./data/convert.js";
import * as importDialog from "./data/import_dialog.js";
import * as layerVersions from "./data/versions.js";
import * as choropleth from "./density/choropleth.js";
import * as intensity from "./density/intensity.js";
import * as linkage from "./density/linkage.js";
import * as lowLand from "./density/low_land.js";
import * as permu from "./density/permu.js";
import * as planMonitor from "./density/plan.js";
import * as scenario from "./density/scenario.js";
import * as quarter from "./density/quarter.js";
import * as statistics from "./density/statistics.js";
import * as views from "./density/views.js";
import * as access from "./expansion/access.js";
import * as avoid from "./expansion/avoid.js";
import * as dossier from "./expansion/dossier.js";
import * as earthworks from "./expansion/earthworks.js";
import * as siteEconomics from "./expansion/economics.js";
import * as expand from "./expansion/expand.js";
import * as groundMaps from "./expansion/ground_maps.js";
import * as ranking from "./expansion/ranking.js";
import * as siteSearch from "./expansion/sites.js";
import * as suitability from "./expansion/suitability.js";
import * as basemaps from "./map/basemaps.js";
import * as identify from "./map/identify.js";
import * as layerList from "./map/layer_list.js";
import * as measure from "./map/measure.js";
import * as rasterList from "./map/rasters.js";
import * as sheet from "./map/sheet.js";
import * as sketch from "./map/sketch.js";
import * as snap from "./map/snap.js";
import * as swipe from "./map/swipe.js";
import * as mapTools from "./map/tools.js";
import * as publish from "./publish/publish.js";
import * as replacement from "./publish/replacement.js";
import * as drop from "./workbench/drop.js";
import * as frame from "./workbench/frame.js";
import * as keep from "./workbench/keep.js";
import * as projects from "./workbench/projects.js";
import * as search from "./workbench/search.js";
import * as taskList from "./workbench/tasks.js";

/* The order matters where a part adds buttons, or listens to one before it. */
const PARTS = [
  theme,
  frame,
  mapTools,
  layerList,
  basemaps,
  sketch,
  snap,
  measure,
  identify,
  layerVersions,
  search,
  sheet,
  choropleth,
  planMonitor,
  statistics,
  intensity,
  linkage,
  quarter,
  lowLand,
  permu,
  scenario,
  views,
  importDialog,
  siteCheck,
  drop,
  convert,
  batch,
  stale,
  replacement,
  claim,
  audit,
  rasterList,
  swipe,
  expand,
  siteSearch,
  ranking,
  siteEconomics,
  access,
  earthworks,
  dossier,
  avoid,
  groundMaps,
  suitability,
  publish,
  pastChecks,
  taskList,
  keep,
  projects,
];

/**
 * @param {L.Map} map
 * @param {App.Config} config
 */
export async function start(map, config) {
  fillPage(map, config);
  /* A project says what the address remembers, before the parts read it. */
  if (!config.embedded && new URLSearchParams(location.search).has("project")) await projects.load();
  relabel(new URLSearchParams(location.hash.slice(1)).get("lang"));
  PARTS.forEach((part) => part.begin());
}

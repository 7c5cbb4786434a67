/* Layers of many features as vector tiles; a click asks the server what stands there. */

import { setChildren } from "../core/elements.js";
import { ask, fromPage, runTask } from "../core/server.js";
import { formatNumber, ui } from "../core/words.js";
import * as layerLooks from "./layer_looks.js";
import * as patterns from "./patterns.js";

export const MOST_FEATURES = 5000;

/** @param {App.Layer} entry */
export async function loadTiles(entry) {
  const address = `api/v1/layers/${encodeURIComponent(entry.id)}/tiles`;
  entry.tiles = /** @type {Answers.TileSet} */ (await ask(address));
  if (!entry.tiles.ready) {
    setChildren(entry.state, ui("tiles_making"));
    await runTask(address, {}, entry.state);
    entry.tiles = await ask(address);
  }
  entry.state.textContent = ui("tiled", { count: formatNumber(entry.feature_count, 0) });
  return drawTiles(entry);
}

/** @param {App.Layer} entry */
export function drawTiles(entry) {
  const { url, max_zoom, name } = /** @type {Answers.TileSet} */ (entry.tiles),
    symbolizer = symbolizerOf(entry.kind);
  return protomapsL.leafletLayer({
    url: fromPage(url),
    maxDataZoom: max_zoom,
    paintRules: [{ dataLayer: name, symbolizer }],
    labelRules: [],
    pane: layerLooks.paneOf(entry),
    attribution: "",
    noWrap: true,
    pmIgnore: true,
  });
}

/**
 * The look of a kind as shapes have it: fill or pattern, line, dashes.
 * @param {string} kind
 */
function symbolizerOf(kind) {
  const look = layerLooks.pathOptions(kind),
    pattern = patterns.patternOf(kind);
  const dashes = look.dashArray ? look.dashArray.split(" ").map(Number) : [];
  const path = (/** @type {CanvasRenderingContext2D} */ pen, /** @type {L.Point[][]} */ rings) => {
    pen.beginPath();
    rings.forEach((/** @type {L.Point[]} */ ring) =>
      ring.forEach((/** @type {L.Point} */ point, /** @type {number} */ at) =>
        at ? pen.lineTo(point.x, point.y) : pen.moveTo(point.x, point.y),
      ),
    );
  };
  return {
    before(/** @type {CanvasRenderingContext2D} */ pen) {
      pen.fillStyle = (pattern ? pen.createPattern(pattern, "repeat") : look.fillColor) || "";
      pen.strokeStyle = look.color;
    },
    draw(
      /** @type {CanvasRenderingContext2D} */ pen,
      /** @type {L.Point[][]} */ rings,
      /** @type {number} */ zoom,
      /** @type {{ geomType: number }} */ feature,
    ) {
      /* 1 point, 2 line, 3 polygon, as the tiles have it. */
      if (feature.geomType === 1) {
        pen.beginPath();
        rings.forEach(([point]) => {
          pen.moveTo(point.x + 3, point.y);
          pen.arc(point.x, point.y, 3, 0, 7);
        });
      } else path(pen, rings);
      if (feature.geomType !== 2 && look.fill) {
        pen.globalAlpha = look.fillOpacity;
        pen.fill("evenodd");
      }
      pen.globalAlpha = 1;
      pen.lineWidth = zoom < 12 ? look.weight / 2 : look.weight;
      pen.setLineDash(dashes);
      pen.stroke();
      pen.setLineDash([]);
    },
  };
}

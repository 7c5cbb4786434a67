/* Drawing snaps to large layers too: their corners in view are fetched, and laid out unseen. */

import { announce, findById } from "../core/elements.js";
import { page } from "../core/page.js";
import { ask } from "../core/server.js";
import { named, ui } from "../core/words.js";
import * as layerLooks from "./layer_looks.js";
import * as drawnLayers from "./layers.js";
import * as mapMode from "./mode.js";

/** @type {{ group: L.LayerGroup | null, turn: number, advised: boolean }} */
const state = { group: null, turn: 0, advised: false };
const LEAST_ZOOM = 13;
const MOST_FEATURES = 300;

const isDrawing = () => ["draw", "hole", "edit"].includes(mapMode.state.name || "");
/* Layers of few features are shapes already, which snap by themselves. */
const layersToSnap = () =>
  [...drawnLayers.state.entries.values()].filter(
    (entry) =>
      entry.on &&
      entry.feature_count > drawnLayers.MOST_SHAPES &&
      entry.geometry_type !== "Point" &&
      layerLooks.styleOf(entry.kind).group !== "ground",
  );

function clearCorners() {
  state.turn += 1;
  if (state.group) state.group.remove();
  state.group = null;
}
/** @param {App.Layer} entry */
function fetchCorners(entry) {
  const bounds = page.map.getBounds();
  const query = new URLSearchParams({
    bbox: [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()].join(),
    limit: String(MOST_FEATURES),
  });
  return ask(`api/v1/layers/${encodeURIComponent(entry.id)}/features?${query}`).then(
    (/** @type {App.Collection} */ found) => ({ entry, found }),
    () => null,
  );
}
/* Once for each drawing, not at every move of the map. */
function adviseZoom() {
  if (!state.advised) announce(ui("snap_zoom"));
  state.advised = true;
}
async function refreshCorners() {
  clearCorners();
  const wanted = isDrawing() ? layersToSnap() : [];
  if (!wanted.length) return;
  if (page.map.getZoom() < LEAST_ZOOM) {
    adviseZoom();
    return;
  }
  const turn = state.turn,
    answers = (await Promise.all(wanted.map(fetchCorners))).flatMap((one) => one || []);
  if (turn !== state.turn || !isDrawing()) return;
  const unseen = { opacity: 0, fill: false, stroke: false, interactive: false, snapIgnore: false, pane: "draw" };
  state.group = L.layerGroup(
    answers.map(({ found }) => L.geoJSON(found, { style: () => unseen, interactive: false, pmIgnore: true })),
    { pmIgnore: true },
  ).addTo(page.map);
  const cut = answers
    .filter(({ found }) => found.layer.matched > found.layer.returned)
    .map(({ entry }) => named(entry.title));
  if (cut.length) announce(ui("snap_cut", { names: cut }));
}

export function begin() {
  if (page.config.embedded || !findById("draw")) return;
  mapMode.state.listeners.push(() => {
    state.advised = false;
    refreshCorners();
  });
  page.map.on("moveend", () => {
    if (isDrawing()) refreshCorners();
  });
}

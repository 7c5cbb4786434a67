/* The legend on the map: of what shows now, and no more. */

import { badge, byId, el, setChildren } from "../core/elements.js";
import { hashState, remember, writeHash } from "../core/hash_state.js";
import { named, ui } from "../core/words.js";
import * as layerLooks from "./layer_looks.js";
import * as drawnLayers from "./layers.js";
import * as legendRows from "./legend_rows.js";
import * as mapTools from "./tools.js";

const state = { on: false };

export const shownLayers = () =>
  drawnLayers.state.order
    .map(drawnLayers.layerOf)
    .filter((entry) => entry.on && entry.drawn && !drawnLayers.isFar(entry));
export const makeList = () =>
  el(
    "ul",
    {},
    shownLayers().map((entry) =>
      el(
        "li",
        {},
        layerLooks.makeSwatch(entry.kind, entry.geometry_type),
        el("span", {}, named(entry.title)),
        entry.status === "official" || entry.status === "reference" ? null : badge("statuses", entry.status),
      ),
    ),
    legendRows.all(),
  );

function showLegend() {
  const place = byId("map-legend");
  place.hidden = !state.on;
  if (!state.on) return;
  setChildren(
    place,
    el("strong", {}, ui("legend")),
    shownLayers().length || legendRows.all().flat().length
      ? makeList()
      : el("p", { class: "quiet" }, ui("legend_none")),
  );
}
function toggleLegend() {
  state.on = !state.on;
  byId("tool-legend").setAttribute("aria-pressed", String(state.on));
  showLegend();
  writeHash();
}

/** @param {App.Tool[]} more */
export function beginWith(more) {
  mapTools.addGroup([
    { name: "legend", icon: "legend", word: "legend", key: "l", act: toggleLegend, toggles: true },
    ...more,
  ]);
  drawnLayers.state.listeners.push(showLegend);
  legendRows.listeners.push(showLegend);
  remember("legend", () => (state.on ? "1" : ""));
  if (hashState.given.get("legend")) toggleLegend();
}

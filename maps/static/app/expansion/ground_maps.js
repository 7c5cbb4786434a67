/* Rasters seen from the tab: one on each side of the divider, faded, with their keys. */

import { byId, el, fillOptions, findById, selectById, setChildren } from "../core/elements.js";
import { page } from "../core/page.js";
import { named, ui } from "../core/words.js";
import * as expand from "./expand.js";
import * as rasterRows from "../map/raster_rows.js";
import * as rasterList from "../map/rasters.js";
import * as swipe from "../map/swipe.js";

/** @typedef {"left" | "right"} Side */

/** @type {{ opened: Set<string> }} */
const state = { opened: new Set() };
/** @param {string} side */
const sideSelect = (side) => selectById(`swipe-${side}`);

/* The choices are the rasters that there are; what was chosen elsewhere shows here too. */
function fillSides() {
  const rows = [...rasterRows.state.rows.values()];
  Object.entries(swipe.state.sides).forEach(([side, key]) => {
    const row = rasterRows.state.rows.get(key || "");
    fillOptions(
      sideSelect(side),
      [["", ui("swipe_base")], ...rows.map((one) => [one.key, named(one.title)])],
      row && row.on ? key : "",
    );
  });
  showSides();
}
const showSides = () =>
  setChildren(
    byId("swipe-sides"),
    Object.keys(swipe.state.sides).map((side) => {
      const row = rasterRows.state.rows.get(sideSelect(side).value);
      if (!row) return null;
      /** @type {HTMLInputElement} */
      const slider = el("input", {
        type: "range",
        min: 0,
        max: 1,
        step: 0.05,
        value: row.opacity,
        "aria-label": `${ui("raster_opacity")}: ${named(row.title)}`,
        oninput: () => rasterList.fadeRow(row, Number(slider.value)),
      });
      return el(
        "div",
        { class: "raster-side" },
        el("h3", {}, ui(side === "left" ? "swipe_on_left" : "swipe_on_right", { title: named(row.title) })),
        el("label", {}, ui("raster_opacity"), slider),
        rasterList.makeLegend(row),
        row.kind === "suitability" ? el("p", { class: "quiet" }, ui("suit_form_raster")) : null,
      );
    }),
  );

/**
 * What this part has put on the map leaves it again; what a person ticked in the list stays.
 * @param {Side} side
 * @param {string} key
 */
export function chooseRaster(side, key) {
  const before = rasterRows.state.rows.get(swipe.state.sides[side] || ""),
    row = rasterRows.state.rows.get(key);
  if (before) {
    swipe.setSide(before, "");
    before.side.value = "";
    if (state.opened.delete(before.key)) rasterList.closeRow(before.key);
  }
  if (row) {
    if (!row.on) state.opened.add(key);
    rasterList.openRow(key);
    swipe.setSide(row, side);
    row.side.value = side;
    bringIntoView(row);
  }
  fillSides();
}
/**
 * A raster beyond the view would be a choice without an effect.
 * @param {App.RasterRow} row
 */
function bringIntoView(row) {
  const bounds = row.pieces.map(({ raster }) => {
    const [west, south, east, north] = raster.bounds_lonlat;
    return L.latLngBounds([
      [south, west],
      [north, east],
    ]);
  });
  if (!bounds.some((one) => page.map.getBounds().intersects(one))) page.map.fitBounds(bounds[0], { padding: [20, 20] });
}

export function begin() {
  if (!findById("swipe-left")) return;
  /** @type {Side[]} */ (["left", "right"]).forEach((side) =>
    sideSelect(side).addEventListener("change", () => chooseRaster(side, sideSelect(side).value)),
  );
  expand.state.opened.push(fillSides);
  rasterRows.state.listeners.push(fillSides);
  fillSides();
}

/* Two rasters beside one another: a divider shows one left of it and one right of it. */

import { el } from "../core/elements.js";
import { hashState, remember, writeHash } from "../core/hash_state.js";
import { page } from "../core/page.js";
import { named, ui } from "../core/words.js";
import * as rasterRows from "./raster_rows.js";

/** @typedef {"left" | "right"} Side */
/**
 * @typedef {object} Parts
 * @property {Record<Side, HTMLElement>} names
 * @property {HTMLElement} line
 * @property {HTMLInputElement} handle
 * @property {HTMLElement} frame
 */

/**
 * `at` is where the divider is, in percent of the map's width.
 * @type {{ sides: Record<Side, string | null>, at: number }}
 */
export const state = { sides: { left: null, right: null }, at: 50 };
/* Filled where the page has a divider at all. */
const parts = /** @type {Parts} */ ({});
const SIDES = /** @type {Side[]} */ (["left", "right"]);

/** @param {App.RasterRow} row */
const sideOf = (row) => SIDES.find((side) => state.sides[side] === row.key);
/** @param {string | null} key */
const rowOf = (key) => rasterRows.state.rows.get(key || "");

/**
 * `side` is left, right or empty; a side holds one raster.
 * @param {App.RasterRow} row
 * @param {Side | ""} side
 */
export function setSide(row, side) {
  SIDES.forEach((name) => {
    if (state.sides[name] === row.key) state.sides[name] = null;
  });
  const other = side && rowOf(state.sides[side]);
  if (other && other.side) other.side.value = "";
  if (side) state.sides[side] = row.key;
  drawDivider();
  writeHash();
}

const isUsed = () => SIDES.some((side) => rowOf(state.sides[side])?.on);

/**
 * What is seen on a side that no raster is laid on is the map itself.
 * @param {string | null} key
 */
function nameOfSide(key) {
  const row = rowOf(key);
  return row && row.on ? named(row.title) : ui("swipe_base");
}

export function drawDivider() {
  const used = isUsed();
  parts.handle.hidden = parts.line.hidden = !used;
  const size = page.map.getSize(),
    from = page.map.containerPointToLayerPoint([0, 0]),
    to = page.map.containerPointToLayerPoint(size);
  L.DomUtil.setPosition(parts.frame, from);
  [parts.frame.style.width, parts.frame.style.height] = [`${size.x}px`, `${size.y}px`];
  parts.line.style.left = `${state.at}%`;
  const names = { left: nameOfSide(state.sides.left), right: nameOfSide(state.sides.right) };
  SIDES.forEach((side) => {
    parts.names[side].textContent = names[side];
  });
  parts.handle.setAttribute("aria-valuetext", ui("swipe_at", { at: state.at, ...names }));
  const middle = from.x + (size.x * state.at) / 100;
  rasterRows.state.rows.forEach((row) => {
    const pane = page.map.getPane(rasterRows.paneName(row.key));
    if (!pane) return;
    const side = sideOf(row);
    const [left, right] = side === "left" ? [from.x, middle] : [middle, to.x];
    pane.style.clip = side && used ? `rect(${from.y}px, ${right}px, ${to.y}px, ${left}px)` : "";
  });
}

/** @param {App.RasterRow} row */
export function makeChoice(row) {
  const option = (/** @type {string} */ value, /** @type {string} */ word) => el("option", { value }, ui(word));
  row.side = el(
    "select",
    { onchange: () => setSide(row, /** @type {Side | ""} */ (row.side.value)) },
    option("", "swipe_none"),
    option("left", "swipe_left"),
    option("right", "swipe_right"),
  );
  row.side.value = sideOf(row) || "";
  return el("label", {}, ui("swipe"), row.side);
}

export function begin() {
  if (page.config.embedded) return;
  const [left, right, at] = (hashState.given.get("swipe") || "").split(",");
  state.sides = { left: left || null, right: right || null };
  if (Number(at) > 0) state.at = Math.min(Number(at), 100);
  parts.names = {
    left: el("span", { class: "swipe-name left" }),
    right: el("span", { class: "swipe-name right" }),
  };
  parts.line = el("div", { class: "swipe-line", "aria-hidden": "true", hidden: true }, Object.values(parts.names));
  parts.handle = el("input", {
    type: "range",
    class: "swipe-handle",
    min: 0,
    max: 100,
    step: 1,
    value: state.at,
    hidden: true,
    "aria-label": ui("swipe_handle"),
  });
  parts.handle.addEventListener("input", () => {
    state.at = Number(parts.handle.value);
    drawDivider();
  });
  parts.handle.addEventListener("change", writeHash);
  L.DomEvent.disableClickPropagation(parts.handle);
  /* In a pane of the map, so that popups open above it. */
  parts.frame = el("div", { class: "swipe" }, parts.line, parts.handle);
  const pane = page.map.createPane("swipe");
  pane.style.zIndex = "690";
  pane.append(parts.frame);
  page.map.on("move zoomend resize layeradd layerremove", drawDivider);
  remember("swipe", () => (isUsed() ? [state.sides.left || "", state.sides.right || "", state.at].join() : ""));
}

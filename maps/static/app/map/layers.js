/* The layers on the map: how each is drawn, where it lies, what the pointer reads. */

import { compareFromTop } from "../core/drawing_order.js";
import * as answers from "../core/answers.js";
import { byId, el, setChildren } from "../core/elements.js";
import { hashState, remember, writeHash } from "../core/hash_state.js";
import { page, paneElement } from "../core/page.js";
import { named, tr, ui } from "../core/words.js";
import * as layerLooks from "./layer_looks.js";
import * as patterns from "./patterns.js";
import * as vectorTiles from "./tiles.js";

/** @type {{ entries: Map<string, App.Layer>, order: string[], usual: string, listeners: (() => void)[] }} */
export const state = { entries: new Map(), order: [], usual: "", listeners: [] };
/* `listeners` are called whenever other layers show than before. */

/* Few features are shapes that answer to the pointer; more are one canvas that does not,
   for a click asks the server; yet more come as tiles. Two canvases that listen would hide
   each other from the pointer. */
export const MOST_SHAPES = 400;
/**
 * @param {App.Layer} entry
 * @param {App.Collection} collection
 */
function draw(entry, collection) {
  return collection.features.length <= MOST_SHAPES ? drawShapes(entry, collection) : drawCanvas(entry, collection);
}
/**
 * @param {App.Layer} entry
 * @param {App.Collection} collection
 */
function drawCanvas(entry, collection) {
  const pane = layerLooks.paneOf(entry),
    renderer = patterns.makeCanvas({ pane, padding: 0.3 });
  const options = {
    ...layerLooks.pathOptions(entry.kind),
    canvasPattern: patterns.patternOf(entry.kind),
    pane,
    renderer,
    interactive: false,
    snapIgnore: true,
  };
  return L.geoJSON(collection, {
    style: () => options,
    interactive: false,
    pmIgnore: true,
    pane,
    pointToLayer: (_, at) => L.circleMarker(at, { ...options, radius: 4 }),
  });
}
/**
 * @param {App.Layer} entry
 * @param {App.Collection} collection
 */
function drawShapes(entry, collection) {
  const options = {
    ...layerLooks.pathOptions(entry.kind),
    pane: layerLooks.paneOf(entry),
    snapIgnore: layerLooks.styleOf(entry.kind).group === "ground",
  };
  const { quiet, dot } = layerLooks.styleOf(entry.kind);
  const drawn = L.geoJSON(collection, {
    style: (feature) => layerLooks.asPoint(feature, options),
    interactive: !quiet,
    pmIgnore: true,
    pane: options.pane,
    pointToLayer: (feature, at) => L.circleMarker(at, { ...options, radius: 6 }),
    onEachFeature: (feature, shape) => {
      if (!quiet) shape.bindTooltip(() => layerLooks.makeTooltip(feature, entry), { sticky: true, className: "plain" });
    },
  });
  if (!dot) return drawn;
  return L.layerGroup(
    [
      drawn,
      ...collection.features.map((feature) =>
        layerLooks
          .makeDot(layerLooks.middleOf(feature), options)
          .bindTooltip(() => layerLooks.makeTooltip(feature, entry), { sticky: true, className: "plain" }),
      ),
    ],
    { pmIgnore: true },
  );
}

/**
 * Names that stand on the map: always, or when there is room for them.
 * @param {App.Layer} entry
 * @param {App.Collection} collection
 */
function drawLabels(entry, collection) {
  const { names } = layerLooks.styleOf(entry.kind);
  if (!names) return [];
  return collection.features.map((feature) => {
    const shape = L.geoJSON(feature);
    const at = feature.geometry.type === "Point" ? shape.getBounds().getCenter() : layerLooks.middleOf(feature);
    const text = el("span", {}, layerLooks.nameOf(feature));
    return L.marker(at, {
      interactive: false,
      keyboard: false,
      pmIgnore: true,
      pane: "labels",
      icon: L.divIcon({ className: `label label-${entry.kind} label-${names}`, html: text, iconSize: undefined }),
    });
  });
}

/* Buttons that go to the whole zone and to each district. */
export async function showPlaces() {
  const collection = await answers.features("districts").catch(() => null);
  if (!collection || !collection.features.length) return;
  const go = (/** @type {string} */ text, /** @type {GeoJSON.GeoJsonObject} */ target) =>
    el(
      "button",
      { type: "button", onclick: () => page.map.fitBounds(L.geoJSON(target).getBounds(), { padding: [90, 90] }) },
      text,
    );
  setChildren(
    byId("places"),
    go(ui("whole_zone"), collection),
    collection.features.map((feature) => go(layerLooks.nameOf(feature), feature)),
  );
}

/** @param {string} id */
export const layerOf = (id) => /** @type {App.Layer} */ (state.entries.get(id));

/* Places from the bottom up, below the pane of densities at 455. */
export function stackPanes() {
  const { order } = state;
  order.forEach((id, at) => {
    const pane = paneElement(layerLooks.paneOf(layerOf(id)));
    pane.style.zIndex = String(400 + Math.floor((50 * (order.length - at)) / (order.length + 1)));
    pane.style.opacity = String(layerOf(id).opacity);
  });
}

/**
 * @param {App.Layer} entry
 * @param {App.Collection} collection
 */
const drawCollection = (entry, collection) =>
  L.layerGroup([draw(entry, collection), ...drawLabels(entry, collection)], { pmIgnore: true });

/** @param {App.Layer} entry */
async function load(entry) {
  if (entry.tiled) return vectorTiles.loadTiles(entry);
  const collection = await answers.features(entry.id);
  const { matched, returned } = collection.layer;
  entry.state.textContent = matched > returned ? ui("shown_of", { returned, matched }) : "";
  entry.collection = collection;
  return drawCollection(entry, collection);
}

/**
 * @param {App.Layer} entry
 * @param {boolean} on
 */
export async function toggle(entry, on) {
  entry.on = entry.box.checked = on;
  if (on && !entry.drawn) {
    entry.state.textContent = ui("loading");
    try {
      entry.drawn = await load(entry);
      if (entry.state.textContent === ui("loading")) entry.state.textContent = "";
    } catch (problem) {
      showFailure(entry, problem);
      return;
    }
  }
  if (entry.on && entry.drawn) entry.drawn.addTo(page.map);
  else if (entry.drawn) entry.drawn.remove();
  noteChange();
}
/**
 * @param {App.Layer} entry
 * @param {App.Problem} problem
 */
function showFailure(entry, problem) {
  entry.on = false;
  setChildren(
    entry.state,
    problem.detail || ui("unreachable"),
    " ",
    el(
      "button",
      {
        type: "button",
        class: "linklike",
        onclick: () => {
          entry.drawn = null;
          toggle(entry, true);
        },
      },
      ui("retry"),
    ),
  );
  noteChange();
}
export function noteChange() {
  stackPanes();
  applyScale();
  hashState.layers = [...state.entries.values()].filter((one) => one.on).map((one) => one.id);
  state.listeners.forEach((heard) => heard());
  writeHash();
}
/**
 * Show a layer that something else speaks of.
 * @param {string} id
 */
export function showLayer(id) {
  const entry = state.entries.get(id);
  if (entry && !entry.on) toggle(entry, true);
}
/* Another scheme has other colours: what is drawn is drawn again. */
export function redraw() {
  state.entries.forEach((entry) => {
    if (entry.swatch) {
      const fresh = layerLooks.makeSwatch(entry.kind, entry.geometry_type);
      entry.swatch.replaceWith(fresh);
      entry.swatch = fresh;
    }
    if (!entry.drawn) return;
    entry.drawn.remove();
    entry.drawn = entry.tiled
      ? vectorTiles.drawTiles(entry)
      : drawCollection(entry, /** @type {App.Collection} */ (entry.collection));
    if (entry.on) entry.drawn.addTo(page.map);
  });
  noteChange();
}

/**
 * Fine patterns are drawn only where they can be read; the list says so.
 * @param {App.Layer} entry
 */
export const isFar = (entry) => page.map.getZoom() < (layerLooks.styleOf(entry.kind).min_zoom || 0);
export function applyScale() {
  state.entries.forEach((entry) => {
    const far = isFar(entry);
    if (entry.drawn) paneElement(layerLooks.paneOf(entry)).style.display = far ? "none" : "";
    entry.far.hidden = !(far && entry.on);
  });
}

/**
 * The makers of the ground are named on the map itself, with the review number of its borders.
 * @param {App.Layer[]} entries
 */
export function showCredit(entries) {
  const control = new L.Control({ position: "bottomleft" });
  control.onAdd = () =>
    el(
      "div",
      { class: "credit" },
      entries.map((entry) => el("span", {}, `${named(entry.title)}: ${tr("sources", entry.source)}`)),
    );
  if (entries.length) control.addTo(page.map);
}

/** @param {Answers.LayerOut[]} layers */
export function arrangeLayers(layers) {
  const { given } = hashState;
  const entries = /** @type {App.Layer[]} */ (layers);
  const sorted = [...entries].sort(compareFromTop);
  const kept = (given.get("order") || "").split(",").filter((id) => sorted.some((entry) => entry.id === id));
  const place = (/** @type {App.Layer} */ entry) => kept.indexOf(entry.id);
  /* Layers that the address does not know keep their usual places. */
  if (kept.length === sorted.length) sorted.sort((a, b) => place(a) - place(b));
  state.usual = sorted.map((entry) => entry.id).join();
  if (kept.length === sorted.length)
    state.usual = [...entries]
      .sort(compareFromTop)
      .map((entry) => entry.id)
      .join();
  const looks = new Map(
    (given.get("looks") || "").split(",").map((one) => /** @type {[string, string]} */ (one.split(":"))),
  );
  sorted.forEach((entry) => {
    const opacity = Number(looks.get(entry.id));
    entry.opacity = looks.has(entry.id) && opacity >= 0 && opacity <= 1 ? opacity : 1;
    entry.tiled = !page.config.embedded && entry.feature_count > vectorTiles.MOST_FEATURES;
    state.entries.set(entry.id, entry);
  });
  state.order = sorted.map((entry) => entry.id);
  remember("order", () => (state.order.join() === state.usual ? "" : state.order.join()));
  remember("looks", () =>
    [...state.entries.values()]
      .filter((one) => one.opacity < 1)
      .map((one) => `${one.id}:${one.opacity}`)
      .join(),
  );
  return sorted;
}

/* The drawn site: polygons with holes, edited with snapping, undone and redone. */

import { announce, buttonById, findById, problemBox } from "../core/elements.js";
import { hashState, remember, writeHash } from "../core/hash_state.js";
import { page } from "../core/page.js";
import { ui } from "../core/words.js";
import * as mapCard from "./card.js";
import * as mapMode from "./mode.js";
import * as polyline from "./polyline.js";
import * as mapTools from "./tools.js";
import * as frame from "../workbench/frame.js";

/**
 * @typedef {object} State
 * @property {App.Ring[][]} polygons
 * @property {App.Ring[][][]} past
 * @property {App.Ring[][][]} future
 * @property {L.FeatureGroup<L.Polygon> | null} group
 * @property {((geometry: App.Area | null) => void)[]} listeners
 */

/**
 * `polygons` are lists of rings in lon/lat, the first ring the outer one.
 * @type {State}
 */
export const state = { polygons: [], past: [], future: [], group: null, listeners: [] };

/** @returns {App.Area | null} */
export function drawnGeometry() {
  const closed = state.polygons.map((rings) => rings.map((ring) => [...ring, ring[0]]));
  if (!closed.length) return null;
  return closed.length === 1
    ? { type: "Polygon", coordinates: closed[0] }
    : { type: "MultiPolygon", coordinates: closed };
}

/**
 * Take a new state; the old one can be brought back. Listeners hear of what a person did.
 * @param {App.Ring[][]} polygons
 */
export function takePolygons(polygons) {
  state.past.push(state.polygons);
  state.future = [];
  putPolygons(polygons);
}
/**
 * @param {App.Ring[][]} polygons
 * @param {boolean} [quiet]
 */
function putPolygons(polygons, quiet) {
  state.polygons = polygons;
  showShapes();
  showButtons();
  writeHash();
  if (!quiet) state.listeners.forEach((heard) => heard(drawnGeometry()));
}

const looksOf = () => ({ color: page.config.styles.result.drawing, weight: 2.4, fillOpacity: 0.18, pane: "draw" });
function showShapes() {
  hideShapes();
  if (!state.polygons.length) return;
  state.group = L.featureGroup(state.polygons.map((rings) => L.polygon(rings.map(polyline.latLngs), looksOf()))).addTo(
    page.map,
  );
}
export function hideShapes() {
  if (state.group) state.group.remove();
  state.group = null;
}
/** @param {L.LatLng[]} latlngs */
const ringOf = (latlngs) => latlngs.map(({ lng, lat }) => [+lng.toFixed(7), +lat.toFixed(7)]);

const isDrawingRing = () => ["draw", "hole"].includes(mapMode.state.name || "");

function undoLast() {
  const shape = page.map.pm.Draw.Polygon;
  if (isDrawingRing() && shape._layer && shape._layer.getLatLngs().length) {
    shape._removeLastVertex();
    return;
  }
  stepHistory(state.past, state.future);
}
const redoLast = () => stepHistory(state.future, state.past);
/**
 * @param {App.Ring[][][]} from
 * @param {App.Ring[][][]} onto
 */
function stepHistory(from, onto) {
  if (!from.length) return;
  if (mapMode.state.name === "edit") mapMode.stopMode();
  onto.push(state.polygons);
  putPolygons(from.pop() || []);
}

/**
 * @param {string} mode
 * @param {string} help
 */
function startDrawing(mode, help) {
  if (mapMode.state.name === mode) {
    mapMode.stopMode();
    return;
  }
  mapMode.startMode(mode, () => page.map.pm.disableDraw());
  page.map.pm.enableDraw("Polygon", {
    snappable: true,
    snapDistance: 12,
    allowSelfIntersection: true,
    finishOn: "dblclick",
    tooltips: true,
  });
  announce(ui(help));
}
export const toggleDraw = () => startDrawing("draw", "draw_help");
const toggleHole = () => startDrawing("hole", "hole_help");

function toggleEdit() {
  if (mapMode.state.name === "edit") {
    mapMode.stopMode();
    return;
  }
  if (!state.polygons.length) return;
  showShapes();
  const shapes = /** @type {L.Polygon[]} */ (state.group ? state.group.getLayers() : []);
  mapMode.startMode("edit", () => {
    shapes.forEach((shape) => shape.pm.disable());
    const now = shapes
      .map((shape) => /** @type {L.LatLng[][]} */ (shape.getLatLngs()).map(ringOf))
      .filter((rings) => rings[0] && rings[0].length >= 3);
    if (JSON.stringify(now) !== JSON.stringify(state.polygons)) takePolygons(now);
    else putPolygons(state.polygons, true);
  });
  shapes.forEach((shape) =>
    shape.pm.enable({ allowSelfIntersection: true, snappable: true, snapDistance: 12, removeVertexOn: "contextmenu" }),
  );
  announce(ui("edit_help"));
}

/**
 * @param {App.LonLat} point
 * @param {App.Ring} ring
 */
export function isWithin(point, ring) {
  const [x, y] = point;
  return ring.reduce((inside, [x1, y1], at) => {
    const [x2, y2] = ring[(at + 1) % ring.length];
    return y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1 ? !inside : inside;
  }, false);
}

/**
 * A drawn ring becomes a new site, or a hole in the polygon that holds it.
 * @param {{ layer: L.Polygon }} event
 */
function takeShape({ layer }) {
  const [ring] = /** @type {L.LatLng[][]} */ (layer.getLatLngs()).map(ringOf),
    mode = mapMode.state.name;
  layer.remove();
  mapMode.stopMode();
  if (mode !== "hole") {
    takePolygons([[ring]]);
    return;
  }
  const at = state.polygons.findIndex(([outer]) => ring.every((point) => isWithin(point, outer)));
  if (at < 0) {
    mapCard.openCard("sketch", ui("hole"), [problemBox({ title: ui("hole_outside"), detail: ui("hole_help") })]);
    return;
  }
  takePolygons(state.polygons.map((rings, one) => (one === at ? [...rings, ring] : rings)));
}

function showButtons() {
  const some = state.polygons.length > 0,
    { past, future } = state;
  const button = (/** @type {string} */ name) => buttonById(`tool-${name}`);
  ["edit", "hole", "bin"].forEach((name) => {
    button(name).hidden = !some;
  });
  button("undo").hidden = button("redo").hidden = !past.length && !future.length && !some;
  button("undo").disabled = !past.length;
  button("redo").disabled = !future.length;
}

/* Rings of all polygons for the address, apart by spaces; too long a drawing is left out. */
const MOST_CHARACTERS = 6000;
function writeSketch() {
  const text = state.polygons.map((rings) => rings.map(polyline.writePoints).join(" ")).join("  ");
  return text.length <= MOST_CHARACTERS ? text : "";
}
/** @param {string} text */
const readSketch = (text) =>
  text
    .split("  ")
    .map((rings) =>
      rings
        .split(" ")
        .map(polyline.readPoints)
        .filter((ring) => ring.length >= 3),
    )
    .filter((rings) => rings.length);

export function begin() {
  if (!findById("draw")) return;
  const { map } = page;
  map.createPane("draw").style.zIndex = "490";
  map.pm.setLang(page.config.lang === "zh" ? "zh" : "en");
  const line = { color: page.config.styles.result.drawing, weight: 2.4, pane: "draw" };
  map.pm.setGlobalOptions({
    panes: { layerPane: "draw", vertexPane: "markerPane", markerPane: "markerPane" },
    templineStyle: line,
    hintlineStyle: { ...line, dashArray: "5 5" },
    pathOptions: { ...line, fillOpacity: 0.18 },
  });
  mapTools.addGroup([
    { name: "draw", icon: "draw", word: "draw", key: "d", act: toggleDraw, mode: "draw" },
    { name: "edit", icon: "edit", word: "edit", key: "e", act: toggleEdit, mode: "edit" },
    { name: "hole", icon: "hole", word: "hole", key: "h", act: toggleHole, mode: "hole" },
    { name: "undo", icon: "undo", word: "undo", act: undoLast },
    { name: "redo", icon: "redo", word: "redo", act: redoLast },
    {
      name: "bin",
      icon: "bin",
      word: "sketch_remove",
      act: () => {
        mapMode.stopMode();
        takePolygons([]);
      },
    },
  ]);
  map.on("pm:create", (event) => takeShape(/** @type {{ layer: L.Polygon }} */ (event)));
  map.on("pm:drawend", () => {
    if (isDrawingRing()) mapMode.stopMode();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || frame.isTyping(event.target)) return;
    const key = event.key.toLowerCase(),
      redo = key === "y" || (key === "z" && event.shiftKey);
    if (!redo && key !== "z") return;
    event.preventDefault();
    if (redo) redoLast();
    else undoLast();
  });
  remember("draw", writeSketch);
  const given = readSketch(hashState.given.get("draw") || "");
  putPolygons(given, true);
  if (hashState.check) hideShapes();
}

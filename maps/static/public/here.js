/* What is at a place of the map, on one tap: which layers, why they are protected, who decides. */

import { badge, byId, el, setChildren } from "../app/core/elements.js";
import { compareFromTop } from "../app/core/drawing_order.js";
import { page } from "../app/core/page.js";
import { formatNumber, named, ui } from "../app/core/words.js";
import { makeCard, words } from "../app/map/why_card.js";
import { tellFields, wantedOf } from "./fields.js";
import { isPoint, nameOf, styleOf } from "./looks.js";

/** @typedef {{ layer: App.PublicLayer, feature: App.Feature, near: boolean }} Found */

const METRES_PER_DEGREE = 111_320;
const TOUCH_PX = 16;

/** @param {GeoJSON.Geometry} geometry @returns {App.Ring[][]} */
const areasOf = (geometry) =>
  geometry.type === "Polygon" ? [geometry.coordinates] : geometry.type === "MultiPolygon" ? geometry.coordinates : [];

/**
 * @param {App.Ring} ring
 * @param {App.LonLat} at
 */
function isInside(ring, [x, y]) {
  let inside = false;
  ring.forEach(([x1, y1], at) => {
    const [x2, y2] = ring[(at + 1) % ring.length];
    if (y1 > y !== y2 > y && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1) inside = !inside;
  });
  return inside;
}

/**
 * From a place to the nearest edge of a ring, in metres.
 * @param {App.Ring} ring
 * @param {App.LonLat} at
 */
function metresToEdge(ring, [x, y]) {
  const shrink = Math.cos((y * Math.PI) / 180);
  const [px, py] = [x * shrink, y];
  let least = Infinity;
  ring.slice(1).forEach(([x2, y2], at) => {
    const [x1, y1] = ring[at];
    const [ax, ay, bx, by] = [x1 * shrink, y1, x2 * shrink, y2];
    const length = (bx - ax) ** 2 + (by - ay) ** 2;
    const share = length ? Math.max(0, Math.min(1, ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length)) : 0;
    least = Math.min(least, Math.hypot(px - ax - share * (bx - ax), py - ay - share * (by - ay)));
  });
  return least * METRES_PER_DEGREE;
}

/**
 * Whether a feature is at a place, or its line so near that the map cannot tell.
 * @param {App.PublicLayer} layer
 * @param {App.Feature} feature
 * @param {L.LatLng} at
 * @returns {Found | null}
 */
function foundAt(layer, feature, at) {
  const place = [at.lng, at.lat];
  if (isPoint(feature)) {
    const far = page.map
      .latLngToContainerPoint(L.geoJSON(feature).getBounds().getCenter())
      .distanceTo(page.map.latLngToContainerPoint(at));
    return far <= TOUCH_PX ? { layer, feature, near: false } : null;
  }
  const areas = areasOf(feature.geometry);
  const near =
    layer.displacement_m > 0 && areas.flat().some((ring) => metresToEdge(ring, place) <= layer.displacement_m);
  const inside = areas.some(
    ([outer, ...holes]) => isInside(outer, place) && !holes.some((hole) => isInside(hole, place)),
  );
  return inside || near ? { layer, feature, near } : null;
}

/**
 * @param {L.LatLng} at
 * @param {(layer: App.PublicLayer) => boolean} isShown
 * @returns {Found[]}
 */
function findAt(at, isShown) {
  return [...page.config.publication.layers]
    .filter(isShown)
    .sort(compareFromTop)
    .flatMap((layer) => wantedOf(layer).map((feature) => foundAt(layer, feature, at)))
    .filter((one) => one !== null);
}

/**
 * A rule that ended after the map was made: the reader's calendar knows.
 * @param {Answers.Protection} rule
 */
const endedSince = (rule) =>
  rule.valid_to && new Date().toISOString().slice(0, 10) > rule.valid_to
    ? el("p", { class: "notice" }, ui("rule_ended", { day: rule.valid_to }))
    : null;

/** Why a control line is there, by the law of the day on which the map was made. @param {App.PublicLayer} layer */
export const makeRules = (layer) => [
  layer.protections.map((rule) => [makeCard(rule), endedSince(rule)]),
  el("p", { class: "quiet" }, `${ui("law_on", { day: page.config.publication.law_on })} ${words("words_note")}`),
];

/** @param {App.PublicLayer} layer @param {Found[]} of */
function describe(layer, of) {
  const names = [...new Set(of.map(({ feature }) => nameOf(feature)).filter(Boolean))].join(", ");
  const unsure = of.every(({ near }) => near);
  return el(
    "section",
    { class: "here-layer" },
    el("h3", {}, names || named(layer.title), " ", badge("statuses", layer.status)),
    names ? el("p", {}, named(layer.title)) : null,
    unsure ? el("p", { class: "notice" }, ui("near_edge", { m: formatNumber(layer.displacement_m, 0) })) : null,
    of.map(({ feature }) => [
      layer.fields.length && of.length > 1 ? el("h4", {}, nameOf(feature)) : null,
      tellFields(layer, feature),
    ]),
    layer.protections.length ? makeRules(layer) : null,
  );
}

/** @param {Found[]} found */
function emptyNote(found) {
  const controls = page.config.publication.layers.filter((layer) => layer.protections.length);
  return controls.length && !found.some(({ layer }) => layer.protections.length)
    ? el("p", { class: "notice" }, ui("no_line_here", { layers: controls.map(({ title }) => named(title)) }))
    : null;
}

/**
 * @param {L.LatLng} at
 * @param {string} heading
 * @param {(layer: App.PublicLayer) => boolean} isShown
 */
export function tellHere(at, heading, isShown) {
  const found = findAt(at, isShown);
  const ground = found.find(({ layer }) => layer.kind === "county");
  const about = found.filter(({ layer }) => !styleOf(layer.kind).quiet);
  const layers = [...new Set(about.map(({ layer }) => layer))];
  const place = heading || (ground ? nameOf(ground.feature) : ui("outside_counties"));
  setChildren(
    byId("here-body"),
    el("h2", { id: "here-title", tabindex: "-1" }, place),
    el("p", { class: "quiet" }, `${at.lat.toFixed(3)}°N ${at.lng.toFixed(3)}°E · ${ui("here_note")}`),
    layers.map((layer) =>
      describe(
        layer,
        about.filter((one) => one.layer === layer),
      ),
    ),
    emptyNote(found),
  );
  byId("here").hidden = false;
  byId("here-title").focus({ preventScroll: true });
}

/** @param {(layer: App.PublicLayer) => boolean} isShown */
export function beginHere(isShown) {
  const { map } = page;
  map.on("click", (event) => tellHere(event.latlng, "", isShown));
  /* With the keyboard: the arrows move the map, Enter asks what is in its middle. */
  map.getContainer().addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target === map.getContainer()) tellHere(map.getCenter(), "", isShown);
  });
  const close = () => {
    byId("here").hidden = true;
    map.getContainer().focus({ preventScroll: true });
  };
  byId("here-close").addEventListener("click", close);
  byId("here").addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
  });
}

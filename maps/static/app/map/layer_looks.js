/* The looks of layers: how each kind is drawn, named and marked; each layer has a pane of its own. */

import { el, svg } from "../core/elements.js";
import { page } from "../core/page.js";
import * as theme from "../core/theme.js";
import { formatNumber, named, ui } from "../core/words.js";

/** @param {string} kind */
export function styleOf(kind) {
  const { kinds, dark, fallback } = page.config.styles,
    style = kinds[kind] || fallback;
  return theme.shown() === "dark" ? { ...style, ...dark[kind] } : style;
}

/** @param {string} kind */
export function pathOptions(kind) {
  const style = styleOf(kind);
  const fills = { hatch: "url(#pattern-hatch)", dots: "url(#pattern-dots)", none: style.fill };
  return {
    color: style.stroke,
    weight: style.weight,
    dashArray: style.dash || undefined,
    fill: Boolean(style.fill),
    fillColor: fills[style.pattern],
    fillOpacity: style.fill_opacity,
    pmIgnore: true,
    bubblingMouseEvents: true,
  };
}

/**
 * A point is too small to be seen through.
 * @param {{ geometry: { type: string } } | undefined} feature
 * @param {L.PathOptions} options
 */
export const asPoint = (feature, options) =>
  feature && feature.geometry.type.endsWith("Point") ? { ...options, fillOpacity: 1 } : options;

/**
 * @param {string} kind
 * @param {string} geometryType
 */
export function makeSwatch(kind, geometryType) {
  const options = pathOptions(kind);
  /** @type {Record<string, string | number | undefined>} */
  const look = {
    stroke: options.color,
    "stroke-width": Math.min(options.weight, 2),
    fill: options.fill ? options.fillColor : "none",
    "fill-opacity": geometryType === "Point" ? 1 : options.fillOpacity,
  };
  if (options.dashArray) look["stroke-dasharray"] = "4 2";
  /** @type {Record<string, () => SVGElement>} */
  const shapes = {
    Point: () => svg("circle", { cx: 13, cy: 9, r: 5, ...look }),
    LineString: () => svg("path", { d: "M2 13 C8 2 16 16 24 5", ...look, fill: "none" }),
  };
  const shape = (shapes[geometryType] || (() => svg("rect", { x: 2, y: 2, width: 22, height: 14, rx: 2, ...look })))();
  return svg("svg", { class: "swatch", width: 26, height: 18, viewBox: "0 0 26 18", "aria-hidden": "true" }, shape);
}

/** @param {{ properties: any }} feature */
export function nameOf(feature) {
  const own = feature.properties || {};
  return own[`name_${page.config.lang}`] || own.name_zh || own.name || "";
}

/**
 * @param {App.Feature} feature
 * @param {App.Layer} entry
 */
export function makeTooltip(feature, entry) {
  const lines = [el("strong", {}, nameOf(feature) || named(entry.title))];
  if (nameOf(feature)) lines.push(el("span", {}, named(entry.title)));
  const area = (feature.properties || {}).published_area_km2;
  if (area) lines.push(el("span", {}, ui("published_area", { area: formatNumber(area, 2) })));
  return el("div", { class: "tip" }, lines);
}

/**
 * A mark for a feature that is too small to see from afar.
 * @param {L.LatLngExpression} at
 * @param {L.PathOptions} options
 */
export const makeDot = (at, options) =>
  L.circleMarker(at, { ...options, radius: 7, fillOpacity: 1, className: "from-afar" });

/**
 * The middles of a feature's parts, the largest first: good enough to hold its name.
 * @param {App.Feature} feature
 */
export function middlesOf(feature) {
  const shape = /** @type {App.Area} */ (feature.geometry);
  const rings = shape.type === "MultiPolygon" ? shape.coordinates.map((one) => one[0]) : [shape.coordinates[0]];
  const area = (/** @type {L.LatLngBounds} */ bounds) =>
    (bounds.getEast() - bounds.getWest()) * (bounds.getNorth() - bounds.getSouth());
  return rings
    .map((ring) => L.latLngBounds(ring.map(([x, y]) => [y, x])))
    .sort((a, b) => area(b) - area(a))
    .map((bounds) => bounds.getCenter());
}
/** @param {App.Feature} feature */
export const middleOf = (feature) => middlesOf(feature)[0];

/**
 * Every layer has a pane of its own, so that its place and its opacity are its own.
 * @param {App.Layer} entry
 */
export function paneOf(entry) {
  const name = `layer-${entry.id}`;
  if (!page.map.getPane(name))
    page.map.createPane(name).classList.add("pane-layer", `pane-${styleOf(entry.kind).order}`);
  return name;
}

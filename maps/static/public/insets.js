/* Each district at its own scale beside the map: at the scale of the province it is a dot. */

import { compareFromTop } from "../app/core/drawing_order.js";
import { byId, el, setChildren, svg } from "../app/core/elements.js";
import { page } from "../app/core/page.js";
import { ui } from "../app/core/words.js";
import { wantedOf } from "./fields.js";
import { densityFill } from "./density.js";
import { isPoint, nameOf, pathOptions } from "./looks.js";
import { goTo } from "./view.js";

const WIDTH = 130,
  HEIGHT = 96,
  MARGIN = 9,
  KM_PER_DEGREE = 111.32;
const LETTERS = { "font-size": 11.5, fill: "#16222c", stroke: "#ffffff", "stroke-width": 3, "paint-order": "stroke" };

/**
 * @param {App.Feature} feature
 * @returns {App.Bounds}
 */
export function boundsOf(feature) {
  const box = L.geoJSON(feature).getBounds();
  return [box.getWest(), box.getSouth(), box.getEast(), box.getNorth()];
}

/** @param {GeoJSON.Geometry} geometry @returns {App.Ring[]} */
function linesOf(geometry) {
  switch (geometry.type) {
    case "Polygon":
    case "MultiLineString":
      return geometry.coordinates;
    case "MultiPolygon":
      return geometry.coordinates.flat();
    case "LineString":
      return [geometry.coordinates];
    default:
      return [];
  }
}

/** @param {App.Bounds} bounds */
function projectionOf([west, south, east, north]) {
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const scale = Math.min((WIDTH - 2 * MARGIN) / ((east - west) * shrink), (HEIGHT - 2 * MARGIN) / (north - south));
  const [lon, lat] = [(west + east) / 2, (south + north) / 2];
  return {
    perKm: scale / KM_PER_DEGREE,
    at: (/** @type {App.LonLat} */ [x, y]) => [WIDTH / 2 + (x - lon) * shrink * scale, HEIGHT / 2 - (y - lat) * scale],
  };
}

/**
 * @param {App.Feature} feature
 * @param {(at: App.LonLat) => number[]} at
 */
const pathOf = (feature, at) =>
  linesOf(feature.geometry)
    .map(
      (line) =>
        `M${line
          .map((corner) =>
            at(corner)
              .map((one) => one.toFixed(1))
              .join(" "),
          )
          .join("L")}`,
    )
    .join("") + (feature.geometry.type.endsWith("Polygon") ? "Z" : "");

/**
 * A bar of a round number of kilometres.
 * @param {number} perKm
 */
function makeScale(perKm) {
  const km = [50, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1].find((one) => one * perKm <= WIDTH * 0.4) || 0.1;
  const length = km * perKm;
  return [
    svg("path", {
      d: `M8 ${HEIGHT - 10}v4h${length.toFixed(1)}v-4`,
      fill: "none",
      stroke: "#16222c",
      "stroke-width": 1.5,
    }),
    svg("text", { ...LETTERS, x: 12 + length, y: HEIGHT - 4 }, `${km} km`),
  ];
}

/**
 * @param {App.Feature} district
 * @param {(layer: App.PublicLayer) => boolean} isShown
 */
function makeInset(district, isShown) {
  const bounds = boundsOf(district);
  const { at, perKm } = projectionOf(bounds);
  const touches = (/** @type {App.Feature} */ feature) => {
    const [west, south, east, north] = boundsOf(feature);
    const [dx, dy] = [bounds[2] - bounds[0], bounds[3] - bounds[1]];
    return west < bounds[2] + dx && east > bounds[0] - dx && south < bounds[3] + dy && north > bounds[1] - dy;
  };
  const drawn = [...page.config.publication.layers]
    .filter(isShown)
    .sort(compareFromTop)
    .reverse()
    .flatMap((layer) => {
      const options = pathOptions(layer.kind);
      return wantedOf(layer)
        .filter((feature) => !isPoint(feature) && touches(feature))
        .map((feature) =>
          svg("path", {
            d: pathOf(feature, at),
            stroke: options.color,
            "stroke-width": Math.min(options.weight, 1.5),
            fill: densityFill(feature.properties.unit) || (options.fill ? options.fillColor : "none"),
            "fill-opacity": densityFill(feature.properties.unit) ? 0.85 : options.fillOpacity,
          }),
        );
    });
  const picture = { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, "aria-hidden": "true", focusable: "false" };
  return el(
    "button",
    { type: "button", class: "inset", onclick: () => goTo(bounds) },
    svg("svg", picture, ...drawn, ...makeScale(perKm)),
    el("span", {}, nameOf(district)),
  );
}

/** @param {(layer: App.PublicLayer) => boolean} isShown */
export function showInsets(isShown) {
  const { layers, bounds_lonlat } = page.config.publication;
  const districts = layers.filter((layer) => layer.kind === "district").flatMap((layer) => layer.features.features);
  byId("insets").hidden = !districts.length;
  setChildren(
    byId("insets"),
    districts.map((district) => makeInset(district, isShown)),
    el("button", { type: "button", class: "button", onclick: () => goTo(bounds_lonlat) }, ui("whole")),
  );
}

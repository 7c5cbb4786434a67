/* A click asks what stands there: of every layer that counts, drawn or tiled, shown or not. */

import { badge, el, faultNotes, problemBox } from "../core/elements.js";
import { hashState, remember, writeHash } from "../core/hash_state.js";
import { page } from "../core/page.js";
import { ask } from "../core/server.js";
import { formatNumber, named, tr, ui } from "../core/words.js";
import { metresPerPixel } from "./scale.js";
import * as mapCard from "./card.js";
import * as layerLooks from "./layer_looks.js";
import * as drawnLayers from "./layers.js";
import * as measure from "./measure.js";
import * as mapMode from "./mode.js";
import { makeWhy } from "./why.js";

/** @type {{ spot: App.LonLat | null, mark: L.Layer | null, shape: L.Layer | null, turn: number }} */
const state = { spot: null, mark: null, shape: null, turn: 0 };
const REACH_PX = 6;

/**
 * @param {number} lon
 * @param {number} lat
 */
export async function identifyAt(lon, lat) {
  const turn = (state.turn += 1);
  state.spot = [lon, lat];
  markSpot([lon, lat]);
  writeHash();
  const metres = metresPerPixel(page.map.getZoom(), lat);
  const query = new URLSearchParams({
    lon: String(lon),
    lat: String(lat),
    tolerance_m: (metres * REACH_PX).toFixed(2),
  });
  const open = (/** @type {App.Children} */ children) =>
    mapCard.openCard("identify", ui("identify"), children, clearIdentified);
  const waiting = setTimeout(() => {
    if (turn === state.turn) open([el("p", { class: "busy" }, ui("loading"))]);
  }, 250);
  try {
    const answer = await ask(`api/v1/identify?${query}`);
    if (turn === state.turn) open(makeReport(answer));
  } catch (problem) {
    if (turn === state.turn) open([problemBox(problem)]);
  }
  clearTimeout(waiting);
}

/** @param {{ kind?: string, layer_id: string }} layer */
function isControl(layer) {
  const kind = layer.kind || drawnLayers.state.entries.get(layer.layer_id)?.kind || "";
  return layerLooks.styleOf(kind).group === "control";
}

/** @param {Answers.Identified} answer */
function makeReport({ position, features, more, silent, lost }) {
  return [
    makePosition(position),
    faultNotes({ lost }),
    features.length ? features.map(makeFeature) : el("p", { class: "quiet" }, ui("identify_none")),
    more ? el("p", { class: "quiet" }, ui("more", { count: more })) : null,
    silent.some(isControl)
      ? el(
          "details",
          {},
          el("summary", {}, ui("silent_layers")),
          el(
            "ul",
            { class: "plain-list" },
            silent
              .filter(isControl)
              .map((one) =>
                el(
                  "li",
                  {},
                  el("b", {}, named(one.layer_title)),
                  " ",
                  tr("silent", one.covered === null ? "unstated" : one.covered ? "covered" : "uncovered"),
                ),
              ),
          ),
        )
      : null,
  ];
}

/** @param {Answers.PositionOut} at */
const makePosition = (at) =>
  el(
    "p",
    { class: "position" },
    el("span", {}, `${at.lon_deg.toFixed(6)}, ${at.lat_deg.toFixed(6)}`),
    el("span", {}, `${at.lon_dms} E  ${at.lat_dms} N`),
    at.gauss_krueger_crs
      ? el("span", {}, `${at.gauss_krueger_crs}  ${at.easting_m?.toFixed(2)}, ${at.northing_m?.toFixed(2)}`)
      : null,
    at.county_name ? el("span", {}, named(at.county_name)) : null,
  );

/** @param {Answers.FeatureAt} feature */
function makeFeature(feature) {
  const size =
    feature.area_m2 !== null
      ? `${formatNumber(feature.area_m2 / 1e4, 4)} ha`
      : feature.length_m !== null
        ? measure.formatMetres(feature.length_m)
        : "";
  const rows = Object.entries(feature.attributes);
  const show = (/** @type {boolean} */ on) => () => highlight(on ? feature.geometry : null);
  return el(
    "section",
    {
      class: "hit",
      onmouseenter: show(true),
      onmouseleave: show(false),
      onfocusin: show(true),
      onfocusout: show(false),
    },
    el(
      "h3",
      {},
      layerLooks.makeSwatch(feature.kind, feature.geometry.type.replace("Multi", "")),
      feature.name ? named(feature.name) : feature.feature_id,
      badge("statuses", feature.layer_status),
    ),
    el(
      "p",
      { class: "quiet" },
      [named(feature.layer_title), size].filter(Boolean).join(" · "),
      " ",
      el(
        "button",
        {
          type: "button",
          class: "linklike",
          onclick: () =>
            page.map.fitBounds(L.geoJSON(feature.geometry).getBounds(), { padding: [60, 60], maxZoom: 17 }),
        },
        ui("locate"),
      ),
    ),
    rows.length
      ? el(
          "details",
          {},
          el("summary", {}, ui("attributes")),
          el(
            "dl",
            {},
            rows.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
          ),
        )
      : null,
    isControl(feature) ? makeWhy(feature.kind, (one) => isOfClass(feature, one)) : null,
  );
}

/**
 * Whether a rule means a feature of these attributes: any of them has a value that it names.
 * @param {Answers.FeatureAt} feature
 * @param {Answers.Protection} rule
 */
function isOfClass(feature, rule) {
  const values = Object.values(feature.attributes);
  return Object.values(rule.where).every((meant) => meant.some((value) => values.includes(value)));
}

/** @param {App.LonLat | null} spot */
function markSpot(spot) {
  if (state.mark) state.mark.remove();
  state.mark =
    spot &&
    L.circleMarker([spot[1], spot[0]], {
      radius: 6,
      color: "#ffffff",
      weight: 2,
      fillColor: page.config.styles.result.measure,
      fillOpacity: 1,
      pane: "draw",
      interactive: false,
      pmIgnore: true,
    }).addTo(page.map);
}
/** @param {App.Shape | null} geometry */
function highlight(geometry) {
  if (state.shape) state.shape.remove();
  state.shape =
    geometry &&
    L.geoJSON(geometry, {
      pane: "draw",
      interactive: false,
      pmIgnore: true,
      style: { color: page.config.styles.result.measure, weight: 4, fillOpacity: 0.1 },
      pointToLayer: (_, at) => L.circleMarker(at, { radius: 11, pane: "draw", interactive: false, pmIgnore: true }),
    }).addTo(page.map);
}
function clearIdentified() {
  state.turn += 1;
  state.spot = null;
  markSpot(null);
  highlight(null);
  writeHash();
}

export function begin() {
  if (page.config.embedded) return;
  if (!page.map.getPane("draw")) page.map.createPane("draw").style.zIndex = "490";
  page.map.on("click", ({ latlng }) => {
    if (!mapMode.state.name) identifyAt(+latlng.lng.toFixed(7), +latlng.lat.toFixed(7));
  });
  remember("spot", () => (state.spot || []).join(","));
  const given = (hashState.given.get("spot") || "").split(",").map(Number);
  if (given.length === 2 && given.every(Number.isFinite)) identifyAt(given[0], given[1]);
}

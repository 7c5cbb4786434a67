/* Measure: click points; lengths and areas come from the server, on the ellipsoid. */

import { el, problemBox } from "../core/elements.js";
import { hashState, remember, writeHash } from "../core/hash_state.js";
import { page } from "../core/page.js";
import { ask } from "../core/server.js";
import { formatNumber, ui } from "../core/words.js";
import * as mapCard from "./card.js";
import * as mapMode from "./mode.js";
import * as polyline from "./polyline.js";
import * as mapTools from "./tools.js";

/** @type {{ points: App.LonLat[], group: L.LayerGroup | null, turn: number }} */
export const state = { points: [], group: null, turn: 0 };

function toggleMeasure() {
  if (mapMode.state.name === "measure") {
    mapMode.stopMode();
    return;
  }
  mapMode.startMode("measure", () => page.map.getContainer().classList.remove("measuring"));
  page.map.getContainer().classList.add("measuring");
  putPoints([]);
}
/** @param {App.LonLat[]} points */
function putPoints(points) {
  state.points = points;
  drawPoints();
  askMeasure();
  writeHash();
}
function clearMeasure() {
  if (mapMode.state.name === "measure") mapMode.stopMode();
  state.points = [];
  drawPoints();
  writeHash();
}

function drawPoints() {
  if (state.group) state.group.remove();
  const at = polyline.latLngs(state.points),
    colour = page.config.styles.result.measure;
  const look = { color: colour, weight: 2.4, pane: "draw", interactive: false, pmIgnore: true };
  state.group = L.layerGroup(
    [
      at.length > 2 ? L.polygon(at, { ...look, weight: 0, fillOpacity: 0.12 }) : L.layerGroup([]),
      L.polyline(at, look),
      ...at.map((one) => L.circleMarker(one, { ...look, radius: 4, fillColor: "#ffffff", fillOpacity: 1 })),
    ],
    { pmIgnore: true },
  ).addTo(page.map);
}

async function askMeasure() {
  const { points } = state,
    turn = (state.turn += 1);
  const show = (/** @type {App.Children[]} */ ...children) =>
    mapCard.openCard(
      "measure",
      ui("measure"),
      [
        ...children,
        el(
          "p",
          { class: "after" },
          points.length
            ? el("button", { type: "button", onclick: () => putPoints(points.slice(0, -1)) }, ui("measure_back"))
            : null,
          mapMode.state.name === "measure"
            ? el("button", { type: "button", onclick: mapMode.stopMode }, ui("measure_stop"))
            : null,
        ),
      ],
      clearMeasure,
    );
  if (points.length < 2) {
    show(el("p", { class: "quiet" }, ui("measure_help")));
    return;
  }
  try {
    const body = JSON.stringify({ points, closed: points.length > 2 });
    const answer = await ask("api/v1/measure", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body,
    });
    if (turn === state.turn) show(makeReport(answer, points.length > 2));
  } catch (problem) {
    if (turn === state.turn) show(problemBox(problem));
  }
}

/** @param {number} m */
export const formatMetres = (m) => (m < 10000 ? `${formatNumber(m, 2)} m` : `${formatNumber(m / 1000, 3)} km`);
/**
 * @param {Answers.Measured} answer
 * @param {boolean} closed
 */
function makeReport(answer, closed) {
  const fact = (/** @type {string} */ key, /** @type {string[]} */ ...lines) =>
    el(
      "div",
      {},
      el("dt", {}, ui(key)),
      lines.map((line) => el("dd", {}, line)),
    );
  const legs = closed ? answer.legs_m.slice(0, -1) : answer.legs_m;
  return el(
    "dl",
    { class: "wide-facts" },
    fact("measure_length", formatMetres(legs.reduce((sum, leg) => sum + leg, 0))),
    fact("measure_last", formatMetres(legs[legs.length - 1])),
    closed ? fact("measure_round", formatMetres(answer.length_m)) : null,
    answer.area_m2 === null
      ? null
      : fact(
          "area",
          `${formatNumber(answer.area_m2, 2)} m²`,
          `${formatNumber(answer.area_m2 / 1e4, 4)} ha`,
          `${formatNumber(answer.area_mu, 3)} ${ui("mu")}`,
        ),
    answer.crossing ? fact("area", ui("measure_crossing")) : null,
  );
}

export function begin() {
  if (page.config.embedded) return;
  mapTools.addGroup([
    { name: "measure", icon: "measure", word: "measure", key: "m", act: toggleMeasure, mode: "measure" },
  ]);
  page.map.on("click", ({ latlng }) => {
    if (mapMode.state.name === "measure")
      putPoints([...state.points, [+latlng.lng.toFixed(7), +latlng.lat.toFixed(7)]]);
  });
  remember("measure", () => polyline.writePoints(state.points));
  const given = polyline.readPoints(hashState.given.get("measure") || "");
  if (given.length) putPoints(given);
}

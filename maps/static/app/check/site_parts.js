/* A check's sites and the parts of its findings on the map. */

import { el } from "../core/elements.js";
import { goTo } from "../core/hash_state.js";
import { page } from "../core/page.js";
import { formatNumber, named, ui } from "../core/words.js";
import { leftOutText, placeOf } from "../core/ledger.js";
import * as layerLooks from "../map/layer_looks.js";
import * as sketch from "../map/sketch.js";

/** @typedef {{ group: L.FeatureGroup, fillOpacity: number }} Spot */

/** @type {{ shown: L.FeatureGroup | null, spots: Map<Answers.Finding, Spot> }} */
export const state = { shown: null, spots: new Map() };

export function removeParts() {
  if (state.shown) state.shown.remove();
  state.shown = null;
  state.spots.clear();
}
/** @param {L.FeatureGroup} group */
const fitTo = (group) => goTo(group.getBounds(), { padding: [48, 48], maxZoom: 16 });

/** @param {Answers.Finding} finding */
export function fitToFinding(finding) {
  const spot = state.spots.get(finding);
  if (spot) fitTo(spot.group);
}

/**
 * The parts of one finding stand out while its card is under the pointer or in focus.
 * @param {Answers.Finding | null} finding
 */
export function pointAt(finding) {
  state.spots.forEach(({ group, fillOpacity }, other) => {
    const back = finding && other !== finding;
    group.setStyle({ opacity: back ? 0.15 : 1, fillOpacity: back ? 0.04 : fillOpacity });
  });
}

/**
 * What lies outside a boundary is hatched; what lies on a protected area is filled.
 * @param {Answers.Finding} finding
 */
function partStyle(finding) {
  const colour = page.config.styles.result[finding.verdict];
  return finding.relation === "must_be_inside"
    ? {
        color: layerLooks.styleOf(finding.kind).stroke,
        weight: 1.6,
        dashArray: "6 4",
        fillColor: "url(#pattern-outside)",
        fillOpacity: 1,
      }
    : { color: colour, weight: 2, fillColor: colour, fillOpacity: 0.45 };
}

/** @param {Answers.Finding} finding */
function makeSpot(finding) {
  const style = partStyle(finding);
  const group = L.featureGroup([], { pmIgnore: true });
  finding.parts
    .filter((part) => part.geometry)
    .forEach((part) =>
      L.geoJSON(part.geometry, { pane: "result", pmIgnore: true, style })
        .bindTooltip(
          () =>
            el(
              "div",
              { class: "tip" },
              el("strong", {}, named(finding.title)),
              el("span", {}, `${partName(part.feature_id)} · ${formatNumber(part.area_m2, 2)} m²`),
            ),
          { sticky: true, className: "plain" },
        )
        .addTo(group),
    );
  state.spots.set(finding, { group, fillOpacity: style.fillOpacity });
  return group;
}

/** @param {Answers.CheckResult} result */
export function drawResult(result) {
  removeParts();
  const looks = page.config.styles.result;
  const group = L.featureGroup([], { pmIgnore: true });
  result.sites.forEach((site) => {
    L.geoJSON(site.geometry, {
      pane: "result",
      pmIgnore: true,
      interactive: false,
      style: { color: "#ffffff", weight: 6, fill: false },
    }).addTo(group);
    L.geoJSON(site.geometry, {
      pane: "result",
      pmIgnore: true,
      interactive: false,
      style: { color: looks.site, weight: 2.4, fill: false },
    }).addTo(group);
    /* Outside-a-boundary ground is wide: it lies below what is narrow. */
    [...site.findings]
      .sort((one, other) => Number(other.relation === "must_be_inside") - Number(one.relation === "must_be_inside"))
      .filter((finding) => finding.parts.length)
      .forEach((finding) => makeSpot(finding).addTo(group));
  });
  state.shown = group.addTo(page.map);
  sketch.hideShapes();
  fitTo(group);
  // Not fitted to: one that strayed may lie in another province.
  result.left_out.forEach((entry) => makeStray(entry)?.addTo(group));
}

/**
 * A site that was not judged, where it lies.
 * @param {Answers.LeftOutOut} entry
 */
function makeStray(entry) {
  const place = placeOf(entry);
  if (!place) return null;
  const color = page.config.styles.result.undetermined;
  const style = { radius: 8, color, weight: 3, dashArray: "3 3", fillOpacity: 0.1, className: "left-out" };
  return L.circleMarker(place, { ...style, pane: "result", pmIgnore: true }).bindTooltip(leftOutText(entry), {
    className: "plain",
  });
}

/** @param {string} id */
export const partName = (id) => (id.startsWith("outside-") ? ui("outside_part", { number: id.slice(8) }) : id);
